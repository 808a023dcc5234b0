/** @file Rectangles around points and lines, whatever their direction. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { readBestPath } from "../../engine/recognition/best-path.ts";
import {
	cornersOf,
	minimumRectangle,
	type Point,
	quarterTurns,
	type RotatedRectangle,
} from "../../engine/recognition/geometry.ts";
import { inReadingOrder } from "../../engine/recognition/line-order.ts";
import { rectifiedPlanes, scaledPlanes } from "../../engine/recognition/network-input.ts";
import { findTextRegions } from "../../engine/recognition/text-regions.ts";

const rule = { pixel: 0.3, line: 0.5, growth: 1.6, leastSide: 3, atMost: 100 };

const points = fc.array(
	fc.record({ x: fc.integer({ min: -500, max: 500 }), y: fc.integer({ min: -500, max: 500 }) }),
	{ minLength: 1, maxLength: 40 },
);

/** Where a point lies in the rectangle's own directions, from its centre. */
function inside({ centre, angle }: RotatedRectangle, { x, y }: Point) {
	const [dx, dy] = [x - centre.x, y - centre.y];
	return {
		along: dx * Math.cos(angle) + dy * Math.sin(angle),
		across: dy * Math.cos(angle) - dx * Math.sin(angle),
	};
}

test("the smallest rectangle holds every point and is no larger than the upright one", () => {
	fc.assert(
		fc.property(points, (all) => {
			const rectangle = minimumRectangle(all);
			for (const point of all) {
				const { along, across } = inside(rectangle, point);
				expect(Math.abs(along)).toBeLessThanOrEqual(rectangle.width / 2 + 1e-6);
				expect(Math.abs(across)).toBeLessThanOrEqual(rectangle.height / 2 + 1e-6);
			}
			const xs = all.map(({ x }) => x);
			const ys = all.map(({ y }) => y);
			const upright = (Math.max(...xs) - Math.min(...xs)) * (Math.max(...ys) - Math.min(...ys));
			expect(rectangle.width * rectangle.height).toBeLessThanOrEqual(upright + 1e-6);
		}),
	);
});

test("turning by quarters keeps the corners and starts from another one", () => {
	const rectangle = { centre: { x: 5, y: 7 }, width: 40, height: 10, angle: 0.3 };
	const corners = cornersOf(rectangle);
	for (const quarters of [1, 2, 3, -1]) {
		const turned = cornersOf(quarterTurns(rectangle, quarters));
		for (const [at, corner] of turned.entries()) {
			const same = corners[(at + quarters + 4) % 4];
			expect(corner.x).toBeCloseTo(same?.x ?? Number.NaN);
			expect(corner.y).toBeCloseTo(same?.y ?? Number.NaN);
		}
	}
});

/** A map with one bar in it. */
function barMap(degrees: number, width = 200, height = 200) {
	const angle = (degrees * Math.PI) / 180;
	const bar = { centre: { x: 100, y: 100 }, width: 120, height: 16, angle };
	const values = new Float32Array(width * height);
	for (let at = 0; at < values.length; at++) {
		const { along, across } = inside(bar, {
			x: (at % width) + 0.5,
			y: Math.floor(at / width) + 0.5,
		});
		if (Math.abs(along) <= 60 && Math.abs(across) <= 8) values[at] = 0.9;
	}
	return { values, width, height };
}

test.each([0, 5, -5, 15, -15, 30, -30, 44, 60, 90])(
	"a line at %s degrees is found with its direction",
	(degrees) => {
		const [region, ...others] = findTextRegions(barMap(degrees), rule);
		expect(others).toEqual([]);
		if (region === undefined) throw new Error("Nothing was found.");
		const { rectangle, score } = region;
		expect(score).toBeCloseTo(0.9);
		expect(Math.abs(((rectangle.angle * 180) / Math.PI - degrees) % 180)).toBeLessThan(2);
		expect(rectangle.centre.x).toBeCloseTo(100, 0);
		// Each side grows by area * 1.6 / perimeter: 11 pixels.
		expect(rectangle.width).toBeGreaterThan(138);
		expect(rectangle.width).toBeLessThan(148);
		expect(rectangle.height).toBeGreaterThan(35);
		expect(rectangle.height).toBeLessThan(43);
	},
);

