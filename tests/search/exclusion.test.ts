/** @file What excluding does to similarities. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { lowerExcluded, showsExcluded } from "../../engine/search/exclusion.ts";

const similarity = fc.float({ min: Math.fround(-0.2), max: Math.fround(0.6), noNaN: true });
const columns = fc
	.integer({ min: 0, max: 40 })
	.chain((length) =>
		fc.tuple(
			fc.array(similarity, { minLength: length, maxLength: length }),
			fc.array(similarity, { minLength: length, maxLength: length }),
		),
	)
	.map(([wanted, excluded]) => [Float32Array.from(wanted), Float32Array.from(excluded)] as const);

const scores = (similarities: Float32Array) => [{ similarities, cost: 1 }];

test("excluding only ever lowers, and finite numbers stay finite", () => {
	fc.assert(
		fc.property(columns, ([wanted, excluded]) => {
			const lowered = lowerExcluded(wanted, scores(excluded));
			expect(lowered.length).toBe(wanted.length);
			for (const [photo, left] of lowered.entries()) {
				expect(Number.isFinite(left)).toBe(true);
				expect(left).toBeLessThanOrEqual(wanted[photo] ?? 0);
			}
		}),
	);
});

test("of two photos that fit equally, the one that looks less like the excluded comes first", () => {
	fc.assert(
		fc.property(columns, ([wanted, excluded]) => {
			const lowered = lowerExcluded(wanted.fill(0.3), scores(excluded));
			for (const [photo, left] of lowered.entries()) {
				for (const [other, right] of lowered.entries()) {
					if ((excluded[photo] ?? 0) < (excluded[other] ?? 0))
						expect(left).toBeGreaterThanOrEqual(right);
				}
			}
		}),
	);
});

test("a photo of both falls behind one of the wanted alone, and unlike photos stay in order", () => {
	const wanted = Float32Array.of(0.35, 0.34, 0.1, 0.12, 0.11, 0.09);
	const excluded = Float32Array.of(0.4, 0.1, 0.1, 0.12, 0.1, 0.11);
	const lowered = lowerExcluded(wanted, scores(excluded));
	expect(lowered[1]).toBeGreaterThan(lowered[0] ?? 0);
	expect(lowered[1]).toBeGreaterThan(lowered[3] ?? 0);
	expect([...showsExcluded(6, scores(excluded))]).toEqual([1, 0, 0, 0, 0, 0]);
});

test("nothing excluded changes nothing", () => {
	const wanted = Float32Array.of(0.3, 0.2);
	expect(lowerExcluded(wanted, [])).toEqual(wanted);
	expect([...showsExcluded(2, [])]).toEqual([0, 0]);
});
