/** Chunks of PNG files, and what drawn files say of themselves. */
import fc from "fast-check";
import sharp from "sharp";
import { expect, test } from "vitest";
import { nothingGiven } from "../../engine/generator/given-pictures.ts";
import { readChunks, textChunk, textOf, withChunks } from "../../engine/generator/png-chunks.ts";
import { drawnFile, readProvenance } from "../../engine/generator/provenance.ts";

const picture = { width: 8, height: 8, pixels: new Uint8Array(8 * 8 * 3).fill(90) };
const settings = {
	family: "guided" as const,
	prompts: [{ text: "a boat", weight: 1 }],
	seed: 1,
	width: 64,
	height: 64,
	steps: 2,
	palette: [],
	canvas: null,
	finish: null,
	strength: null,
	masked: false,
	guidance: null,
	sampling: null,
	candidates: null,
	package: null,
};

test("any text comes out of a file as it went in, and the picture stays readable", async () => {
	const plain = await sharp(picture.pixels, { raw: { width: 8, height: 8, channels: 3 } })
		.png()
		.toBuffer();
	await fc.assert(
		fc.asyncProperty(fc.string({ unit: "grapheme" }), async (text) => {
			const bytes = withChunks(plain, [textChunk("Afterimage", text)]);
			expect(textOf(readChunks(bytes) ?? [], "Afterimage")).toBe(text);
			expect((await sharp(bytes).raw().toBuffer()).equals(Buffer.from(picture.pixels))).toBe(true);
		}),
		{ numRuns: 30 },
	);
});

test("a prompt of any characters is read back from the file", async () => {
	await fc.assert(
		fc.asyncProperty(fc.string({ unit: "binary", minLength: 1 }), async (text) => {
			const own = { ...settings, prompts: [{ text, weight: 1 }] };
			const bytes = await drawnFile(picture, { settings: own, packages: [], ...nothingGiven });
			expect(readProvenance(bytes).settings).toEqual(own);
		}),
		{ numRuns: 30 },
	);
});

test("other programs can tell from the file that no camera was there", async () => {
	const bytes = await drawnFile(picture, { settings, packages: [], ...nothingGiven });
	const { xmp, comments } = await sharp(bytes).metadata();
	expect(String(xmp)).toContain("digitalsourcetype/trainedAlgorithmicMedia");
	expect(comments).toContainEqual({ keyword: "Description", text: "a boat" });
});

test("a damaged, cut or foreign file is refused and never half read", async () => {
	const bytes = await drawnFile(picture, { settings, packages: [], ...nothingGiven });
	fc.assert(
		fc.property(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, by) => {
			const broken = Uint8Array.from(bytes);
			broken[at] = (broken[at] ?? 0) ^ by;
			expect(() => readProvenance(broken)).toThrow(/not a whole PNG|does not say/);
			expect(() => readProvenance(bytes.subarray(0, at))).toThrow(/not a whole PNG/);
		}),
	);
	const foreign = await sharp(Buffer.from(bytes)).png().toBuffer();
	expect(() => readProvenance(foreign)).toThrow(/does not say how it was drawn/);
});
