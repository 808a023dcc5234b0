/** @file Words, examples and judged hits as one direction: what must hold for any of them. */
import fc from "fast-check";
import { expect, test } from "vitest";
import {
	type Backdrop,
	centred,
	composeQuery,
	type Ingredient,
	meanOf,
} from "../../engine/search/examples/compose-query.ts";

const dimensions = 6;
const zero = new Float32Array(dimensions);
const backdrop: Backdrop = {
	words: { mean: Float32Array.of(0.1, 0, 0, 0, 0, 0), spread: 0.09 },
	pictures: { mean: Float32Array.of(0, 0.2, 0, 0, 0, 0), spread: 0.12 },
};
const plain: Backdrop = {
	words: { mean: zero, spread: 0.1 },
	pictures: { mean: zero, spread: 0.1 },
};

const axis = (at: number, length = 1) =>
	Float32Array.from({ length: dimensions }, (_, position) => (position === at ? length : 0));
const dot = (one: Float32Array, other: Float32Array) =>
	one.reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0);

const unitVector = fc
	.array(fc.double({ min: -1, max: 1, noNaN: true }), {
		minLength: dimensions,
		maxLength: dimensions,
	})
	.filter((values) => Math.hypot(...values) > 0.1)
	.map((values) => Float32Array.from(values, (value) => value / Math.hypot(...values)));
const ingredient: fc.Arbitrary<Ingredient> = fc.record({
	kind: fc.constantFrom("words", "pictures"),
	vector: unitVector,
	weight: fc.double({ min: -1, max: 1, noNaN: true }).filter((weight) => Math.abs(weight) > 0.01),
});

test("the direction is of unit length and finite, whatever is put together", () => {
	fc.assert(
		fc.property(fc.array(ingredient, { maxLength: 6 }), (ingredients) => {
			const query = composeQuery(ingredients, backdrop);
			if (query === null) return;
			expect(Math.hypot(...query.vector)).toBeCloseTo(1, 4);
			expect(Number.isFinite(query.spread) && query.spread > 0).toBe(true);
			expect(query.wordsShare).toBeGreaterThanOrEqual(0);
			expect(query.wordsShare).toBeLessThanOrEqual(1);
		}),
	);
});

test("only the ratio of the weights matters", () => {
	fc.assert(
		fc.property(
			fc.array(ingredient, { minLength: 1, maxLength: 5 }),
			fc.double({ min: 0.1, max: 10, noNaN: true }),
			(ingredients, factor) => {
				const query = composeQuery(ingredients, backdrop);
				const scaled = composeQuery(
					ingredients.map((each) => ({ ...each, weight: each.weight * factor })),
					backdrop,
				);
				if (query === null || scaled === null) {
					expect(scaled).toBe(query);
					return;
				}
				expect(dot(query.vector, scaled.vector)).toBeCloseTo(1, 3);
				expect(scaled.spread).toBeCloseTo(query.spread, 4);
			},
		),
	);
});

test("what counts more is nearer to the direction", () => {
	fc.assert(
		fc.property(unitVector, unitVector, (one, other) => {
			const towards = (weight: number) =>
				composeQuery(
					[
						{ kind: "words", vector: one, weight: 1 },
						{ kind: "pictures", vector: other, weight },
					],
					plain,
				);
			const [little, much] = [towards(0.2), towards(2)];
			if (little === null || much === null) return;
			expect(dot(much.vector, other)).toBeGreaterThanOrEqual(dot(little.vector, other) - 1e-5);
		}),
	);
});

test("opposites that weigh the same leave nothing to look for, and no NaN", () => {
	const vector = axis(2);
	const opposite = vector.map((value) => -value);
	expect(
		composeQuery(
			[
				{ kind: "pictures", vector, weight: 0.5 },
				{ kind: "pictures", vector: opposite, weight: 0.5 },
			],
			plain,
		),
	).toBeNull();
	expect(
		composeQuery(
			[
				{ kind: "pictures", vector, weight: 0.5 },
				{ kind: "pictures", vector, weight: -0.5 },
			],
			plain,
		),
	).toBeNull();
});

test("what is not wanted alone asks for nothing", () => {
	expect(composeQuery([{ kind: "pictures", vector: axis(0), weight: -1 }], plain)).toBeNull();
	expect(composeQuery([], plain)).toBeNull();
});

test("each kind is put on the scale of its own spread", () => {
	const query = composeQuery(
		[
			{ kind: "words", vector: axis(0), weight: 1 },
			{ kind: "pictures", vector: axis(1), weight: 1 },
		],
		{ words: { mean: zero, spread: 0.1 }, pictures: { mean: zero, spread: 0.2 } },
	);
	expect((query?.vector[0] ?? 0) / (query?.vector[1] ?? 1)).toBeCloseTo(2, 4);
	expect(query?.spread).toBeCloseTo(0.15, 5);
	expect(query?.wordsShare).toBe(0.5);
});

test("what is not wanted does not lower how well an unrelated photo fits", () => {
	const dog: Ingredient = { kind: "words", vector: axis(0), weight: 1 };
	const unwanted: Ingredient = { kind: "pictures", vector: axis(1), weight: -0.6 };
	const [alone, without] = [composeQuery([dog], plain), composeQuery([dog, unwanted], plain)];
	if (alone === null || without === null) throw new Error("Both ask for a dog.");
	const photo = axis(0);
	const standing = (query: typeof alone) => dot(query.vector, photo) / query.spread;
	expect(standing(without)).toBeCloseTo(standing(alone), 4);
	expect(dot(without.vector, axis(1))).toBeLessThan(0);
});

test("a wrong hit counts only by what sets it apart from the others", () => {
	const query = composeQuery(
		[
			{ kind: "words", vector: axis(0), weight: 1 },
			{
				kind: "pictures",
				vector: Float32Array.of(0.8, 0.6, 0, 0, 0, 0),
				origin: axis(0, 0.8),
				weight: -0.5,
			},
		],
		plain,
	);
	expect(query?.vector[1]).toBeLessThan(0);
	expect(Math.abs((query?.vector[1] ?? 0) / (query?.vector[0] ?? 1))).toBeCloseTo(0.5, 4);
});

test("a vector that lies at the mean of its kind stays what it is", () => {
	expect(centred(axis(3), axis(3))).toEqual(axis(3));
	expect(centred(zero, zero)).toEqual(zero);
	expect(meanOf([])).toBeNull();
	expect(meanOf([axis(0), axis(1)])?.slice(0, 2)).toEqual(Float32Array.of(0.5, 0.5));
});
