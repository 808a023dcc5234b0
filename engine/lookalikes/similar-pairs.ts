/** @file Pairs that the encoder finds very similar: copies whose hashes a tilt has changed are among them. */
import { setImmediate } from "node:timers/promises";
import type { CandidatePair } from "./candidate-pairs.ts";

/** Above this many photos comparing all with all would take too long. */
const mostPhotos = 3000;
const leastSimilarity = 0.8;
/** Other work gets a turn after so many photos. */
const photosAtATime = 20;

/**
 * @param vectors Float32 [dimensions] of unit length each; null where there is none
 * @returns every pair once; none at all in a library that is too large for it
 */
export async function similarPairs(
	vectors: readonly (Float32Array | null)[],
): Promise<CandidatePair[]> {
	const found: CandidatePair[] = [];
	if (vectors.length > mostPhotos) return found;
	for (const [first, one] of vectors.entries()) {
		if (first % photosAtATime === 0) await setImmediate();
		if (one === null) continue;
		for (let second = first + 1; second < vectors.length; second += 1) {
			const other = vectors[second];
			if (other && innerProduct(one, other) > leastSimilarity) found.push({ first, second });
		}
	}
	return found;
}

function innerProduct(one: Float32Array, other: Float32Array): number {
	let sum = 0;
	for (let at = 0; at < one.length; at += 1) sum += (one[at] ?? 0) * (other[at] ?? 0);
	return sum;
}
