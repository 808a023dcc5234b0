import { expect, test } from "vitest";
import { photoIdSchema } from "../../contract/ids.ts";
import type { SourceText } from "../../engine/catalogue/word-table.ts";
import { chanceOfOne } from "../../engine/encoder-change/evaluation.ts";
import { spread } from "../../engine/encoder-change/sample.ts";
import { nameAsWords, writtenQueries } from "../../engine/encoder-change/written-queries.ts";

const id = (value: number) => photoIdSchema.parse(value);

test.each([
	["two-dogs-at-a-window", "two dogs at window"],
	["BirthdayCake 2019", "Birthday Cake"],
	["Strand_am_Abend(3)", "Strand am Abend"],
	["IMG_2043", null],
	["DSC00012", null],
	["PXL_20240102_123456789", null],
	["2019-07-04 12.03.11", null],
	["a7f3", null],
	["Screenshot 2024-01-02", null],
])("the file name %s says %s", (name, words) => {
	expect(nameAsWords(name)).toBe(words);
});

test("captions, keywords and names become questions, each with every photo it was written about", () => {
	const texts = new Map<ReturnType<typeof id>, SourceText[]>([
		[
			id(1),
			[
				{ source: "name", text: "IMG_1" },
				{ source: "caption", text: "A dog on the beach" },
				{ source: "keywords", text: "animals/dog\nbeach" },
			],
		],
		[
			id(2),
			[
				{ source: "name", text: "red balloon" },
				{ source: "keywords", text: "Dog" },
			],
		],
		[id(3), [{ source: "name", text: "IMG_3" }]],
		[id(4), [{ source: "name", text: "IMG_4" }]],
	]);
	// 4 is a copy of 2.
	const queries = writtenQueries(texts, (one) => (one === 2 || one === 4 ? [id(2), id(4)] : [one]));
	const asked = queries.map(({ kind, text, photos }) => [kind, text, [...photos]]);
	expect(asked).toContainEqual(["captions", "A dog on the beach", [1]]);
	expect(asked).toContainEqual(["keywords", "beach", [1]]);
	expect(asked).toContainEqual(["names", "red balloon", [2, 4]]);
	// Three of four photos: that tells none of them apart.
	expect(asked.map(([, text]) => text)).not.toContain("dog");
});

test("chance finds one of one for certain, and one of a hundred in one of ten tries of ten", () => {
	expect(chanceOfOne(1, 1, 1)).toBe(1);
	expect(chanceOfOne(100, 1, 10)).toBeCloseTo(0.1);
	expect(chanceOfOne(100, 100, 1)).toBe(1);
	expect(chanceOfOne(10, 5, 1)).toBeCloseTo(0.5);
	expect(chanceOfOne(5, 1, 10)).toBe(1);
});

test("a sample is spread over all there is, with just as many as were wanted", () => {
	const items = Array.from({ length: 101 }, (_, at) => at);
	for (const count of [1, 7, 50, 100, 101]) expect(spread(items, count)).toHaveLength(count);
	expect(spread(items, 500)).toEqual(items);
	const some = spread(items, 10);
	expect(Math.max(...some.slice(1).map((value, at) => value - (some[at] ?? 0)))).toBeLessThan(12);
});
