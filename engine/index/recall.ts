/** @file How much of the truth an approximate index finds on the library it serves. */
import type { ExactIndex } from "./exact-index.ts";
import type { VectorIndex } from "./vector-index.ts";

/** Own vectors taken as starting points of queries. */
const mostQueries = 200;
const neighbourCount = 10;

/**
 * Queries of three kinds in turn: a photo of the library, one like it (cosine about 0.7), and one far
 * from all photos, as the embedding of a text is (about 0.3). A graph is weakest at the last kind.
 * @returns recall at 10: the mean share of the true ten nearest that `index` finds; 1 when empty.
 */
export async function measureRecallAt10(index: VectorIndex, exact: ExactIndex): Promise<number> {
	const labels = exact.labels();
	const count = Math.min(mostQueries, labels.length);
	const random = repeatableNoise(labels.length);
	let found = 0;
	let expected = 0;
	for (let at = 0; at < count; at++) {
		const vector = exact.vectorOf(labels[Math.floor((at * labels.length) / count)] ?? 0);
		if (vector === null) continue;
		const query = perturbed(vector, [0, 1, 3][at % 3] ?? 0, random);
		const truth = await exact.search(query, neighbourCount);
		const answer = new Set((await index.search(query, neighbourCount)).map(({ label }) => label));
		found += truth.filter(({ label }) => answer.has(label)).length;
		expected += truth.length;
	}
	return expected === 0 ? 1 : found / expected;
}

/** A unit vector: `vector` plus noise `strength` times as long. */
function perturbed(vector: Float32Array, strength: number, random: () => number): Float32Array {
	const scale = strength * Math.sqrt(3 / vector.length);
	const moved = vector.map((value) => value + scale * random());
	const length = Math.sqrt(moved.reduce((sum, value) => sum + value * value, 0));
	return moved.map((value) => value / (length || 1));
}

/** Numbers in -1..1 that are the same in every run (a linear congruential generator mod 2^32). */
function repeatableNoise(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return state / 2 ** 31 - 1;
	};
}
