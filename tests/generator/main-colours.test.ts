/** @file The main colours of pictures. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { mainColours } from "../../engine/generator/main-colours.ts";

/** Pixels of these colours, each as often as said. */
const pixelsOf = (...colours: [number, number, number, number][]) =>
	Uint8Array.from(
		colours.flatMap(([red, green, blue, times]) => Array(times).fill([red, green, blue]).flat()),
	);

test("clear colours come out as they are, the most frequent first", () => {
	const pixels = pixelsOf([200, 30, 30, 50], [20, 90, 200, 200], [245, 245, 240, 100]);
	expect(mainColours(pixels, 6)).toEqual([
		[20, 90, 200],
		[245, 245, 240],
		[200, 30, 30],
	]);
});

test("shades that look the same are one colour", () => {
	const pixels = pixelsOf([100, 120, 100, 40], [102, 121, 99, 40], [101, 119, 101, 40]);
	expect(mainColours(pixels, 6)).toHaveLength(1);
});

test("any pixels give at most so many colours, each within range, and the same each time", () => {
	fc.assert(
		fc.property(
			fc.uint8Array({ maxLength: 300 }),
			fc.integer({ min: 1, max: 8 }),
			(pixels, count) => {
				const colours = mainColours(pixels, count);
				expect(colours.length).toBeLessThanOrEqual(count);
				expect(colours.length > 0).toBe(pixels.length >= 3);
				expect(colours.flat().every((part) => part >= 0 && part <= 255)).toBe(true);
				expect(mainColours(pixels, count)).toEqual(colours);
			},
		),
	);
});
