/** @file Repeatable unit vectors, and the simplest possible search to compare with. */
import type { Neighbour, VectorSpace } from "../../engine/index/vector-index.ts";

export const space: VectorSpace = { encoderKey: "tests-1-abc", dimensions: 16 };

/** Unit vectors that depend on the seed alone (mulberry32, then Box and Muller). */
export function randomVectors(seed: number, dimensions = space.dimensions): () => Float32Array {
	let state = seed >>> 0;
	const uniform = () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
	return () => {
		const vector = Float32Array.from({ length: dimensions }, () => {
			return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
		});
		const length = Math.hypot(...vector);
		return vector.map((value) => value / length);
	};
}

export function naiveSearch(
	vectors: ReadonlyMap<number, Float32Array>,
	query: Float32Array,
	count: number,
	allowed?: ReadonlySet<number>,
): Neighbour[] {
	return [...vectors]
		.filter(([label]) => allowed === undefined || allowed.has(label))
		.map(([label, vector]) => ({
			label,
			similarity: vector.reduce((sum, value, at) => sum + value * (query[at] ?? 0), 0),
		}))
		.sort((a, b) => b.similarity - a.similarity || a.label - b.label)
		.slice(0, count);
}
