/** @file Laying pictures over each other: copies agree everywhere, other photos of a scene do not. */
import sharp from "sharp";
import { expect, test } from "vitest";
import { positions } from "../../engine/lookalikes/positions.ts";
import { comparedSide, matchPictures, smallPicture } from "../../engine/lookalikes/same-picture.ts";
import { editsOf } from "../../engine/lookalikes/words.ts";
import { drawnPicture, squarePixels } from "./drawn-picture.ts";

const small = async (picture: Buffer) => smallPicture(await squarePixels(picture, comparedSide));

const luma: [number, number, number] = [0.299, 0.587, 0.114];

/** What was done to the copy, or null where it is none; the position is found by trying all. */
async function edits(original: Buffer, copy: Buffer): Promise<string[] | null> {
	const [first, second] = [await small(original), await small(copy)];
	for (const position of positions) {
		const match = matchPictures(first, second, position);
		if (match !== null) return editsOf(match, first, second);
	}
	return null;
}

test.each<[string, (picture: Buffer) => Promise<Buffer>, string[]]>([
	["resized", (picture) => sharp(picture).resize(170).jpeg({ quality: 70 }).toBuffer(), []],
	["compressed hard", (picture) => sharp(picture).jpeg({ quality: 25 }).toBuffer(), []],
	["mirrored", (picture) => sharp(picture).flop().toBuffer(), ["mirrored"]],
	["turned", (picture) => sharp(picture).rotate(270).toBuffer(), ["turned on its side"]],
	["upside down", (picture) => sharp(picture).rotate(180).toBuffer(), ["upside down"]],
	[
		"cropped",
		(picture) => sharp(picture).extract({ left: 24, top: 16, width: 456, height: 304 }).toBuffer(),
		["cropped"],
	],
	[
		"grey",
		// By luma, as cameras and most editors do it.
		(picture) => sharp(picture).recomb([luma, luma, luma]).toBuffer(),
		["black and white"],
	],
	["tilted", (picture) => sharp(picture).rotate(3).toBuffer(), ["tilted"]],
])("a copy that was %s is one, and says so", async (_, change, expected) => {
	const original = await drawnPicture(11);
	expect(await edits(original, await change(original))).toEqual(expect.arrayContaining(expected));
});

test("pictures of other things are no copies", async () => {
	for (let seed = 0; seed < 8; seed += 1) {
		expect(await edits(await drawnPicture(seed), await drawnPicture(seed + 100))).toBeNull();
	}
});

test("a picture in which something has moved is no copy", async () => {
	const original = await drawnPicture(21);
	const walker = (x: number) =>
		Buffer.from(
			`<svg xmlns="http://www.w3.org/2000/svg" width="480" height="320"><rect x="${x}" y="90" width="70" height="180" fill="#111"/><circle cx="${x + 35}" cy="70" r="30" fill="#fc9"/></svg>`,
		);
	const at = (x: number) =>
		sharp(original)
			.composite([{ input: walker(x) }])
			.toBuffer();
	expect(await edits(await at(180), await at(180))).toEqual([]);
	expect(await edits(await at(180), await at(215))).toBeNull();
});
