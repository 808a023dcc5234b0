/** @file Encoder pixels are what the encoders were trained with: Pillow's resizing. */
import sharp from "sharp";
import { expect, test } from "vitest";
import { decoded, fixturePath, meanDifference, testDecoder } from "./test-decoder.ts";

const decoder = testDecoder();

const references = [
	{ picture: "scene.jpg", resize: "stretch", interpolation: "bilinear", side: 96 },
	{ picture: "scene.jpg", resize: "crop", interpolation: "bicubic", side: 96 },
	{ picture: "scene-large.jpg", resize: "stretch", interpolation: "bilinear", side: 96 },
	{ picture: "scene-small.png", resize: "stretch", interpolation: "bilinear", side: 128 },
	{ picture: "scene-small.png", resize: "crop", interpolation: "bicubic", side: 128 },
] as const;

for (const { picture, resize, interpolation, side } of references) {
	test(`${picture} to ${side} pixels by ${resize} and ${interpolation} agrees with Pillow`, async () => {
		const name = picture.replace(/\.\w+$/, `.${resize}-${interpolation}-${side}.png`);
		const reference = await sharp(fixturePath(name)).raw().toBuffer();
		const pixels = { width: side, height: side, resize, interpolation };
		for (const thumbnail of [true, false]) {
			const outcome = await decoder.decode(
				{ filePath: fixturePath(picture) },
				{ pixels, thumbnail },
			);
			expect(meanDifference(decoded(outcome).pixels, reference)).toBeLessThan(0.5);
		}
	});
}

test("pixels are the same whether or not a thumbnail was asked for", async () => {
	const pixels = { width: 64, height: 48, resize: "crop", interpolation: "bilinear" } as const;
	const source = { filePath: fixturePath("scene-large.jpg") };
	const [withThumbnail, without] = await Promise.all(
		[true, false].map((thumbnail) => decoder.decode(source, { pixels, thumbnail })),
	);
	if (withThumbnail === undefined || without === undefined)
		throw new Error("two outcomes expected");
	expect(decoded(without).pixels).toEqual(decoded(withThumbnail).pixels);
	expect(decoded(without).pixels).toHaveLength(64 * 48 * 3);
});
