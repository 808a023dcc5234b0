/** @file From an export as it is published to a package that searches. See [Note: Derived manifests]. */

import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createDecoder } from "../../engine/decoder/create-decoder.ts";
import type { DualEncoder } from "../../engine/encoder/dual-encoder.ts";
import { loadModelPackage, verifyModelPackage } from "../../engine/encoder/model-package.ts";
import { createDualEncoder } from "../../engine/encoder/onnx-dual-encoder.ts";
import { pictureRule } from "../../engine/encoder/picture-rule.ts";
import { cosine } from "../encoder/starter-package.ts";
import {
	copyOf,
	expectedOf,
	fixtures,
	install,
	installed,
	type Layout,
	layouts,
	scratchFolder,
} from "./layout-packages.ts";

/** Least cosine similarity to vectors computed by other software. */
const leastCosine = 0.9999;

async function lowestOfTexts(encoder: DualEncoder, layout: Layout): Promise<number> {
	const { texts } = expectedOf(layout);
	const embedded = await encoder.embedTexts(texts.map(({ text }) => text));
	return Math.min(...embedded.map(({ vector }, at) => cosine(vector, texts[at]?.vector ?? [])));
}

async function lowestOfPictures(encoder: DualEncoder, layout: Layout): Promise<number> {
	const pixels = pictureRule(encoder.manifest);
	const decoder = createDecoder({ parallelism: 1 });
	const cosines: number[] = [];
	try {
		for (const [name, expected] of Object.entries(expectedOf(layout).pictures)) {
			const filePath = join(fixtures, "pictures", name);
			const outcome = await decoder.decode({ filePath }, { pixels, thumbnail: false });
			if (outcome.kind === "failed") throw new Error(`${name}: ${outcome.message}`);
			const [vector] = await encoder.embedPictures([outcome.pixels.slice()]);
			cosines.push(cosine(vector ?? [], expected));
		}
	} finally {
		await decoder.close();
	}
	expect(cosines).toHaveLength(readdirSync(join(fixtures, "pictures")).length);
	return Math.min(...cosines);
}

describe.each(layouts)(
	"an export in the layout of %s, with nothing but its own files",
	(layout) => {
		it("gives the reference's vectors for texts of 0 to 500 words in several scripts, and for pictures of all shapes, turns and colours", async () => {
			const { path } = await install(copyOf(layout));
			const encoder = createDualEncoder({ packagePath: path });
			try {
				expect(await lowestOfTexts(encoder, layout)).toBeGreaterThan(leastCosine);
				expect(await lowestOfPictures(encoder, layout)).toBeGreaterThan(leastCosine);
			} finally {
				await encoder.close();
			}
		});
	},
);

describe("what is derived", () => {
	it("is CLIP's end of text at 77 tokens, shortest side and crop, and the licence of the model card", async () => {
		const { manifest, path } = await installed("clip");
		expect(manifest).toMatchObject({
			format: 1,
			id: "my-clip",
			title: "my clip",
			licence: "apache-2.0",
			dimensions: 32,
			image: {
				file: "onnx/vision_model.onnx",
				input: "pixel_values",
				output: "image_embeds",
				size: [32, 32],
				resize: "crop",
				interpolation: "bicubic",
				mean: [0.48145466, 0.4578275, 0.40821073],
			},
			text: {
				file: "onnx/text_model.onnx",
				inputs: { ids: "input_ids" },
				output: "text_embeds",
				maxTokens: 77,
				padding: "max",
				padToken: "<|endoftext|>",
				lowercase: false,
			},
		});
		await verifyModelPackage(loadModelPackage(path));
	});

	it("is SigLIP's padding to 64 without a mask, in lower case, and pictures that are stretched", async () => {
		const { manifest } = await installed("siglip");
		expect(manifest.image).toMatchObject({
			output: "pooler_output",
			resize: "stretch",
			interpolation: "bilinear",
		});
		expect(manifest.text).toMatchObject({
			inputs: { ids: "input_ids" },
			output: "pooler_output",
			maxTokens: 64,
			padding: "max",
			padToken: "<pad>",
			lowercase: true,
		});
	});

	it("is a mask, and no padding, where the text tower is BERT's", async () => {
		const { manifest } = await installed("masked");
		expect(manifest.text).toMatchObject({
			inputs: { ids: "input_ids", mask: "attention_mask", types: "token_type_ids" },
			maxTokens: 64,
			padding: "longest",
			masks: "tokens",
		});
		expect(manifest.text.padToken).toBeUndefined();
	});

	it("has a calibration and a temperature of its own", async () => {
		const { manifest } = await installed("siglip");
		expect(manifest.calibration?.text.centre).not.toBeNull();
		expect(manifest.logitScale).toBeGreaterThan(5);
		expect(manifest.logitScale).toBeLessThanOrEqual(100);
	});
});

