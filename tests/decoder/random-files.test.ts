/** @file No bytes, however wrong, end the pool or reject a call. */
import { readFile } from "node:fs/promises";
import { encode } from "bmp-ts";
import fc from "fast-check";
import sharp from "sharp";
import { expect, test } from "vitest";
import { failureReasonSchema } from "../../contract/photo.ts";
import { decoded, fixturePath, small, testDecoder } from "./test-decoder.ts";

const decoder = testDecoder({ timeLimitMs: 10_000, maxPixels: 4_000_000 });
const image = sharp(fixturePath("scene.jpg")).resize(48).withIccProfile("p3");
const whole: Record<string, Buffer> = {
	jpeg: await image.clone().jpeg().toBuffer(),
	png: await image.clone().png().toBuffer(),
	webp: await image.clone().webp().toBuffer(),
	gif: await image.clone().gif().toBuffer(),
	tiff: await image.clone().tiff({ compression: "lzw" }).toBuffer(),
	avif: await image.clone().avif().toBuffer(),
	heic: await readFile(fixturePath("scene.heic")),
	svg: Buffer.from(
		'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><g id="a"/></svg>',
	),
	bmp: Buffer.from(
		encode({ data: Buffer.alloc(20 * 10 * 4, 99), width: 20, height: 10, bitPP: 24 }).data,
	),
};

async function staysSound(bytes: Uint8Array): Promise<void> {
	const outcome = await decoder.decode({ bytes }, small);
	if (outcome.kind === "decoded") {
		expect(outcome.pixels).toHaveLength(8 * 8 * 3);
		expect(outcome.width * outcome.height).toBeGreaterThan(0);
		expect(outcome.thumbnail?.length).toBeGreaterThan(0);
	} else {
		expect(failureReasonSchema.safeParse(outcome.reason).success).toBe(true);
		expect(["timed-out", "decoder-crashed", "out-of-memory"]).not.toContain(outcome.reason);
	}
}

test("random bytes, alone or after a true beginning, never crash the pool", async () => {
	const beginnings = fc.constantFrom(
		new Uint8Array(),
		...Object.values(whole).map((bytes) => new Uint8Array(bytes.subarray(0, 24))),
	);
	await fc.assert(
		fc.asyncProperty(beginnings, fc.uint8Array({ maxLength: 600 }), async (start, rest) => {
			await staysSound(Buffer.concat([start, rest]));
		}),
		{ numRuns: 150 },
	);
});

for (const [format, bytes] of Object.entries(whole)) {
	test(`a ${format} cut anywhere or with flipped bits never crashes the pool`, async () => {
		decoded(await decoder.decode({ bytes }, small));
		const flips = fc.array(fc.nat(bytes.length * 8 - 1), { maxLength: 8 });
		await fc.assert(
			fc.asyncProperty(fc.nat(bytes.length), flips, fc.boolean(), async (length, bits, cut) => {
				const changed = new Uint8Array(bytes);
				for (const bit of bits) changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
				await staysSound(cut ? changed.subarray(0, length) : changed);
			}),
			{ numRuns: 60 },
		);
		decoded(await decoder.decode({ bytes }, small));
	});
}
