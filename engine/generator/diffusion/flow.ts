/**
 * @file Rectified flow (Liu et al. 2022, arXiv:2209.03003): a straight line from a picture at time 0 to
 * noise at time 1, followed back by Euler steps along a network's velocity.
 */

/** Guidance at the end of the flow would only sharpen noise. */
const guidedDownTo = 0.1;

/** The line's point at `time`. */
export function mixedWithNoise(
	picture: Float32Array,
	noise: Float32Array,
	time: number,
): Float32Array {
	return picture.map((value, at) => (1 - time) * value + time * (noise[at] ?? 0));
}

/** `steps` + 1 evenly spaced times from `from` to 0. */
export function timesFrom(from: number, steps: number): number[] {
	return Array.from({ length: steps + 1 }, (_, at) => from * (1 - at / steps));
}

/** What a velocity without a condition is led towards, or with a negative weight away from. */
export interface Lead {
	velocity: Float32Array;
	weight: number;
}

/**
 * Classifier-free guidance (Ho and Salimans 2022, arXiv:2207.12598) with several conditions, each by its
 * weight, as Composable Diffusion adds and negates them (Liu et al. 2022, arXiv:2206.01714):
 * free + guidance x sum of weight x (velocity - free).
 */
export function guidedVelocity(
	free: Float32Array,
	leads: readonly Lead[],
	guidance: number,
	time: number,
): Float32Array {
	const strength = time > guidedDownTo ? guidance : 1;
	return free.map((value, at) => {
		let sum = value;
		for (const { velocity, weight } of leads) {
			// Without guidance there is nothing to be led away from.
			const factor = weight > 0 ? strength : strength - 1;
			sum += factor * weight * ((velocity[at] ?? 0) - value);
		}
		return sum;
	});
}

/** One Euler step, in place. */
export function stepAlong(
	latents: Float32Array,
	velocity: Float32Array,
	time: number,
	following: number,
): void {
	for (const [at, value] of velocity.entries()) {
		latents[at] = (latents[at] ?? 0) + (following - time) * value;
	}
}

/** Where the line from here would end: the picture as it is foreseen now. */
export function foreseen(
	latents: Float32Array,
	velocity: Float32Array,
	time: number,
): Float32Array {
	return latents.map((value, at) => value - time * (velocity[at] ?? 0));
}
