/** Masks: what is taken for one, what is refused, and that what they keep is kept to the byte. */
import fc from "fast-check";
import sharp from "sharp";
import { afterAll, expect, test } from "vitest";
import { createDecoder } from "../../engine/decoder/create-decoder.ts";
import { givenPictures } from "../../engine/generator/given-pictures.ts";
import { withKeptPart } from "../../engine/generator/picture/mask.ts";
import { pictureOf, planesOf } from "../../engine/generator/picture/planes.ts";

const decoder = createDecoder({ parallelism: 1 });
afterAll(() => decoder.close());

const plain = (width: number, height: number, background: string): Promise<Buffer> =>
	sharp({ create: { width, height, channels: 3, background } })
		.png()
		.toBuffer();

/** White within these columns and rows. */
async function maskFile(
	width: number,
	height: number,
	{ left = 0, top = 0, right = width, bottom = height, format = "png" as "png" | "jpeg" },
): Promise<Buffer> {
	const white = await plain(right - left, bottom - top, "white");
	return sharp(await plain(width, height, "black"))
		.composite([{ input: white, left, top }])
		.toFormat(format, { quality: 60 })
		.toBuffer();
}

async function shadesOf(png: Uint8Array | null): Promise<{ width: number; shades: Uint8Array }> {
	const { data, info } = await sharp(png ?? Buffer.alloc(0))
		.toColourspace("b-w")
		.raw()
		.toBuffer({ resolveWithObject: true });
	expect(info.channels).toBe(1);
	return { width: info.width, shades: Uint8Array.from(data) };
}

const given = (start: Uint8Array | null, mask: Uint8Array | null, width = 64, height = 64) =>
	givenPictures(
		decoder,
		{ width, height },
		{ start: start && { bytes: start }, mask: mask && { bytes: mask } },
	);

test("a mask of the start picture's shape is cut as the start picture is, whatever its size", async () => {
	const start = await plain(600, 300, "teal");
	const mask = await maskFile(300, 150, { left: 150, format: "jpeg" });
	const { maskPicture } = await given(start, mask);
	const { width, shades } = await shadesOf(maskPicture);
	expect(width).toBe(64);
	const row = [...shades.subarray(10 * 64, 11 * 64)];
	expect(row.slice(0, 30)).toEqual(Array(30).fill(0));
	expect(row.slice(34)).toEqual(Array(30).fill(255));
});

test("a mask of the drawing's shape lies over what is cut out of the start picture", async () => {
	const mask = await maskFile(128, 128, { right: 32 });
	const { shades } = await shadesOf((await given(await plain(600, 300, "teal"), mask)).maskPicture);
	const row = [...shades.subarray(0, 64)];
	expect(row.slice(0, 14)).toEqual(Array(14).fill(255));
	expect(row.slice(18)).toEqual(Array(46).fill(0));
});

test("a mask that was made once comes out the same again", async () => {
	const start = await plain(64, 64, "teal");
	const soft = await sharp(await maskFile(64, 64, { left: 20 }))
		.blur(6)
		.png()
		.toBuffer();
	const first = await given(start, soft);
	const again = await given(first.startPicture, first.maskPicture);
	expect(again).toEqual(first);
	const { shades } = await shadesOf(first.maskPicture);
	expect(new Set(shades).size).toBeGreaterThan(10);
});

test.each([
	["no start picture", null, () => maskFile(64, 64, { left: 9 }), /needs a start picture/],
	["no picture", "teal", async () => Buffer.from("no mask"), /mask cannot be used/],
	[
		"black all over",
		"teal",
		() => plain(64, 64, "#030303"),
		/black all over, so nothing may change/,
	],
	[
		"white all over",
		"teal",
		() => plain(64, 64, "white"),
		/white all over, so everything may change/,
	],
	[
		"another shape",
		"teal",
		() => maskFile(80, 60, { left: 9 }),
		/mask has 80 × 60 pixels and the start picture 90 × 45\..*that of the drawing, 64 × 64/,
	],
])("a mask is refused with a sentence that names it: %s", async (_, colour, makeMask, words) => {
	const start = colour === null ? null : await plain(90, 45, colour);
	const refusal = await given(start, await makeMask()).catch((error: unknown) => error);
	expect(refusal).toMatchObject({
		code: expect.stringMatching(/GENERATION_NOT_POSSIBLE|IMAGE_UNREADABLE/),
		message: expect.stringMatching(words),
		detail: { field: "mask" },
	});
});

test("what is kept is kept to the byte, what is drawn appears beyond the edge, and between they mix", () => {
	const side = 48;
	const flat = (value: number) => ({
		width: side,
		height: side,
		pixels: new Uint8Array(side * side * 3).fill(value),
	});
	const corner = fc.integer({ min: 0, max: side - 1 });
	fc.assert(
		fc.property(corner, corner, corner, corner, (x, y, otherX, otherY) => {
			const inside = (at: number) => {
				const [column, row] = [at % side, Math.floor(at / side)];
				const across = column >= Math.min(x, otherX) && column <= Math.max(x, otherX);
				return across && row >= Math.min(y, otherY) && row <= Math.max(y, otherY);
			};
			const mask = Uint8Array.from({ length: side * side }, (_, at) => (inside(at) ? 255 : 0));
			const job = { width: side, height: side, start: { picture: flat(40) }, mask };
			const { pixels } = pictureOf(withKeptPart(planesOf(flat(240)), job));
			for (const [at, value] of pixels.entries()) {
				if (!inside(Math.floor(at / 3))) expect(value).toBe(40);
				else expect(value).toBeGreaterThan(40);
			}
		}),
		{ numRuns: 50 },
	);
	const half = Uint8Array.from({ length: side * side }, (_, at) => (at % side < 24 ? 0 : 255));
	const job = { width: side, height: side, start: { picture: flat(40) }, mask: half };
	const { pixels } = pictureOf(withKeptPart(planesOf(flat(240)), job));
	const row = Array.from({ length: side }, (_, at) => pixels[at * 3] ?? 0);
	expect(row.slice(23, 27)).toEqual([40, 140, 240, 240]);
});
