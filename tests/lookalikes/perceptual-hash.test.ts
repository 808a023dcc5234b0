/** @file Perceptual hashes: what they survive, and all eight positions from one hash. */
import fc from "fast-check";
import sharp from "sharp";
import { expect, test } from "vitest";
import { perceptualHash, perceptualHashBytes } from "../../engine/decoder/perceptual-hash.ts";
import { candidatePairs } from "../../engine/lookalikes/candidate-pairs.ts";
import { connectedSets } from "../../engine/lookalikes/connected-sets.ts";
import { cellsOf, positions } from "../../engine/lookalikes/positions.ts";
import {
	likenessByPosition,
	readSignature,
	type Signature,
} from "../../engine/lookalikes/signature.ts";
import { drawnPicture, squarePixels } from "./drawn-picture.ts";

const side = 64;
const rule = { width: side, height: side, resize: "stretch", interpolation: "bilinear" } as const;

function signatureOf(pixels: Uint8Array): Signature {
	const signature = readSignature(perceptualHash(pixels, rule));
	if (signature === null) throw new Error("A hash of ours was not read.");
	return signature;
}

const pictureSignature = async (picture: Buffer) => signatureOf(await squarePixels(picture, side));

test("a hash has its length, whatever the pixels and however large", () => {
	fc.assert(
		fc.property(
			fc.integer({ min: 1, max: 70 }),
			fc.integer({ min: 1, max: 70 }),
			fc.infiniteStream(fc.integer({ min: 0, max: 255 })),
			(width, height, values) => {
				const pixels = Uint8Array.from([...values.take(width * height * 3)]);
				const hash = perceptualHash(pixels, { ...rule, width, height });
				expect(hash).toHaveLength(perceptualHashBytes);
				expect(readSignature(hash)).not.toBeNull();
			},
		),
		{ numRuns: 30 },
	);
});

test("bytes of another length are no hash", () => {
	expect(readSignature(new Uint8Array(8))).toBeNull();
});

test("each of the eight positions is recognised from the hash alone", async () => {
	for (let seed = 0; seed < 6; seed += 1) {
		const pixels = await squarePixels(await drawnPicture(seed), side);
		const upright = signatureOf(pixels);
		for (const position of positions) {
			const turned = new Uint8Array(pixels.length);
			for (const [cell, from] of cellsOf(position, side).entries()) {
				turned.set(pixels.subarray(from * 3, from * 3 + 3), cell * 3);
			}
			const [best] = likenessByPosition(upright, signatureOf(turned));
			expect(best?.position).toEqual(position);
			expect(best?.likeness).toBeGreaterThan(0.99);
		}
	}
});

test("positions are what sharp calls them", async () => {
	const picture = await drawnPicture(3);
	const turned = await sharp(picture).rotate(90).toBuffer();
	const mirrored = await sharp(picture).flop().toBuffer();
	const original = await pictureSignature(picture);
	const best = async (copy: Buffer) =>
		likenessByPosition(original, await pictureSignature(copy))[0]?.position;
	expect(await best(turned)).toEqual({ mirrored: false, turnedDegrees: 90 });
	expect(await best(mirrored)).toEqual({ mirrored: true, turnedDegrees: 0 });
});

test("copies meet as candidates, among few and among many", async () => {
	const originals = await Promise.all(Array.from({ length: 20 }, (_, seed) => drawnPicture(seed)));
	const copies = await Promise.all(
		originals.map((picture) => sharp(picture).resize(200).flop().jpeg({ quality: 40 }).toBuffer()),
	);
	const signatures = await Promise.all([...originals, ...copies].map(pictureSignature));
	// Enough others that buckets are used instead of comparing all with all.
	const others = fc.sample(
		fc.array(fc.integer({ min: -127, max: 127 }), { minLength: 98, maxLength: 98 }),
		{ numRuns: 4100, seed: 5 },
	);
	const many = others.flatMap((values) => {
		const hash = new Uint8Array(Int8Array.from(values).buffer);
		hash[0] = 1;
		hash[1] = 50;
		return readSignature(hash) ?? [];
	});
	for (const list of [signatures, [...signatures, ...many]]) {
		const found = await candidatePairs(list.map((signature) => ({ signature, aspect: 1 })));
		const met = found.filter(({ first, second }) => first < 20 && second === first + 20);
		expect(met).toHaveLength(20);
	}
	// Thousands of pictures in every turn: seconds of work, and more on a busy computer.
});

test("pictures that show nothing are nobody's copy", async () => {
	const blank = signatureOf(new Uint8Array(side * side * 3).fill(200));
	const picture = { signature: blank, aspect: 1 };
	expect(await candidatePairs([picture, picture, picture])).toEqual([]);
});

test("sets are what hangs together, and every item is in exactly one", () => {
	const item = fc.integer({ min: 0, max: 30 });
	fc.assert(
		fc.property(fc.array(fc.tuple(item, item)), (pairs) => {
			const sets = connectedSets(pairs);
			const members = sets.flat();
			expect(new Set(members).size).toBe(members.length);
			expect(new Set(members)).toEqual(new Set(pairs.flat()));
			for (const [one, other] of pairs) {
				expect(sets.some((set) => set.includes(one) && set.includes(other))).toBe(true);
			}
		}),
	);
});

test("copies that were tilted meet as candidates, however the corners were filled or cut off", async () => {
	const originals = await Promise.all(Array.from({ length: 12 }, (_, seed) => drawnPicture(seed)));
	const degrees = [2, -4, 5, -7, 8, -10];
	const copies = await Promise.all(
		originals.map(async (picture, at) => {
			const background = at % 2 === 0 ? "black" : "white";
			const turned = await sharp(picture)
				.rotate(degrees[at % degrees.length] ?? 0, { background })
				.toBuffer({ resolveWithObject: true });
			if (at % 3 !== 0) return { picture: turned.data, aspect: turned.info };
			// The largest frame without corners.
			const angle = (Math.abs(degrees[at % degrees.length] ?? 0) * Math.PI) / 180;
			const inside = (one: number, other: number) =>
				Math.floor((one * Math.cos(angle) - other * Math.sin(angle)) / Math.cos(2 * angle));
			const [width, height] = [inside(480, 320), inside(320, 480)];
			const left = Math.round((turned.info.width - width) / 2);
			const top = Math.round((turned.info.height - height) / 2);
			const cut = sharp(turned.data).extract({ left, top, width, height });
			return { picture: await cut.toBuffer(), aspect: { width, height } };
		}),
	);
	const pictures = await Promise.all([
		...originals.map(async (picture) => ({
			signature: await pictureSignature(picture),
			aspect: 1.5,
		})),
		...copies.map(async ({ picture, aspect }) => ({
			signature: await pictureSignature(picture),
			aspect: aspect.width / aspect.height,
		})),
	]);
	const found = await candidatePairs(pictures);
	const met = found.filter(({ first, second }) => first < 12 && second === first + 12);
	expect(met).toHaveLength(12);
	expect(found.length).toBeLessThan(24);
});
