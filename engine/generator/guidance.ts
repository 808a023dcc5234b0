/**
 * @file Classifier-free guidance (Ho and Salimans 2022, arXiv:2207.12598): a model asked with and without
 * a condition is led along the difference, beyond what it answers of itself.
 */
import { directionOf, type Target } from "./judging/targets.ts";
import type { WeightedPrompt } from "./picture-generator.ts";

/** What a model is asked with: nothing, and each thing to be led towards or away from. */
export interface LeadingConditions {
	/** Zeros, [dimensions]. */
	free: Float32Array;
	leads: readonly { condition: Float32Array; weight: number }[];
}

/** What is to be seen as one direction; what is to be avoided each by itself, by its weight. */
export function conditionsOf(targets: readonly Target[], dimensions: number): LeadingConditions {
	const wanted = directionOf(targets, "positive");
	const avoided = targets.filter(({ weight }) => weight < 0);
	return {
		free: new Float32Array(dimensions),
		leads: [
			...(wanted === null ? [] : [{ condition: wanted, weight: 1 }]),
			...avoided.map(({ vector, weight }) => ({ condition: vector, weight })),
		],
	};
}

/** How many conditions these prompts come to: nothing, what is wanted, and each thing to avoid. */
export function conditionCount(prompts: readonly Pick<WeightedPrompt, "weight">[]): number {
	return 2 + prompts.filter(({ weight }) => weight < 0).length;
}

/** What the model answers under a condition, led towards, or with a negative weight away from. */
export interface Lead {
	answer: Float32Array;
	weight: number;
}

/**
 * Several conditions, each by its weight, as Composable Diffusion adds and negates them (Liu et al. 2022,
 * arXiv:2206.01714): free + guidance x sum of weight x (answer - free).
 */
export function guidedAnswer(
	free: Float32Array,
	leads: readonly Lead[],
	guidance: number,
): Float32Array {
	return free.map((value, at) => {
		let sum = value;
		for (const { answer, weight } of leads) {
			// Without guidance there is nothing to be led away from.
			const factor = weight > 0 ? guidance : guidance - 1;
			sum += factor * weight * ((answer[at] ?? 0) - value);
		}
		return sum;
	});
}
