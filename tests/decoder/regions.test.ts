/** @file The pixels of one part of a picture. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp, { type Sharp } from "sharp";
import { expect, test } from "vitest";
import {
	decoded,
	meanDifference,
	pixelAt,
	small,
	temporaryFolder,
	testDecoder,
} from "./test-decoder.ts";

const decoder = testDecoder();
const folder = await temporaryFolder();

/** Red on the left, green on the right, and a blue square in the lower right corner. */
function scene(width: number, height: number): Sharp {
	return sharp(
		Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
			<rect width="50%" height="100%" fill="#f00"/>
			<rect x="50%" width="50%" height="100%" fill="#0f0"/>
			<rect x="75%" y="75%" width="25%" height="25%" fill="#00f"/></svg>`),
	);
}

test.each([
	["small", 80, 60],
	["large", 2400, 1800],
])("a region of a %s picture holds what lies there and nothing else", async (_, width, height) => {
	const bytes = await scene(width, height).png().toBuffer();
	const region = { x: 0.75, y: 0.75, width: 0.25, height: 0.25 };
	const photo = decoded(await decoder.decode({ bytes }, { ...small, region }));
	expect(photo).toMatchObject({ width, height, thumbnail: null });
	expect(pixelAt(photo, 4, 4)).toEqual([0, 0, 255]);
	const left = { x: 0, y: 0, width: 0.5, height: 1 };
	const red = decoded(await decoder.decode({ bytes }, { ...small, region: left }));
	expect(pixelAt(red, 6, 6)).toEqual([255, 0, 0]);
});

test("a region is of the upright picture", async () => {
	const path = join(folder, "turned.jpg");
	// Orientation 6: to be turned clockwise, so that the stored left becomes the top.
	writeFileSync(
		path,
		await scene(400, 300).jpeg({ quality: 95 }).withMetadata({ orientation: 6 }).toBuffer(),
	);
	const region = { x: 0, y: 0, width: 1, height: 0.4 };
	const photo = decoded(await decoder.decode({ filePath: path }, { ...small, region }));
	expect(photo).toMatchObject({ width: 300, height: 400 });
	const [red = 0, green = 255] = pixelAt(photo, 4, 4);
	expect(red).toBeGreaterThan(240);
	expect(green).toBeLessThan(15);
});

test("the whole picture as a region is nearly what it is without one", async () => {
	const bytes = await scene(640, 480).png().toBuffer();
	const whole = { x: 0, y: 0, width: 1, height: 1 };
	const plain = decoded(await decoder.decode({ bytes }, small));
	const region = decoded(await decoder.decode({ bytes }, { ...small, region: whole }));
	expect(meanDifference(plain.pixels, region.pixels)).toBeLessThan(4);
});

test("a cropping encoder takes the middle of the region", async () => {
	const bytes = await scene(400, 300).png().toBuffer();
	const region = { x: 0.25, y: 0, width: 0.5, height: 0.2 };
	const pixels = { ...small.pixels, resize: "crop" } as const;
	const photo = decoded(await decoder.decode({ bytes }, { pixels, thumbnail: false, region }));
	expect(pixelAt(photo, 0, 4)).toEqual([255, 0, 0]);
	expect(pixelAt(photo, 7, 4)).toEqual([0, 255, 0]);
});

const looks = [
	{ x: 0, y: 0, width: 1, height: 1 },
	{ x: 0, y: 0, width: 0.5, height: 0.5 },
	{ x: 0.75, y: 0.75, width: 0.25, height: 0.25 },
];

test.each([
	["small", 80, 60, "stretch"],
	["large", 2400, 1800, "stretch"],
	["tiny", 12, 10, "stretch"],
	["small", 80, 60, "crop"],
	["large", 2400, 1800, "crop"],
] as const)(
	"several looks at a %s picture of %d x %d come one after another (%s)",
	async (_, width, height, resize) => {
		// Without hard edges, which fall on one pixel or the next.
		const bytes = await scene(width, height)
			.blur(width / 20)
			.png()
			.toBuffer();
		const rule = { ...small.pixels, resize };
		const several = { thumbnail: true, pixels: { ...rule, looks } };
		const photo = decoded(await decoder.decode({ bytes }, several));
		expect(photo.pixels).toHaveLength(looks.length * 8 * 8 * 3);
		const lookAt = (at: number) => photo.pixels.subarray(at * 8 * 8 * 3, (at + 1) * 8 * 8 * 3);
		const once = decoded(await decoder.decode({ bytes }, { thumbnail: true, pixels: rule }));
		expect(meanDifference(lookAt(0), once.pixels)).toBeLessThan(2);
		for (const [at, region] of looks.entries()) {
			if (at === 0) continue;
			const alone = await decoder.decode({ bytes }, { pixels: rule, thumbnail: false, region });
			expect(meanDifference(lookAt(at), decoded(alone).pixels)).toBeLessThan(4);
		}
		// Copies are found by the whole picture, however often the encoder looks.
		expect(photo.thumbnail).toEqual(once.thumbnail);
		if (resize === "crop") expect(photo.perceptualHash).toEqual(once.perceptualHash);
	},
);

test("looks at a region are parts of that region", async () => {
	const bytes = await scene(400, 300).png().toBuffer();
	const region = { x: 0.5, y: 0.5, width: 0.5, height: 0.5 };
	const pixels = { ...small.pixels, looks };
	const photo = decoded(await decoder.decode({ bytes }, { pixels, thumbnail: false, region }));
	const middleOf = (look: number) => [...photo.pixels.subarray((look * 64 + 36) * 3).slice(0, 3)];
	expect(middleOf(1)).toEqual([0, 255, 0]);
	expect(middleOf(2)).toEqual([0, 0, 255]);
});
