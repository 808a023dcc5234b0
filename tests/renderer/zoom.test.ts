/** @file Zoom and pan: the point under the pointer stays, and the photo never leaves the stage. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
	clampView,
	type Frame,
	fittedView,
	frameFor,
	largestZoom,
	type Point,
	panBy,
	percent,
	pinchBy,
	toggleActual,
	type View,
	wheelFactor,
	zoomTo,
} from "../../renderer/viewer/zoom.ts";

const length = fc.integer({ min: 100, max: 4000 });
const frames = fc
	.record({ sw: length, sh: length, pw: length, ph: length, ratio: fc.constantFrom(1, 1.5, 2) })
	.map(({ sw, sh, pw, ph, ratio }) =>
		frameFor({ width: sw, height: sh }, { width: pw, height: ph }, true, ratio),
	);
const points = fc.record({
	x: fc.integer({ min: -2000, max: 2000 }),
	y: fc.integer({ min: -2000, max: 2000 }),
});
const views = (frame: Frame) =>
	fc
		.record({ zoom: fc.double({ min: 1, max: largestZoom(frame), noNaN: true }), offset: points })
		.map((view) => clampView(view, frame));
const cases = frames.chain((frame) => fc.record({ frame: fc.constant(frame), view: views(frame) }));

/** Where on the photo a point of the stage lies, as a share of its fitted size. */
function onPhoto(view: View, point: Point): Point {
	return {
		x: (point.x - view.offset.x) / view.zoom,
		y: (point.y - view.offset.y) / view.zoom,
	};
}

describe("zooming", () => {
	test("keeps the part under the pointer there, unless the edge of the photo is in the way", () => {
		fc.assert(
			fc.property(
				cases,
				points,
				fc.double({ min: 0.2, max: 5, noNaN: true }),
				(given, point, by) => {
					const { frame, view } = given;
					const next = zoomTo(view, frame, view.zoom * by, point);
					const before = onPhoto(view, point);
					const after = onPhoto(next, point);
					for (const [axis, side] of [
						["x", "width"],
						["y", "height"],
					] as const) {
						const slack = Math.max(0, (frame.fitted[side] * next.zoom - frame.stage[side]) / 2);
						const atEdge = Math.abs(Math.abs(next.offset[axis]) - slack) < 1e-6;
						if (!atEdge) expect(after[axis]).toBeCloseTo(before[axis], 5);
					}
				},
			),
		);
	});

	test("in and out again around one point of a covered stage comes back to the same view", () => {
		const frame = frameFor({ width: 1000, height: 800 }, { width: 4000, height: 3200 }, true, 1);
		const start = zoomTo(fittedView, frame, 2, { x: 40, y: -30 });
		const there = zoomTo(start, frame, 4, { x: 100, y: 50 });
		const back = zoomTo(there, frame, 2, { x: 100, y: 50 });
		expect(back.zoom).toBeCloseTo(start.zoom);
		expect(back.offset.x).toBeCloseTo(start.offset.x);
		expect(back.offset.y).toBeCloseTo(start.offset.y);
	});

	test("never uncovers the stage where the photo is larger, nor moves it where it is smaller", () => {
		fc.assert(
			fc.property(cases, fc.array(points, { maxLength: 6 }), ({ frame, view }, moves) => {
				let current = view;
				for (const move of moves) current = panBy(current, frame, move.x, move.y);
				for (const [axis, side] of [
					["x", "width"],
					["y", "height"],
				] as const) {
					const slack = Math.max(0, (frame.fitted[side] * current.zoom - frame.stage[side]) / 2);
					expect(Math.abs(current.offset[axis])).toBeLessThanOrEqual(slack + 1e-9);
				}
			}),
		);
	});

	test("stays between fitted and eight screen pixels a photo pixel", () => {
		fc.assert(
			fc.property(
				cases,
				fc.double({ min: 0, max: 1e6, noNaN: true }),
				({ frame, view }, wanted) => {
					const { zoom } = zoomTo(view, frame, wanted, { x: 0, y: 0 });
					expect(zoom).toBeGreaterThanOrEqual(1);
					expect(zoom).toBeLessThanOrEqual(largestZoom(frame));
				},
			),
		);
	});
});

