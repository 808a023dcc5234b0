/** @file The frame around one thing in a photo never leaves it, however it is moved or pulled at. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Region } from "../../contract/example.ts";
import {
	grown,
	handles,
	leastSide,
	middleRegion,
	moved,
	pulled,
	regionAfterKey,
	regionBetween,
} from "../../renderer/viewer/region-box.ts";

const share = fc.double({ min: -0.5, max: 1.5, noNaN: true });
const point = fc.record({ x: share, y: share });
const change = fc.double({ min: -2, max: 2, noNaN: true });
const region = fc.tuple(point, point).map(([one, other]) => regionBetween(one, other));

function expectInside({ x, y, width, height }: Region) {
	expect(x).toBeGreaterThanOrEqual(0);
	expect(y).toBeGreaterThanOrEqual(0);
	expect(width).toBeGreaterThanOrEqual(leastSide - 1e-9);
	expect(height).toBeGreaterThanOrEqual(leastSide - 1e-9);
	expect(x + width).toBeLessThanOrEqual(1 + 1e-9);
	expect(y + height).toBeLessThanOrEqual(1 + 1e-9);
}

test("whatever is drawn, moved, pulled or grown lies inside the photo and can be taken hold of", () => {
	fc.assert(
		fc.property(region, fc.constantFrom(...handles), change, change, (start, handle, dx, dy) => {
			for (const next of [
				start,
				moved(start, dx, dy),
				pulled(start, handle, dx, dy),
				grown(start, dx, dy),
			]) {
				expectInside(next);
			}
		}),
	);
});

test("moving keeps the size, and pulling at a corner keeps the opposite one", () => {
	fc.assert(
		fc.property(region, change, change, (start, dx, dy) => {
			expect(moved(start, dx, dy)).toMatchObject({ width: start.width, height: start.height });
			const next = pulled(start, "bottom-right", dx, dy);
			expect(next.x).toBeCloseTo(start.x, 6);
			expect(next.y).toBeCloseTo(start.y, 6);
		}),
	);
});

test("a frame may be drawn from any corner", () => {
	const expected = { x: 0.2, y: 0.3, width: expect.closeTo(0.4), height: expect.closeTo(0.5) };
	expect(regionBetween({ x: 0.2, y: 0.3 }, { x: 0.6, y: 0.8 })).toEqual(expected);
	expect(regionBetween({ x: 0.6, y: 0.3 }, { x: 0.2, y: 0.8 })).toEqual(expected);
});

test("arrows move, with Shift they size, other keys mean nothing", () => {
	const press = (key: string, shiftKey = false) => regionAfterKey(middleRegion, { key, shiftKey });
	expect(press("ArrowLeft")?.x).toBeCloseTo(0.28);
	expect(press("ArrowDown")?.y).toBeCloseTo(0.32);
	expect(press("ArrowRight", true)?.width).toBeCloseTo(0.42);
	expect(press("ArrowDown", true)?.height).toBeCloseTo(0.38);
	expect(press("x")).toBeNull();
});
