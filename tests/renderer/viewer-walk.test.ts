/** @file Walking along a list in the viewer by keys and fingers. */
import { describe, expect, test } from "vitest";
import type { PhotoId } from "../../contract/ids.ts";
import { photoIdSchema } from "../../contract/ids.ts";
import { formatCount } from "../../renderer/shell/progress-words.ts";
import { counterInWords, positionOf, stepFrom } from "../../renderer/viewer/photo-sequence.ts";
import { readSwipe } from "../../renderer/viewer/swipe.ts";
import { viewerAction } from "../../renderer/viewer/viewer-keys.ts";

const id = (value: number): PhotoId => photoIdSchema.parse(value);
const ids = Array.from({ length: 1000 }, (_, index) => id(5000 - index));

describe("the place in the list", () => {
	test("is found where it was, beside it, or far away", () => {
		expect(positionOf(ids, id(5000 - 400), 400)).toEqual({ index: 400, total: 1000 });
		expect(positionOf(ids, id(5000 - 400), 401).index).toBe(400);
		expect(positionOf(ids, id(5000 - 999), 0).index).toBe(999);
	});

	test("of a step to the neighbour reads a few items and not the list", () => {
		let reads = 0;
		const counted = new Proxy(ids, {
			get(target, key, receiver) {
				if (typeof key === "string" && /^\d+$/.test(key)) reads += 1;
				return Reflect.get(target, key, receiver);
			},
		});
		expect(positionOf(counted, id(5000 - 501), 500).index).toBe(501);
		expect(reads).toBeLessThan(8);
	});

	test("is nowhere for a photo from outside, which then has no neighbours and no counter", () => {
		const position = positionOf(ids, id(1), 3);
		expect(position.index).toBe(-1);
		expect(stepFrom(ids, position, 1)).toBeNull();
		expect(counterInWords(position)).toBeNull();
	});

	test("ends at both ends", () => {
		expect(stepFrom(ids, { index: 0, total: 1000 }, -1)).toBeNull();
		expect(stepFrom(ids, { index: 999, total: 1000 }, 1)).toBeNull();
		expect(stepFrom(ids, { index: 998, total: 1000 }, 1)).toBe(id(5000 - 999));
	});

	test("is counted from one", () => {
		expect(counterInWords({ index: 11, total: 340 })).toBe("12 of 340");
		expect(counterInWords({ index: 20112, total: 100_000 })).toBe(
			`${formatCount(20_113)} of ${formatCount(100_000)}`,
		);
	});
});

describe("a stroke of a finger", () => {
	test("to the left brings the next photo, to the right the previous, downwards closes", () => {
		expect(readSwipe(-120, 20, 400)).toBe("next");
		expect(readSwipe(120, -20, 400)).toBe("previous");
		expect(readSwipe(10, 140, 400)).toBe("close");
		expect(readSwipe(10, -140, 400)).toBe("none");
	});

	test("may be short when it is quick", () => {
		expect(readSwipe(-40, 0, 60)).toBe("next");
		expect(readSwipe(-40, 0, 600)).toBe("none");
	});
});

describe("keys", () => {
	const press = (key: string, held: Partial<Record<"shiftKey" | "ctrlKey", boolean>> = {}) =>
		viewerAction({ key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...held });

	test("walk, close, zoom and tell", () => {
		expect(press("ArrowRight")).toBe("next");
		expect(press("Home")).toBe("first");
		expect(press(" ")).toBe("close");
		expect(press("Escape")).toBe("close");
		expect(press("I")).toBe("info");
		expect(press("+", { shiftKey: true })).toBe("zoom-in");
		expect(press("z")).toBe("actual");
	});

	test("with Shift look around an enlarged photo", () => {
		expect(press("ArrowRight", { shiftKey: true })).toBe("look-right");
	});

	test("with Control belong to the browser", () => {
		expect(press("f", { ctrlKey: true })).toBeNull();
		expect(press("0", { ctrlKey: true })).toBeNull();
	});
});
