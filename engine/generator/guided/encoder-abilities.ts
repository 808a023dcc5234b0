/** @file Whether an encoder's picture half can guide by gradients, and by pictures of what size. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ModelPackage } from "../../encoder/model-package.ts";
import { operatorsWithoutRule } from "../gradient/differentiate.ts";
import { elementType } from "../gradient/onnx-model.ts";
import { readOnnx } from "../gradient/read-onnx.ts";

export interface EncoderAbilities {
	/** False: it can only be asked, not followed. */
	gradients: boolean;
	/** True when its graph leaves the picture's height and width open. */
	anySide: boolean;
}

/** @throws Refusal MODEL_UNAVAILABLE when the graph cannot be read. */
export function encoderAbilities({ manifest, path: folder }: ModelPackage): EncoderAbilities {
	const { image } = manifest;
	const path = join(folder, image.file);
	const { graph } = readOnnx(readFileSync(path), path);
	const input = graph.inputs.find(({ name }) => name === image.input);
	const outside = operatorsWithoutRule(graph, image.input, image.output);
	return {
		gradients: input?.elementType === elementType.float32 && outside.length === 0,
		anySide: input?.shape?.slice(2).every((side) => typeof side === "string") ?? false,
	};
}
