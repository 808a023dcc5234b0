/**
 * @file Rectified flow (Liu et al. 2022, arXiv:2209.03003): a straight line from a picture at time 0 to
 * noise at time 1, followed back by Euler steps along a network's velocity.
 */
import { guidedAnswer, type Lead } from "../guidance.ts";

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

/** The velocity led by the prompts, as long as guidance helps. */
export function guidedVelocity(
	free: Float32Array,
	leads: readonly Lead[],
	guidance: number,
	time: number,
): Float32Array {
	return guidedAnswer(free, leads, time > guidedDownTo ? guidance : 1);
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
