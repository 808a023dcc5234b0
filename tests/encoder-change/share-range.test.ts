/** @file How far a share found with few questions is to be trusted. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tellingQueries } from "../../contract/encoder-change.ts";
import { shareRange } from "../../engine/encoder-change/share-range.ts";

const trials = fc
	.integer({ min: 1, max: 300 })
	.chain((asked) => fc.record({ asked: fc.constant(asked), found: fc.nat(asked) }));

describe("the range of a share", () => {
	test("is the one Wilson's formula gives", () => {
		// Worked out by hand for 10 of 12.
		const { from, to } = shareRange(10, 12);
		expect(from).toBeCloseTo(0.552, 3);
		expect(to).toBeCloseTo(0.953, 3);
	});

	test("holds the share and stays between none and all", () => {
		fc.assert(
			fc.property(trials, ({ found, asked }) => {
				const { from, to } = shareRange(found, asked);
				expect(from).toBeGreaterThanOrEqual(0);
				expect(to).toBeLessThanOrEqual(1);
				expect(from).toBeLessThanOrEqual(found / asked);
				expect(to).toBeGreaterThanOrEqual(found / asked);
			}),
		);
	});

	test("is wide where all of a few were found, and never claims that none could be missed", () => {
		expect(shareRange(12, 12)).toEqual({ from: expect.closeTo(0.757, 3), to: 1 });
		expect(shareRange(0, 12)).toEqual({ from: 0, to: expect.closeTo(0.243, 3) });
	});

	test("reaches no further than 15 in 100 from the middle once enough was asked", () => {
		const widest = (asked: number) =>
			Math.max(
				...Array.from({ length: asked + 1 }, (_, found) => {
					const { from, to } = shareRange(found, asked);
					return (to - from) / 2;
				}),
			);
		expect(widest(tellingQueries)).toBeLessThanOrEqual(0.15);
		expect(widest(tellingQueries - 2)).toBeGreaterThan(0.15);
	});
});
