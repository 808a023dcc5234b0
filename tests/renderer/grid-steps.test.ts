/** @file Walking the grid by keyboard. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stepFrom, stepKeys } from "../../renderer/grid/grid-steps.ts";
import { layOut } from "../../renderer/grid/justified-layout.ts";
import { middleOf, rowOfItem } from "../../renderer/grid/layout-queries.ts";
import { sectionsOf } from "../../renderer/grid/sections.ts";

function grid(aspectsPermille: number[], width = 900) {
	return layOut({
		aspectsPermille,
		sections: [{ first: 0, end: aspectsPermille.length }],
		width,
		rowHeight: 200,
		gap: 4,
		headingHeight: 0,
		sectionGap: 0,
	});
}

const shapes = fc.array(fc.integer({ min: 400, max: 3000 }), { minLength: 1, maxLength: 120 });

describe("steps in the grid", () => {
	it("always lead to a photo", () => {
		fc.assert(
			fc.property(shapes, fc.nat(), fc.constantFrom(...stepKeys), (aspects, start, key) => {
				const target = stepFrom(grid(aspects), start % aspects.length, key, null, 500);
				expect(target).toBeGreaterThanOrEqual(0);
				expect(target).toBeLessThan(aspects.length);
			}),
		);
	});

	it("down leads exactly one row down, and up again leads back when the column is held", () => {
		fc.assert(
			fc.property(shapes, fc.nat(), (aspects, start) => {
				const layout = grid(aspects);
				const item = start % aspects.length;
				const row = rowOfItem(layout, item);
				if (row === layout.rows - 1) return;
				const column = middleOf(layout, item);
				const below = stepFrom(layout, item, "ArrowDown", column, 500);
				expect(rowOfItem(layout, below)).toBe(row + 1);
				expect(stepFrom(layout, below, "ArrowUp", column, 500)).toBe(item);
			}),
		);
	});

	it("page down moves by about a windowful", () => {
		const layout = grid(Array.from({ length: 200 }, () => 1500));
		const target = stepFrom(layout, 0, "PageDown", null, 600);
		const moved = layout.rowTop[rowOfItem(layout, target)] ?? 0;
		expect(moved).toBeGreaterThanOrEqual(600);
		expect(moved).toBeLessThan(600 + 250);
	});
});

describe("headings", () => {
	const daysOf = (...dates: string[]) => dates.map((date) => Date.parse(date) / 86_400_000);

	it("are months where months hold enough photos", () => {
		const days = [
			...Array.from({ length: 10 }, () => daysOf("2021-08-30")[0] ?? 0),
			...Array.from({ length: 10 }, () => daysOf("2021-07-02")[0] ?? 0),
		];
		expect(sectionsOf(days, "en").map(({ title, first, end }) => ({ title, first, end }))).toEqual([
			{ title: "August 2021", first: 0, end: 10 },
			{ title: "July 2021", first: 10, end: 20 },
		]);
	});

	it("are years where months hold little", () => {
		const days = daysOf("2021-08-30", "2021-03-01", "2020-12-31", "1969-07-20");
		expect(sectionsOf(days, "en").map(({ title }) => title)).toEqual(["2021", "2020", "1969"]);
	});

	it("cover every photo once, in order", () => {
		fc.assert(
			fc.property(fc.array(fc.integer({ min: -20_000, max: 40_000 })), (unsorted) => {
				const days = unsorted.toSorted((first, second) => second - first);
				const sections = sectionsOf(days);
				let next = 0;
				for (const section of sections) {
					expect(section.first).toBe(next);
					expect(section.end).toBeGreaterThan(section.first);
					next = section.end;
				}
				expect(next).toBe(days.length);
			}),
		);
	});
});
