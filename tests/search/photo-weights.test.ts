/** @file Adding up what words say for photos, and remembering which photos have them. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { RememberedPhotos } from "../../engine/catalogue/remembered-photos.ts";
import { PhotoWeights } from "../../engine/search/words/photo-weights.ts";

const list = fc.record({
	word: fc.integer({ min: 0, max: 4 }),
	weight: fc.constantFrom(0.5, 1, 2.5),
	photos: fc
		.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 40 })
		.map((ids) => ids.toSorted((a, b) => a - b)),
});
const lists = fc
	.array(list, { maxLength: 8 })
	.map((all) => all.toSorted((one, other) => one.word - other.word));

test("a photo weighs what each of its words weighs first", () => {
	fc.assert(
		fc.property(lists, fc.integer({ min: 1, max: 70 }), (all, id) => {
			const firsts = new Map<number, number>();
			for (const { word, weight, photos } of all) {
				if (photos.includes(id) && !firsts.has(word)) firsts.set(word, weight);
			}
			const sum = [...firsts.values()].reduce((total, weight) => total + weight, 0);
			expect(new PhotoWeights(all).of(id)).toBeCloseTo(sum, 5);
		}),
	);
});

test("the heaviest of the allowed are chosen, of equals the newest", () => {
	fc.assert(
		fc.property(
			lists,
			fc.integer({ min: 1, max: 12 }),
			fc.option(fc.uniqueArray(fc.integer({ min: 1, max: 60 })), { nil: undefined }),
			(all, count, among) => {
				const weights = new PhotoWeights(all);
				const allowed = among && new Set(among);
				const ordered = Array.from({ length: 60 }, (_, at) => 60 - at)
					.filter((id) => weights.of(id) > 0 && allowed?.has(id) !== false)
					.sort((a, b) => weights.of(b) - weights.of(a) || b - a);
				expect(weights.heaviest(count, allowed).toSorted((a, b) => a - b)).toEqual(
					ordered.slice(0, count).sort((a, b) => a - b),
				);
			},
		),
	);
});

test("a list is looked up once, until the database was written to or others took its room", () => {
	const remembered = new RememberedPhotos(4);
	const looked: string[] = [];
	const get = (word: string, changes: number) =>
		remembered.get(word, changes, () => {
			looked.push(word);
			return [1, 2];
		});
	for (const word of ["dog", "cat", "dog", "bird", "dog", "cat"]) get(word, 0);
	expect(looked).toEqual(["dog", "cat", "bird", "cat"]);
	get("cat", 1);
	expect(looked).toEqual(["dog", "cat", "bird", "cat", "cat"]);
});
