/** @file Every format, whatever the file is called, upright, with thumbnail, hash and size. */
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { encode } from "bmp-ts";
import sharp, { type Sharp } from "sharp";
import { expect, test } from "vitest";
import {
	decoded,
	fixturePath,
	pixelAt,
	small,
	temporaryFolder,
	testDecoder,
} from "./test-decoder.ts";

const decoder = testDecoder();
const folder = await temporaryFolder();

/** 80 x 48: red left half, blue right half, a green corner at the top left. */
const drawing = sharp(
	Buffer.from(
		'<svg xmlns="http://www.w3.org/2000/svg" width="80" height="48"><rect width="40" height="48" fill="#f00"/><rect x="40" width="40" height="48" fill="#00f"/><rect width="20" height="24" fill="#0f0"/></svg>',
	),
).removeAlpha();
const lossless = await drawing.clone().png().toBuffer();

async function bitmap(bitPP: 24 | 32): Promise<Buffer> {
	const { data, info } = await sharp(lossless)
		.ensureAlpha()
		.raw()
		.toBuffer({ resolveWithObject: true });
	const abgr = Buffer.alloc(data.length);
	for (let at = 0; at < data.length; at += 4) {
		const [red = 0, green = 0, blue = 0, alpha = 0] = data.subarray(at, at + 4);
		abgr.set([alpha, blue, green, red], at);
	}
	return Buffer.from(encode({ data: abgr, width: info.width, height: info.height, bitPP }).data);
}

const files: Record<string, Buffer> = {
	jpeg: await drawing.clone().jpeg({ quality: 95, chromaSubsampling: "4:4:4" }).toBuffer(),
	png: lossless,
	webp: await drawing.clone().webp({ lossless: true }).toBuffer(),
	gif: await drawing.clone().gif().toBuffer(),
	tiff: await drawing.clone().tiff({ compression: "lzw" }).toBuffer(),
	avif: await drawing.clone().avif({ quality: 90, chromaSubsampling: "4:4:4" }).toBuffer(),
	bmp: await bitmap(24),
	svg: Buffer.from(
		'<?xml version="1.0"?><!-- a drawing --><svg xmlns="http://www.w3.org/2000/svg" width="80" height="48"><rect width="40" height="48" fill="#f00"/><rect x="40" width="40" height="48" fill="#00f"/><rect width="20" height="24" fill="#0f0"/></svg>',
	),
};

const isNear = (actual: number[], wanted: number[]): void => {
	for (const [channel, value] of wanted.entries()) {
		expect(Math.abs((actual[channel] ?? -999) - value)).toBeLessThan(12);
	}
};

for (const [format, bytes] of Object.entries(files)) {
	test(`a ${format} file named .jpg is decoded as what it is`, async () => {
		const filePath = join(folder, `really-${format}.jpg`);
		await writeFile(filePath, bytes);
		const photo = decoded(await decoder.decode({ filePath }, small));
		expect(photo).toMatchObject({ format, width: 80, height: 48, sizeBytes: bytes.length });
		expect(photo.contentHash).toBe(createHash("sha256").update(bytes).digest("hex"));
		isNear(pixelAt(photo, 0, 0), [0, 255, 0]);
		isNear(pixelAt(photo, 1, 6), [255, 0, 0]);
		isNear(pixelAt(photo, 7, 4), [0, 0, 255]);
		const thumbnail = await sharp(photo.thumbnail ?? Buffer.alloc(0)).metadata();
		expect(thumbnail).toMatchObject({ format: "jpeg", width: 80, height: 48, channels: 3 });
	});
}

test("an HEVC picture is decoded with its metadata, and its EXIF orientation is not applied again", async () => {
	const photo = decoded(await decoder.decode({ filePath: fixturePath("scene.heic") }, small));
	expect(photo).toMatchObject({ format: "heic", width: 192, height: 128 });
	expect(photo.metadata).toMatchObject({
		takenAtMs: Date.UTC(2024, 2, 1, 23, 2, 3),
		takenOffsetMinutes: 120,
		cameraMake: "Fixture",
		cameraModel: "Heic One",
	});
	isNear(pixelAt(photo, 0, 0), [255, 0, 0]);
	isNear(pixelAt(photo, 7, 0), [0, 0, 255]);
});

