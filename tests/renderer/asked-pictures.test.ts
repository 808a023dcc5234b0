/** @file The pictures of a search: how they change, and what stands in the address. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { PhotoId } from "../../contract/ids.ts";
import {
	type AskedExample,
	type AskedPictures,
	examplePhotos,
	exampleRegion,
	formatPictures,
	noPictures,
	parsePictures,
	picturesOf,
	queryFrom,
	withExample,
	withExampleAt,
	withJudged,
	withoutJudged,
	withWords,
} from "../../renderer/state/asked-pictures.ts";
import { formatLocation, home, parseLocation } from "../../renderer/state/location.ts";

const id = (number: number) => number as PhotoId;
const photoId = fc.integer({ min: 1, max: 100_000 }).map(id);
const weight = fc
	.integer({ min: -100, max: 100 })
	.filter((percent) => percent !== 0)
	.map((percent) => percent / 100);
const steps = fc
	.record({
		x: fc.integer({ min: 0, max: 9000 }),
		y: fc.integer({ min: 0, max: 9000 }),
		width: fc.integer({ min: 60, max: 1000 }),
		height: fc.integer({ min: 60, max: 1000 }),
	})
	.map(({ x, y, width, height }) => ({
		x: x / 10_000,
		y: y / 10_000,
		width: width / 10_000,
		height: height / 10_000,
	}));
const example: fc.Arbitrary<AskedExample> = fc.oneof(
	fc.record({
		kind: fc.constant("photos" as const),
		ids: fc.array(photoId, { minLength: 1, maxLength: 8 }),
		weight,
	}),
	fc.record({ kind: fc.constant("region" as const), id: photoId, region: steps, weight }),
	fc.record({ kind: fc.constant("picture" as const), key: fc.integer({ min: 1 }), weight }),
);
const pictures: fc.Arbitrary<AskedPictures> = fc.record({
	examples: fc.array(example, { maxLength: 5 }),
	liked: fc.uniqueArray(photoId, { maxLength: 5 }),
	disliked: fc.uniqueArray(photoId, { maxLength: 5 }),
});

test("what stands in the address is what is read from it", () => {
	fc.assert(
		fc.property(pictures, (asked) => {
			const parameters = new URLSearchParams();
			formatPictures(parameters, asked);
			expect(parsePictures(new URLSearchParams(parameters.toString()))).toEqual(asked);
		}),
	);
});

test("an address that makes no sense asks for no pictures, and never throws", () => {
	fc.assert(
		fc.property(fc.string(), fc.string(), (like, more) => {
			const parameters = new URLSearchParams({ like, more });
			for (const { weight: counts } of parsePictures(parameters).examples) {
				expect(Math.abs(counts)).toBeLessThanOrEqual(1);
			}
		}),
	);
	for (const like of [
		"",
		"12",
		"12_0",
		"12_101",
		"x_50",
		"12-0-0-0-0_50",
		"12-9000-0-5000-100_50",
	]) {
		expect(parsePictures(new URLSearchParams({ like })).examples, like).toEqual([]);
	}
});

test("words and pictures survive in a location", () => {
	const query = queryFrom("at night", {
		examples: [exampleRegion(id(12), { x: 0.1, y: 0.2, width: 0.3, height: 0.4 })],
		liked: [id(4)],
		disliked: [id(5), id(6)],
	});
	const address = formatLocation({ ...home, query });
	expect(address).toBe("/photos?q=at+night&like=12-1000-2000-3000-4000_50&more=4&less=5.6");
	expect(parseLocation(`#${address}`).query).toEqual(query);
});

test("a photo alone is asked the plain way; words beside it make it an example", () => {
	const similar = queryFrom("", { ...noPictures, examples: [examplePhotos([id(3)])] });
	expect(similar).toEqual({ kind: "similar", photoId: 3 });
	const both = withWords(similar, "at night");
	expect(both).toMatchObject({ kind: "text", text: "at night" });
	expect(picturesOf(both).examples).toEqual([examplePhotos([id(3)])]);
	expect(withWords(both, "")).toEqual(similar);
	expect(withExampleAt(both, 0, null)).toEqual({ kind: "text", text: "at night" });
});

test("a hit judged twice the same is not judged any more; judged otherwise it changes sides", () => {
	const words = { kind: "text", text: "dog" } as const;
	const liked = withJudged(words, [id(1)], "liked");
	expect(picturesOf(liked).liked).toEqual([1]);
	expect(withJudged(liked, [id(1)], "liked")).toEqual(words);
	const disliked = withJudged(liked, [id(1)], "disliked");
	expect(picturesOf(disliked)).toMatchObject({ liked: [], disliked: [1] });
	expect(withoutJudged(disliked)).toEqual(words);
});

test("what is not wanted alone is no search", () => {
	const words = { kind: "text", text: "dog" } as const;
	expect(withWords(withJudged(words, [id(1)], "disliked"), "")).toBeNull();
	expect(withWords(withExample(words, { ...examplePhotos([id(1)]), weight: -0.5 }), "")).toBeNull();
});

test("no more examples than the engine takes", () => {
	let query = withExample({ kind: "text", text: "dog" }, examplePhotos([id(1)]));
	for (let more = 0; more < 15; more += 1) query = withExample(query, examplePhotos([id(2)]));
	expect(picturesOf(query).examples).toHaveLength(16);
	expect(withExample(query, examplePhotos([id(3)]))).toBeNull();
});