describe("a fitted photo", () => {
	test("lies inside the stage with its aspect kept", () => {
		fc.assert(
			fc.property(length, length, length, length, (sw, sh, pw, ph) => {
				const frame = frameFor({ width: sw, height: sh }, { width: pw, height: ph }, true, 1);
				expect(frame.fitted.width).toBeLessThanOrEqual(sw + 1e-6);
				expect(frame.fitted.height).toBeLessThanOrEqual(sh + 1e-6);
				expect(frame.fitted.width / frame.fitted.height).toBeCloseTo(pw / ph, 6);
			}),
		);
	});

	test("is enlarged at most twice when it is small", () => {
		const frame = frameFor({ width: 1400, height: 900 }, { width: 240, height: 180 }, true, 1);
		expect(frame.fitted).toEqual({ width: 480, height: 360 });
	});

	test("fills the stage while only its aspect is known", () => {
		const frame = frameFor({ width: 1400, height: 900 }, { width: 3, height: 2 }, false, 1);
		expect(frame.fitted.width).toBeCloseTo(1350);
	});

	test("survives a stage without size", () => {
		const frame = frameFor({ width: 0, height: 0 }, { width: 4000, height: 3000 }, true, 1);
		expect(Number.isFinite(frame.fitted.width)).toBe(true);
		expect(Number.isFinite(percent(fittedView, frame))).toBe(true);
	});
});

describe("double click", () => {
	const frame = frameFor({ width: 1000, height: 800 }, { width: 4000, height: 3200 }, true, 1);

	test("shows 100 % and then the whole photo again", () => {
		const actual = toggleActual(fittedView, frame, { x: 10, y: 10 });
		expect(percent(actual, frame)).toBe(100);
		expect(toggleActual(actual, frame, { x: 0, y: 0 })).toEqual(fittedView);
	});

	test("counts in screen pixels on a dense screen", () => {
		const dense = frameFor({ width: 1000, height: 800 }, { width: 4000, height: 3200 }, true, 2);
		expect(toggleActual(fittedView, dense, { x: 0, y: 0 }).zoom).toBeCloseTo(2);
	});

	test("enlarges a photo that shows its pixels already", () => {
		const small = frameFor({ width: 1000, height: 800 }, { width: 400, height: 300 }, true, 1);
		expect(toggleActual(fittedView, small, { x: 0, y: 0 }).zoom).toBe(2);
	});
});

describe("two fingers", () => {
	const frame = frameFor({ width: 400, height: 800 }, { width: 4000, height: 8000 }, true, 1);

	test("twice as far apart show the photo twice as large", () => {
		const next = pinchBy(
			fittedView,
			frame,
			[
				{ x: -50, y: 0 },
				{ x: 50, y: 0 },
			],
			[
				{ x: -100, y: 0 },
				{ x: 100, y: 0 },
			],
		);
		expect(next.zoom).toBeCloseTo(2);
		expect(next.offset).toEqual({ x: 0, y: 0 });
	});

	test("moving together move an enlarged photo with them", () => {
		const zoomed = zoomTo(fittedView, frame, 3, { x: 0, y: 0 });
		const next = pinchBy(
			zoomed,
			frame,
			[
				{ x: -50, y: 0 },
				{ x: 50, y: 0 },
			],
			[
				{ x: -20, y: 40 },
				{ x: 80, y: 40 },
			],
		);
		expect(next.offset.x).toBeCloseTo(30);
		expect(next.offset.y).toBeCloseTo(40);
	});

	test("lying on one point do not divide by nothing", () => {
		const point = { x: 5, y: 5 };
		const next = pinchBy(fittedView, frame, [point, point], [point, { x: 60, y: 5 }]);
		expect(Number.isFinite(next.zoom)).toBe(true);
	});
});

test("a wheel turned away enlarges, turned near makes smaller, and both undo each other", () => {
	expect(wheelFactor(-100, 0, false)).toBeGreaterThan(1);
	expect(wheelFactor(100, 0, false)).toBeLessThan(1);
	expect(wheelFactor(-3, 1, false) * wheelFactor(3, 1, false)).toBeCloseTo(1);
	expect(wheelFactor(-1e9, 0, true)).toBeLessThan(12);
});
