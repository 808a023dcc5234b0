/** Reads the reference gradients of tests/fixtures/generator. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { openGradientSession } from "../../engine/generator/gradient/gradient-session.ts";
import type { OnnxModel } from "../../engine/generator/gradient/onnx-model.ts";
import { readOnnx } from "../../engine/generator/gradient/read-onnx.ts";

export const fixtures = join(import.meta.dirname, "..", "fixtures", "generator");
export const models = join(import.meta.dirname, "..", "..", "resources", "models");

const schema = z.object({
	shape: z.array(z.number()),
	outputShape: z.array(z.number()),
	loss: z.number(),
	input: z.string(),
	weights: z.string(),
	gradient: z.string(),
	input_name: z.string(),
	output_name: z.string(),
	model: z.string().optional(),
});

export function readModel(path: string): OnnxModel {
	return readOnnx(readFileSync(path), path);
}

export function readFixture(name: string) {
	const json: unknown = JSON.parse(readFileSync(join(fixtures, `${name}.json`), "utf8"));
	const fixture = schema.parse(json);
	const path =
		fixture.model === undefined ? join(fixtures, `${name}.onnx`) : join(models, fixture.model);
	return {
		model: readModel(path),
		inputName: fixture.input_name,
		outputName: fixture.output_name,
		shape: fixture.shape,
		outputShape: fixture.outputShape,
		loss: fixture.loss,
		input: floats(fixture.input),
		weights: floats(fixture.weights),
		gradient: floats(fixture.gradient),
	};
}

function floats(base64: string): Float32Array {
	const bytes = Uint8Array.from(Buffer.from(base64, "base64"));
	return new Float32Array(bytes.buffer);
}

/** A session whose loss is the sum of the model's answer times `weights`, an input. */
export function openWeighted(
	model: OnnxModel,
	names: { input: string; output: string },
	shapes: { input: readonly number[]; output: readonly number[] },
) {
	return openGradientSession(model, {
		input: names.input,
		inputShape: shapes.input,
		extraInputs: { weights: shapes.output },
		loss: (build) => {
			const product = build.add("Mul", [names.output, "weights"]);
			const axes = shapes.output.map((_, axis) => axis);
			return { loss: build.sum(product, axes, false), others: [] };
		},
		threads: 1,
	});
}

/** Length of the difference by the length of the second. */
export function relativeError(actual: Float32Array, expected: Float32Array): number {
	let difference = 0;
	let size = 0;
	for (const [at, value] of expected.entries()) {
		difference += ((actual[at] ?? Number.NaN) - value) ** 2;
		size += value ** 2;
	}
	return Math.sqrt(difference / size);
}

/** Uniform numbers from -1 to 1, always the same. */
export function numbers(count: number, seed = 1): Float32Array {
	let state = Math.imul(seed, 2654435761) >>> 0;
	return Float32Array.from({ length: count }, () => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return state / 2 ** 31 - 1;
	});
}
