/** @file The bundled encoder against vectors computed by other software. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { loadModelPackage } from "../../engine/encoder/model-package.ts";
import { createDualEncoder } from "../../engine/encoder/onnx-dual-encoder.ts";
import { createTextLayout } from "../../engine/encoder/text-layout.ts";
import { cosine, starterPath, starterReference, syntheticPicture } from "./starter-package.ts";

describe("the starter encoder", () => {
	const encoder = createDualEncoder({ packagePath: starterPath });
	const pictures = [0, 1, 2].map(syntheticPicture);
	afterAll(() => encoder.close());

	it("loads nothing before it is used", () => {
		expect(encoder.status()).toMatchObject({ state: "idle", provider: null, problem: null });
	});

	it("gives the reference's vectors for texts, however long and in whatever script", async () => {
		const embedded = await encoder.embedTexts(starterReference.texts.map(({ text }) => text));
		for (const [at, { vector, shortened }] of embedded.entries()) {
			const expected = starterReference.texts[at];
			// An int8 graph rounds differently on processors with other integer instructions.
			expect(cosine(vector, expected?.vector ?? [])).toBeGreaterThan(0.999);
			expect(shortened).toBe(expected?.shortened);
		}
		expect(embedded).toHaveLength(starterReference.texts.length);
	});

	it("gives the reference's vectors for pictures", async () => {
		const vectors = await encoder.embedPictures(pictures);
		for (const [at, vector] of vectors.entries()) {
			expect(cosine(vector, starterReference.pictures[at] ?? [])).toBeGreaterThan(0.9999);
		}
		expect(encoder.status()).toMatchObject({ state: "ready", provider: "cpu" });
	});

	it("reads a text as the same tokens as the reference tokenizer", () => {
		const { manifest } = loadModelPackage(starterPath);
		const tokenizer = readFileSync(join(starterPath, manifest.text.tokenizer), "utf8");
		const layout = createTextLayout(JSON.parse(tokenizer), manifest.text);
		for (const { text, ids, shortened } of starterReference.texts) {
			expect(layout(text)).toEqual({ ids, mask: ids.map(() => 1), shortened });
		}
	});

	it("gives vectors of unit length and the manifest's dimensions", async () => {
		const [text] = await encoder.embedTexts([""]);
		const [picture] = await encoder.embedPictures(pictures);
		for (const vector of [text?.vector ?? [], picture ?? []]) {
			expect(vector).toHaveLength(encoder.manifest.dimensions);
			expect(cosine(vector, vector)).toBeCloseTo(1, 5);
		}
	});

	it("gives the same vectors alone and in company", async () => {
		const many = await encoder.embedPictures([...pictures, ...pictures, ...pictures, ...pictures]);
		for (const [at, picture] of pictures.entries()) {
			const [alone] = await encoder.embedPictures([picture]);
			expect(cosine(alone ?? [], many[at + 9] ?? [])).toBeGreaterThan(0.999999);
			expect(cosine(alone ?? [], many[at] ?? [])).toBeGreaterThan(0.999999);
		}
		const words = ["a dog", "beach ".repeat(70), "", "a dog"];
		const texts = await encoder.embedTexts(words);
		const [dog] = await encoder.embedTexts(["a dog"]);
		expect(texts[0]).toEqual(dog);
		expect(texts[3]).toEqual(dog);
	});

	it("serves calls that overlap, each with its own answer", async () => {
		const [first, texts, second] = await Promise.all([
			encoder.embedPictures(pictures.slice(0, 1)),
			encoder.embedTexts(["beach at sunset"]),
			encoder.embedPictures(pictures.slice(1, 2)),
		]);
		expect(cosine(first[0] ?? [], starterReference.pictures[0] ?? [])).toBeGreaterThan(0.9999);
		expect(cosine(second[0] ?? [], starterReference.pictures[1] ?? [])).toBeGreaterThan(0.9999);
		expect(texts).toHaveLength(1);
	});

	it("leaves the caller's pixels as they are and takes none of another size", async () => {
		const [picture] = pictures;
		await encoder.embedPictures(pictures.slice(0, 1));
		expect(picture).toEqual(syntheticPicture(0));
		await expect(encoder.embedPictures([new Uint8Array(5)])).rejects.toThrow(RangeError);
		expect(await encoder.embedPictures([])).toEqual([]);
		expect(await encoder.embedTexts([])).toEqual([]);
	});

	it("reads a text of 10,000 characters, saying that it was shortened", async () => {
		const [embedded] = await encoder.embedTexts(["a sentence that does not end ".repeat(345)]);
		expect(embedded?.shortened).toBe(true);
	});
});
