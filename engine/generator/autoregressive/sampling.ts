/** @file Drawing one of many by their logits: temperature, the likeliest k, and the nucleus. */
import type { SeededRandom } from "../picture/random.ts";

export interface Sampling {
	/** Above 1 flatter, below 1 steeper; 0 always takes the likeliest. */
	temperature: number;
	/** Only among so many of the likeliest; at least 1. */
	topK: number;
	/**
	 * Only among the likeliest that together have this share of what is left (nucleus sampling, Holtzman et
	 * al. 2020, arXiv:1904.09751); above 0, up to 1. The likeliest is always among them.
	 */
	topP: number;
}

/** What may be drawn, likeliest first, and how likely each is. */
export interface Choice {
	indices: readonly number[];
	/** Sum 1. */
	probabilities: Float64Array;
}

/** First the temperature, then the likeliest k, then the nucleus; equal logits in the order of their indices. */
export function choiceOf(logits: Float32Array, { temperature, topK, topP }: Sampling): Choice {
	const order = Array.from(logits.keys()).sort(
		(one, other) => (logits[other] ?? 0) - (logits[one] ?? 0) || one - other,
	);
	const likeliest = order.slice(0, temperature > 0 ? topK : 1);
	const highest = logits[likeliest[0] ?? 0] ?? 0;
	const weights = Float64Array.from(likeliest, (index) =>
		temperature > 0 ? Math.exp(((logits[index] ?? 0) - highest) / temperature) : 1,
	);
	const wanted = topP * sumOf(weights);
	let count = 0;
	for (let reached = 0; count < weights.length && (count === 0 || reached < wanted); count++) {
		reached += weights[count] ?? 0;
	}
	const kept = weights.slice(0, count);
	const sum = sumOf(kept);
	return { indices: likeliest.slice(0, count), probabilities: kept.map((weight) => weight / sum) };
}

/** Takes one random number, whatever there is to choose from. */
export function draw({ indices, probabilities }: Choice, random: SeededRandom): number {
	const wanted = random.uniform();
	let reached = 0;
	for (const [at, index] of indices.entries()) {
		reached += probabilities[at] ?? 0;
		if (wanted < reached) return index;
	}
	// Rounding can leave the sum just below 1.
	return indices.at(-1) ?? 0;
}

const sumOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);