test("specks and faint lines are none", () => {
	const speck = new Float32Array(100 * 100);
	for (const at of [505, 506, 605, 606]) speck[at] = 1;
	expect(findTextRegions({ values: speck, width: 100, height: 100 }, rule)).toEqual([]);
	const faint = barMap(0);
	faint.values.forEach((value, at) => {
		faint.values[at] = value * 0.5;
	});
	expect(findTextRegions(faint, rule)).toEqual([]);
});

test("the likeliest characters are read, repeats once unless something lies between", () => {
	const classes = ["", "a", "b", " "];
	const steps = [1, 1, 0, 1, 2, 0, 3, 2, 2].flatMap((best) =>
		classes.map((_, at) => (at === best ? 0.7 : 0.1)),
	);
	const { text, confidence } = readBestPath(new Float32Array(steps), classes);
	expect(text).toBe("aab b");
	expect(confidence).toBeCloseTo(0.7);
	const nothing = new Float32Array([1, 0, 0, 0]);
	expect(readBestPath(nothing, classes)).toEqual({ text: "", confidence: 0 });
});

test("lines are read by rows, also when the whole page is turned", () => {
	fc.assert(
		fc.property(fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }), (angle) => {
			const line = (name: string, along: number, across: number) => ({
				name,
				rectangle: {
					centre: {
						x: along * Math.cos(angle) - across * Math.sin(angle),
						y: along * Math.sin(angle) + across * Math.cos(angle),
					},
					width: 80,
					height: 20,
					angle,
				},
			});
			const lines = [
				line("third", 0, 60),
				line("second", 200, 3),
				line("fourth", 210, 58),
				line("first", 0, 0),
			];
			const names = inReadingOrder(lines).map(({ name }) => name);
			expect(names).toEqual(["first", "second", "third", "fourth"]);
		}),
	);
});

/** Red grows to the right and green down, as a straight ramp. */
function ramp(width: number, height: number) {
	const pixels = new Uint8Array(width * height * 3);
	for (let at = 0; at < width * height; at++) {
		pixels[at * 3] = (at % width) * 2;
		pixels[at * 3 + 1] = Math.floor(at / width) * 2;
		pixels[at * 3 + 2] = 51;
	}
	return { pixels, width, height };
}

const byte = (value: number | undefined) => ((value ?? Number.NaN) + 1) * 127.5;

test("scaling keeps colours in place, blue first", () => {
	const { values } = scaledPlanes(ramp(100, 80), 50, 40);
	const at = 20 * 50 + 25;
	expect(byte(values[at])).toBeCloseTo(51, 3);
	expect(byte(values[2000 + at])).toBeCloseTo(81, 3);
	expect(byte(values[4000 + at])).toBeCloseTo(101, 3);
	const { values: larger } = scaledPlanes(ramp(100, 80), 200, 160);
	expect(byte(larger[2 * 32_000 + 80 * 200 + 100])).toBeCloseTo(99.5, 3);
});

test("a turned rectangle is cut out level", () => {
	fc.assert(
		fc.property(fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }), (angle) => {
			const rectangle = { centre: { x: 50, y: 40 }, width: 30, height: 12, angle };
			const { values } = rectifiedPlanes(ramp(100, 80), rectangle, 30, 12);
			const [along, across] = [20.5 - 15, 3.5 - 6];
			const x = 50 + along * Math.cos(angle) - across * Math.sin(angle);
			const y = 40 + along * Math.sin(angle) + across * Math.cos(angle);
			const at = 3 * 30 + 20;
			expect(byte(values[2 * 360 + at])).toBeCloseTo((x - 0.5) * 2, 2);
			expect(byte(values[360 + at])).toBeCloseTo((y - 0.5) * 2, 2);
		}),
	);
});
