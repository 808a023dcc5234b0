/** @file Packages whose graphs give back what they were fed. See [Note: Text layouts]. */
import { afterEach, describe, expect, it } from "vitest";
import type { DualEncoder } from "../../engine/encoder/dual-encoder.ts";
import { createDualEncoder } from "../../engine/encoder/onnx-dual-encoder.ts";
import { fixturePackage } from "./starter-package.ts";

const opened: DualEncoder[] = [];
afterEach(async () => {
	for (const encoder of opened.splice(0)) await encoder.close();
});

function open(name: Parameters<typeof fixturePackage>[0]): DualEncoder {
	const encoder = createDualEncoder({ packagePath: fixturePackage(name) });
	opened.push(encoder);
	return encoder;
}

/** The graph's numbers before they were scaled to unit length, given the first of them. */
function unscaled(vector: Float32Array | undefined, first: number): number[] {
	const scale = first / (vector?.[0] ?? 0);
	return Array.from(vector ?? [], (value) => Math.round(value * scale * 1000) / 1000);
}

function padded(values: number[], length: number, padding: number): number[] {
	return [...values, ...Array.from({ length: length - values.length }, () => padding)];
}

describe("a CLIP-like package", () => {
	it("gets 77 tokens, padded with the end of text", async () => {
		const [cat] = await open("clip-like").embedTexts(["a red CAT"]);
		expect(unscaled(cat?.vector, 6)).toEqual(padded([6, 0, 3, 1, 7], 77, 7));
		expect(cat?.shortened).toBe(false);
	});

	it("keeps the end of text when a text is shortened", async () => {
		const [long] = await open("clip-like").embedTexts(["dog ".repeat(100)]);
		const words = Array.from({ length: 75 }, () => 2);
		expect(unscaled(long?.vector, 6)).toEqual([6, ...words, 7]);
		expect(long?.shortened).toBe(true);
	});

	it("fits a text of exactly the limit without shortening it", async () => {
		const [full] = await open("clip-like").embedTexts(["dog ".repeat(75)]);
		expect(full?.shortened).toBe(false);
	});

	it("gets pictures by channel, row and column, with mean and deviation taken out", async () => {
		const pixels = Uint8Array.from({ length: 48 }, (_, at) => at * 5);
		const [vector] = await open("clip-like").embedPictures([pixels]);
		const expected = [0.5, 0.4, 0.3].flatMap((mean, channel) =>
			Array.from({ length: 16 }, (_, pixel) => {
				const value = (pixels[pixel * 3 + channel] ?? 0) / 255;
				return Math.round(((value - mean) / ([0.25, 0.2, 0.1][channel] ?? 1)) * 1000) / 1000;
			}),
		);
		const actual = unscaled(vector, -2);
		expect(actual.slice(48).every((value) => value === 0)).toBe(true);
		for (const [at, value] of expected.entries()) expect(actual[at]).toBeCloseTo(value, 2);
	});
});

describe("a SigLIP-like package", () => {
	it("gets 64 int32 tokens in lower case, padded and without a mask", async () => {
		const [cats] = await open("siglip-like").embedTexts(["Red CATS"]);
		expect(unscaled(cats?.vector, 6)).toEqual(padded([6, 4, 7, 1], 64, 0));
	});

	it("keeps its end token when a text is shortened", async () => {
		const [long] = await open("siglip-like").embedTexts(["dog ".repeat(100).trim()]);
		expect(unscaled(long?.vector, 5)).toEqual([...Array.from({ length: 63 }, () => 5), 1]);
		expect(long?.shortened).toBe(true);
	});

	it("embeds a text with no words", async () => {
		const [empty] = await open("siglip-like").embedTexts([""]);
		expect(unscaled(empty?.vector, 1)).toEqual(padded([1], 64, 0));
	});
});

describe("a package with a mask, padded to the limit", () => {
	it("gets a mask that covers the tokens and not the padding", async () => {
		const [dog] = await open("masked").embedTexts(["dog"]);
		expect(unscaled(dog?.vector, 1006)).toEqual(padded([1006, 1002, 1007], 77, 5));
	});
});
