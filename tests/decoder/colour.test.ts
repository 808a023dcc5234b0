/** @file Colours: profiles become sRGB, transparency becomes white, depth becomes eight bits. */
import sharp, { type Color, type Sharp } from "sharp";
import { expect, test } from "vitest";
import { decoded, fixturePath, meanDifference, small, testDecoder } from "./test-decoder.ts";

const decoder = testDecoder();
const flat = (background: Color, channels: 3 | 4 = 3): Sharp =>
	sharp({ create: { width: 40, height: 30, channels, background } });

async function colourOf(bytes: Uint8Array): Promise<number[]> {
	return [...decoded(await decoder.decode({ bytes }, small)).pixels.subarray(0, 3)];
}

function isNear(actual: number[], wanted: number[], tolerance: number): void {
	for (const [channel, value] of wanted.entries()) {
		expect(Math.abs((actual[channel] ?? -999) - value)).toBeLessThanOrEqual(tolerance);
	}
}

test("a Display P3 picture shows the colour it was made from", async () => {
	for (const colour of [
		{ r: 200, g: 80, b: 40 },
		{ r: 30, g: 140, b: 200 },
		{ r: 128, g: 128, b: 128 },
	]) {
		const bytes = await flat(colour).withIccProfile("p3").png().toBuffer();
		const unconverted = await sharp(bytes, { ignoreIcc: true }).raw().toBuffer();
		if (colour.r !== colour.g) expect(unconverted[0]).not.toBe(colour.r);
		isNear(await colourOf(bytes), [colour.r, colour.g, colour.b], 2);
	}
});

test("matrix profiles agree with the colour engine on a whole picture", async () => {
	const bytes = await sharp(fixturePath("scene-large.jpg"))
		.resize(256, 256)
		.withIccProfile("p3")
		.png()
		.toBuffer();
	const pixels = { width: 256, height: 256, resize: "stretch", interpolation: "bilinear" } as const;
	const photo = decoded(await decoder.decode({ bytes }, { pixels, thumbnail: true }));
	expect(meanDifference(photo.pixels, await sharp(bytes).raw().toBuffer())).toBeLessThan(0.5);
	const thumbnail = await sharp(photo.thumbnail ?? Buffer.alloc(0))
		.raw()
		.toBuffer();
	expect(meanDifference(thumbnail, photo.pixels)).toBeLessThan(4);
});

test("a CMYK JPEG becomes RGB", async () => {
	const bytes = await flat("#2060c0").toColourspace("cmyk").jpeg({ quality: 95 }).toBuffer();
	expect((await sharp(bytes).metadata()).space).toBe("cmyk");
	const [red = 0, green = 0, blue = 0] = await colourOf(bytes);
	expect(blue).toBeGreaterThan(green);
	expect(green).toBeGreaterThan(red);
});

test("transparent places are white", async () => {
	const clear = { r: 255, g: 0, b: 0, alpha: 0 };
	const half = { r: 255, g: 0, b: 0, alpha: 0.5 };
	isNear(await colourOf(await flat(clear, 4).png().toBuffer()), [255, 255, 255], 0);
	isNear(await colourOf(await flat(half, 4).png().toBuffer()), [255, 127, 127], 2);
	isNear(
		await colourOf(await flat(half, 4).webp({ lossless: true }).toBuffer()),
		[255, 127, 127],
		2,
	);
});

test("grey and 16-bit pictures give three channels of eight bits", async () => {
	const grey = flat("#808080");
	const greyJpeg = await grey.clone().toColourspace("b-w").jpeg({ quality: 95 }).toBuffer();
	expect((await sharp(greyJpeg).metadata()).channels).toBe(1);
	isNear(await colourOf(greyJpeg), [128, 128, 128], 2);
	isNear(
		await colourOf(await grey.clone().toColourspace("grey16").png().toBuffer()),
		[128, 128, 128],
		2,
	);
	const deep = await flat("#c86428").toColourspace("rgb16").png().toBuffer();
	expect((await sharp(deep).metadata()).depth).toBe("ushort");
	isNear(await colourOf(deep), [200, 100, 40], 2);
});
