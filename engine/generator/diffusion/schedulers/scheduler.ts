/** @file What every scheduler does: from noise to a picture in so many steps, by a network's guesses. */

export interface Scheduler {
	/** What the network is told for each step, from noise to picture. */
	readonly timesteps: readonly number[];
	/** Noise of deviation 1 times this is what the first step begins with. */
	readonly noiseScale: number;
	/** The latents as the network takes them at step `at`; a copy or the latents themselves. */
	scaled(latents: Float32Array, at: number): Float32Array;
	/** A picture's latents with as much noise as they have before step `at`; without any after the last. */
	noised(picture: Float32Array, noise: Float32Array, at: number): Float32Array;
	/** Steps are taken in their order. @param random standard normal numbers, for schedulers that add noise. */
	step(latents: Float32Array, guess: Float32Array, at: number, random: () => number): Step;
}

export interface Step {
	latents: Float32Array;
	/** The picture as it is foreseen from here. */
	foreseen: Float32Array;
}

/** `first` x a + `second` x b, value by value. */
export function sum(first: Float32Array, a: number, second: Float32Array, b: number): Float32Array {
	return first.map((value, at) => a * value + b * (second[at] ?? 0));
}
