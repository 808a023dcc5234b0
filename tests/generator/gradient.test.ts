/** Gradients by ONNX graph agree with PyTorch's and with finite differences. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Refusal } from "../../contract/errors.ts";
import { openGradientSession } from "../../engine/generator/gradient/gradient-session.ts";
import {
	models,
	numbers,
	openWeighted,
	readFixture,
	readModel,
	relativeError,
} from "./gradient-fixture.ts";

describe("the gradient agrees with PyTorch's", () => {
	test.each([
		["a small convolutional encoder", "convolutional"],
		["a small vision transformer", "transformer"],
		["a small decoder", "decoder"],
		["the bundled encoder", "bundled-encoder"],
	])("for %s", async (_, name) => {
		const fixture = readFixture(name);
		const session = await openWeighted(
			fixture.model,
			{ input: fixture.inputName, output: fixture.outputName },
			{ input: fixture.shape, output: fixture.outputShape },
		);
		const { loss, gradient } = await session.run({
			[fixture.inputName]: fixture.input,
			weights: fixture.weights,
		});
		expect(Math.abs(loss - fixture.loss)).toBeLessThan(1e-4 * (1 + Math.abs(fixture.loss)));
		expect(relativeError(gradient, fixture.gradient)).toBeLessThan(1e-4);
		await session.close();
	});
});

describe("the gradient agrees with finite differences", () => {
	test("of the bundled encoder, along the gradient", async () => {
		const shape = [2, 3, 64, 64];
		const model = readModel(join(models, "starter", "onnx", "vision_model.onnx"));
		await agrees(model, ["pixel_values", "image_embeds"], shape, [2, 384]);
	});

	test("of the bundled autoencoder's decoder, along the gradient", async () => {
		const model = readModel(join(models, "sketch-autoencoder", "onnx", "decoder.onnx"));
		await agrees(model, ["latents", "unclipped_pixels"], [1, 4, 16, 16], [1, 3, 128, 128]);
	});

	async function agrees(
		model: ReturnType<typeof readModel>,
		[input, output]: [string, string],
		shape: number[],
		outputShape: number[],
	): Promise<void> {
		const session = await openWeighted(
			model,
			{ input, output },
			{ input: shape, output: outputShape },
		);
		const size = shape.reduce((product, side) => product * side, 1);
		const outputSize = outputShape.reduce((product, side) => product * side, 1);
		const at = numbers(size);
		const weights = numbers(outputSize, 2);
		const gradient = Float32Array.from((await session.run({ [input]: at, weights })).gradient);
		const slope = Math.sqrt(gradient.reduce((sum, value) => sum + value * value, 0));
		const step = 1e-3;
		const moved = async (by: number) => {
			const place = at.map((value, index) => value + (by * (gradient[index] ?? 0)) / slope);
			return (await session.run({ [input]: place, weights })).loss;
		};
		const measured = ((await moved(step)) - (await moved(-step))) / (2 * step);
		expect(Math.abs(measured / slope - 1)).toBeLessThan(1e-2);
		await session.close();
	}
});

test("a text model is refused with its operators named", async () => {
	const model = readModel(join(models, "starter", "onnx", "text_model_quantized.onnx"));
	const opening = openGradientSession(model, {
		input: "attention_mask",
		inputShape: [1, 4],
		extraInputs: {},
		loss: (build) => ({ loss: build.sum("text_embeds", [0, 1], false), others: [] }),
		threads: 1,
	});
	await expect(opening).rejects.toThrow(/takes input_ids, attention_mask/);
	await expect(opening).rejects.toThrow(Refusal);
});
