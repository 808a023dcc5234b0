/** @file Prompts as directions in the encoder's space. */
import type { ModelPackage } from "../../encoder/model-package.ts";
import { openTextTower } from "../../encoder/text-tower.ts";
import type { WeightedPrompt } from "../picture-generator.ts";

/** What a prompt says, in the encoder's space. */
export interface Target {
	/** Float32 [dimensions], unit length. */
	vector: Float32Array;
	/** Below 0: away from it. */
	weight: number;
}

/** @throws Refusal MODEL_UNAVAILABLE when the text half cannot be opened. */
export async function readPrompts(
	prompts: readonly WeightedPrompt[],
	modelPackage: ModelPackage,
	threads: number,
): Promise<{ targets: Target[]; shortened: boolean }> {
	const tower = await openTextTower(modelPackage, threads);
	const { vectors, shortened } = await tower.embed(prompts.map(({ text }) => text));
	await tower.close();
	const { dimensions } = modelPackage.manifest;
	const targets = prompts.map(({ weight }, at) => ({
		vector: vectors.slice(at * dimensions, (at + 1) * dimensions),
		weight,
	}));
	return { targets, shortened: shortened.some(Boolean) };
}

/**
 * The weighted sum of the prompts of one sign, unit length.
 * @returns null when there is none of that sign, or they cancel each other out.
 */
export function directionOf(
	targets: readonly Target[],
	sign: "positive" | "negative",
): Float32Array | null {
	const chosen = targets.filter(({ weight }) => weight > 0 === (sign === "positive"));
	const sum = new Float32Array(chosen[0]?.vector.length ?? 0);
	for (const { vector, weight } of chosen) {
		for (const [at, value] of vector.entries()) sum[at] = (sum[at] ?? 0) + Math.abs(weight) * value;
	}
	const length = Math.hypot(...sum);
	return length < 1e-6 ? null : sum.map((value) => value / length);
}
