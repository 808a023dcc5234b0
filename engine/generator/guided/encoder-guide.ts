/**
 * @file The encoder as a guide: how far views of a picture are from what the prompts say, and which
 * way each pixel would have to go.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ModelPackage } from "../../encoder/model-package.ts";
import { type GradientSession, openGradientSession } from "../gradient/gradient-session.ts";
import { readOnnx } from "../gradient/read-onnx.ts";
import type { Target } from "../judging/targets.ts";

export interface GuideAnswer {
	/** [views, targets], cosines. */
	similarities: Float32Array;
	/** Of the loss, by the views' values; in their shape. Valid until the next call. */
	gradient: Float32Array;
}

export interface EncoderGuide {
	/** @param views float32 [count, 3, side, side], normalised. */
	look(views: Float32Array): Promise<GuideAnswer>;
	close(): Promise<void>;
}

/**
 * The loss is the mean over views of the sum over prompts of weight x angle^2 / 2, which for unit
 * vectors is Pixray's and VQGAN+CLIP's 2 asin(|x - t| / 2)^2.
 * @throws Refusal MODEL_UNAVAILABLE when the encoder has no gradient.
 */
export async function openEncoderGuide(
	modelPackage: ModelPackage,
	targets: readonly Target[],
	views: { count: number; side: number },
	threads: number,
): Promise<EncoderGuide> {
	const { image, dimensions } = modelPackage.manifest;
	const path = join(modelPackage.path, image.file);
	const count = targets.length;
	const matrix = new Float32Array(dimensions * count);
	for (const [column, { vector }] of targets.entries()) {
		for (let row = 0; row < dimensions; row++) matrix[row * count + column] = vector[row] ?? 0;
	}
	const session: GradientSession = await openGradientSession(readOnnx(readFileSync(path), path), {
		input: image.input,
		inputShape: [views.count, 3, views.side, views.side],
		extraInputs: {},
		threads,
		loss: (build) => {
			const length = build.add("ReduceL2", [image.output, build.ints([1])], { keepdims: 1 });
			const unit = build.add("Div", [image.output, length]);
			const similarities = build.add("MatMul", [unit, build.floats([dimensions, count], matrix)]);
			// The angle's derivative has no bound where two vectors are the same or opposite.
			const inside = build.add("Clip", [similarities, build.scalar(-0.999), build.scalar(0.999)]);
			const angle = build.add("Acos", [inside]);
			const squared = build.add("Mul", [angle, angle]);
			const weights = Float32Array.from(targets, ({ weight }) => weight / 2 / views.count);
			const weighted = build.add("Mul", [squared, build.floats([count], weights)]);
			return { loss: build.sum(weighted, [0, 1], false), others: [similarities] };
		},
	});
	return {
		async look(values) {
			const { gradient, others } = await session.run({ [image.input]: values });
			return { gradient, similarities: others[0] ?? new Float32Array(0) };
		},
		close: () => session.close(),
	};
}
