/** @file The layouts of models that draw, as they are published: which a package has, and whether it is whole. */
import { assertNever, Refusal } from "../../../contract/errors.ts";
import {
	checkJanusGraphs,
	isJanusLayout,
	readJanusPackage,
} from "../autoregressive/janus/janus-package.ts";
import {
	checkPipelineGraphs,
	isPipelineLayout,
	readPipelinePackage,
} from "../diffusion/pipeline/pipeline-package.ts";

/** `pipeline` is Stable Diffusion's. */
export type GeneratorLayout = "pipeline" | "janus";

/** @param names of a package's files, with forward slashes; null for those of nothing that draws here */
export function generatorLayoutOf(names: readonly string[]): GeneratorLayout | null {
	if (isPipelineLayout(names)) return "pipeline";
	return isJanusLayout(names) ? "janus" : null;
}

/**
 * Looks at everything but the weights.
 * @throws Refusal MODEL_UNAVAILABLE or MODEL_DAMAGED naming the file, and the field where one is at fault.
 */
export async function checkGeneratorPackage(
	folder: string,
	layout: GeneratorLayout,
): Promise<void> {
	switch (layout) {
		case "pipeline":
			return checkPipelineGraphs(readPipelinePackage(folder));
		case "janus":
			return checkJanusGraphs(readJanusPackage(folder));
		default:
			return assertNever(layout);
	}
}

/** Why an installed package cannot be drawn with, read from settings and names of files; null where it can. */
export function whyNotDrawable(folder: string, names: readonly string[]): string | null {
	const layout = generatorLayoutOf(names);
	if (layout === null) {
		return "This version draws with models in the ONNX layouts of Stable Diffusion (folders such as unet and vae_decoder) and of Janus-Pro (onnx/gen_head.onnx and others).";
	}
	try {
		if (layout === "pipeline") readPipelinePackage(folder);
		else readJanusPackage(folder);
		return null;
	} catch (error) {
		if (error instanceof Refusal) return error.message;
		throw error;
	}
}