describe("OpenCLIP's layout", () => {
	it("is read too: a folder a tower, and settings in words of its own", async () => {
		const source = join(fixtures, "clip");
		const folder = join(scratchFolder(), "open-clip");
		for (const name of ["visual", "textual"]) mkdirSync(join(folder, name), { recursive: true });
		copyFileSync(join(source, "onnx/vision_model.onnx"), join(folder, "visual/model.onnx"));
		copyFileSync(join(source, "onnx/text_model.onnx"), join(folder, "textual/model.onnx"));
		for (const name of ["tokenizer.json", "tokenizer_config.json"]) {
			copyFileSync(join(source, name), join(folder, "textual", name));
		}
		const { image } = (await installed("clip")).manifest;
		writeFileSync(
			join(folder, "visual/preprocess_cfg.json"),
			JSON.stringify({
				...{ size: [32, 32], mode: "RGB", mean: image.mean, std: image.std },
				...{ interpolation: "bicubic", resize_mode: "shortest", fill_color: 0 },
			}),
		);
		writeFileSync(
			join(folder, "config.json"),
			JSON.stringify({
				embed_dim: 32,
				vision_cfg: { image_size: 32 },
				text_cfg: { context_length: 77, tokenizer_kwargs: { clean: "canonicalize" } },
			}),
		);
		const { path, manifest } = await install(folder);
		expect(manifest.image).toEqual({ ...image, file: "visual/model.onnx" });
		expect(manifest.text).toMatchObject({
			file: "textual/model.onnx",
			tokenizer: "textual/tokenizer.json",
			maxTokens: 77,
			padding: "max",
			padToken: "<|endoftext|>",
			clean: "canonical",
		});
		const encoder = createDualEncoder({ packagePath: path });
		const [marked, plain] = await encoder.embedTexts(["A dog,  (really)!", "a dog really"]);
		expect(marked?.vector).toEqual(plain?.vector);
		await encoder.close();
	});
});

describe("the form of the towers", () => {
	it("may take one picture at a time", async () => {
		const folder = copyOf("clip");
		copyFileSync(
			join(fixtures, "external", "one_picture.onnx"),
			join(folder, "onnx/vision_model.onnx"),
		);
		const { path } = await install(folder);
		const encoder = createDualEncoder({ packagePath: path });
		const pictures = [0, 1, 2].map((kind) =>
			Uint8Array.from({ length: 32 * 32 * 3 }, (_, at) => (at * (kind + 3)) & 255),
		);
		const vectors = await encoder.embedPictures(pictures);
		const plain = createDualEncoder({ packagePath: (await installed("clip")).path });
		const expected = await plain.embedPictures(pictures);
		for (const [at, vector] of vectors.entries()) {
			expect(cosine(vector, expected[at] ?? [])).toBeGreaterThan(0.99999);
		}
		await Promise.all([encoder.close(), plain.close()]);
	});

	it.each([
		["a single graph of both", /\/model\.onnx$/, "onnx/model.onnx", "onnx/model.onnx"],
		[
			"float16 in and out",
			/_fp16\.onnx$/,
			"onnx/vision_model_fp16.onnx",
			"onnx/text_model_fp16.onnx",
		],
		[
			"int8",
			/_quantized\.onnx$/,
			"onnx/vision_model_quantized.onnx",
			"onnx/text_model_quantized.onnx",
		],
	])("may be %s", async (_, forms, picture, text) => {
		const { path, manifest } = await install(copyOf("clip", forms));
		expect([manifest.image.file, manifest.text.file]).toEqual([picture, text]);
		const encoder = createDualEncoder({ packagePath: path });
		// Rounded weights give other vectors; how far off is a property of the rounding, not of this program.
		const least = forms.source.includes("quantized") ? 0.95 : leastCosine;
		expect(await lowestOfTexts(encoder, "clip")).toBeGreaterThan(least);
		expect(await lowestOfPictures(encoder, "clip")).toBeGreaterThan(least);
		await encoder.close();
	});

	it("is the most exact of several, and the others are not kept", async () => {
		const { path, manifest } = await install(copyOf("clip", /\.onnx$/));
		expect(manifest.image.file).toBe("onnx/vision_model.onnx");
		expect(readdirSync(join(path, "onnx"))).toEqual(["text_model.onnx", "vision_model.onnx"]);
	});

	it("is another one where the most exact is not whole", async () => {
		const folder = copyOf("clip", /\.onnx$/);
		rmSync(join(folder, "onnx/text_model.onnx"));
		const { manifest } = await install(folder);
		// The graph of both is as exact as the one that is gone, and goes before two graphs of unlike precision.
		expect(manifest.text.file).toBe("onnx/model.onnx");
		expect(manifest.image.file).toBe("onnx/model.onnx");
	});
});
