/** @file Selecting photos: alone, one by one, by range, by frame. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type PhotoId, photoIdSchema } from "../../contract/ids.ts";
import { Selection } from "../../renderer/state/selection.svelte.ts";

const id = (value: number): PhotoId => photoIdSchema.parse(value);
const order = Array.from({ length: 10 }, (_, index) => id(index + 1));
const selected = (selection: Selection) => [...selection.ids].toSorted((a, b) => a - b);

describe("the selection", () => {
	it("extends from the last photo chosen, either way, and shrinks again", () => {
		const selection = new Selection();
		selection.only(id(4));
		selection.extendTo(id(7), order);
		expect(selected(selection)).toEqual([4, 5, 6, 7]);
		selection.extendTo(id(2), order);
		expect(selected(selection)).toEqual([2, 3, 4]);
	});

	it("keeps what was chosen one by one while a range is drawn", () => {
		const selection = new Selection();
		selection.toggle(id(1));
		selection.toggle(id(5));
		selection.extendTo(id(6), order);
		expect(selected(selection)).toEqual([1, 5, 6]);
		selection.toggle(id(1));
		expect(selected(selection)).toEqual([5, 6]);
	});

	it("selects the one photo when a range has no start", () => {
		const selection = new Selection();
		selection.extendTo(id(3), order);
		expect(selected(selection)).toEqual([3]);
	});

	it("begins a range at the anchor only while nothing is selected", () => {
		const selection = new Selection();
		selection.anchorAt(id(2));
		selection.extendTo(id(3), order);
		selection.anchorAt(id(9));
		selection.extendTo(id(4), order);
		expect(selected(selection)).toEqual([2, 3, 4]);
	});

	it("drops photos that are no longer shown", () => {
		const selection = new Selection();
		selection.replace([id(1), id(2), id(3)]);
		selection.keepOnly(new Set([id(2)]));
		expect(selected(selection)).toEqual([2]);
		selection.clear();
		expect(selection.size).toBe(0);
	});

	it("toggling twice changes nothing", () => {
		fc.assert(
			fc.property(
				fc.uniqueArray(fc.constantFrom(...order)),
				fc.constantFrom(...order),
				(ids, one) => {
					const selection = new Selection();
					selection.replace(ids);
					selection.toggle(one);
					selection.toggle(one);
					expect(selected(selection)).toEqual(ids.toSorted((a, b) => a - b));
				},
			),
		);
	});
});