test("a 32-bit bitmap whose alpha byte means nothing is opaque", async () => {
	const photo = decoded(await decoder.decode({ bytes: await bitmap(32) }, small));
	isNear(pixelAt(photo, 7, 4), [0, 0, 255]);
});

test("each of the eight EXIF orientations comes out upright", async () => {
	for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
		const upright = await sharp(lossless).autoOrient().raw().toBuffer();
		// Undoes the orientation, so that applying it gives the drawing again.
		const undo: Record<number, (image: Sharp) => Sharp> = {
			1: (image) => image,
			2: (image) => image.flop(),
			3: (image) => image.rotate(180),
			4: (image) => image.flip(),
			5: (image) => image.flip().rotate(90),
			6: (image) => image.rotate(270),
			7: (image) => image.flop().rotate(90),
			8: (image) => image.rotate(90),
		};
		const turned = (undo[orientation] ?? ((image) => image))(
			sharp(upright, { raw: { width: 80, height: 48, channels: 3 } }),
		);
		const bytes = await turned.withMetadata({ orientation }).png().toBuffer();
		const photo = decoded(await decoder.decode({ bytes }, small));
		expect(photo).toMatchObject({ width: 80, height: 48 });
		isNear(pixelAt(photo, 0, 0), [0, 255, 0]);
		isNear(pixelAt(photo, 1, 6), [255, 0, 0]);
		isNear(pixelAt(photo, 7, 4), [0, 0, 255]);
		const thumbnail = await sharp(photo.thumbnail ?? Buffer.alloc(0)).metadata();
		expect(thumbnail).toMatchObject({ width: 80, height: 48 });
		const rendered = await decoder.render({ bytes }, { longestSide: 40 });
		expect(rendered).toMatchObject({ kind: "rendered", width: 40, height: 24 });
	}
});

test("the first frame of an animation is the picture", async () => {
	const frames = [lossless, await sharp(lossless).negate().png().toBuffer()];
	const bytes = await sharp(frames, { join: { animated: true } })
		.gif()
		.toBuffer();
	const photo = decoded(await decoder.decode({ bytes }, small));
	expect(photo).toMatchObject({ width: 80, height: 48 });
	isNear(pixelAt(photo, 7, 4), [0, 0, 255]);
});

test("a thumbnail has at most 512 pixels a side and a small plain JPEG is its own", async () => {
	const large = decoded(await decoder.decode({ filePath: fixturePath("scene-large.jpg") }, small));
	expect(large).toMatchObject({ width: 2048, height: 1366 });
	const thumbnail = await sharp(large.thumbnail ?? Buffer.alloc(0)).metadata();
	expect(thumbnail).toMatchObject({ format: "jpeg", width: 512 });
	const own = await sharp(await readFile(fixturePath("scene.jpg")))
		.resize(400)
		.jpeg()
		.toBuffer();
	const plain = decoded(await decoder.decode({ bytes: own }, small));
	expect(Buffer.from(plain.thumbnail ?? []).equals(own)).toBe(true);
	const without = decoded(
		await decoder.decode({ bytes: own }, { pixels: small.pixels, thumbnail: false }),
	);
	expect(without.thumbnail).toBeNull();
});

test("a picture is rendered smaller but never larger", async () => {
	const smaller = await decoder.render(
		{ filePath: fixturePath("scene-large.jpg") },
		{ longestSide: 1000 },
	);
	expect(smaller).toMatchObject({ kind: "rendered", contentType: "image/jpeg", width: 1000 });
	const same = await decoder.render({ filePath: fixturePath("scene.heic") }, { longestSide: 1000 });
	expect(same).toMatchObject({ kind: "rendered", width: 192, height: 128 });
	if (same.kind !== "rendered") throw new Error("not rendered");
	expect(await sharp(same.bytes).metadata()).toMatchObject({ format: "jpeg", width: 192 });
});
