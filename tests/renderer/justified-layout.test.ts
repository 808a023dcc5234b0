/** @file The grid's layout keeps its promises for any photos and any width. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type GridLayout, layOut } from "../../renderer/grid/justified-layout.ts";
import { frameOf, itemsBetween, itemsTouching } from "../../renderer/grid/layout-queries.ts";

const gap = 4;

const inputs = fc
	.record({
		aspectsPermille: fc.array(fc.integer({ min: 1, max: 20_000 }), { maxLength: 300 }),
		sectionLengths: fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 20 }),
		width: fc.integer({ min: 120, max: 4000 }),
		rowHeight: fc.integer({ min: 80, max: 420 }),
		headingHeight: fc.constantFrom(0, 44),
	})
	.map(({ sectionLengths, ...rest }) => {
		const sections: { first: number; end: number }[] = [];
		let first = 0;
		for (const length of [...sectionLengths, rest.aspectsPermille.length]) {
			const end = Math.min(rest.aspectsPermille.length, first + length);
			if (end > first) sections.push({ first, end });
			first = end;
		}
		return { ...rest, sections, gap, sectionGap: 12 };
	});

function rowsOf(layout: GridLayout): { first: number; end: number; top: number; height: number }[] {
	return Array.from({ length: layout.rows }, (_, row) => ({
		first: layout.rowFirst[row] ?? -1,
		end: layout.rowFirst[row + 1] ?? -1,
		top: layout.rowTop[row] ?? -1,
		height: layout.rowHeight[row] ?? -1,
	}));
}

describe("the justified layout", () => {
	it("fills the width with every row but the last of a section", () => {
		fc.assert(
			fc.property(inputs, (input) => {
				const layout = layOut(input);
				const lasts = new Set(input.sections.map(({ end }) => end));
				for (const row of rowsOf(layout)) {
					const right = frameOf(layout, row.end - 1).right;
					expect(right).toBeLessThanOrEqual(input.width + 1);
					if (!lasts.has(row.end)) expect(Math.abs(right - input.width)).toBeLessThanOrEqual(1);
				}
			}),
		);
	});

	it("keeps the order, leaves nothing out and starts every section with a row", () => {
		fc.assert(
			fc.property(inputs, (input) => {
				const layout = layOut(input);
				const rows = rowsOf(layout);
				expect(rows[0]?.first ?? 0).toBe(0);
				expect(rows.at(-1)?.end ?? 0).toBe(input.aspectsPermille.length);
				for (const [number, row] of rows.entries()) {
					expect(row.end).toBeGreaterThan(row.first);
					if (number > 0) expect(row.first).toBe(rows[number - 1]?.end);
				}
				const starts = new Set(rows.map(({ first }) => first));
				for (const { first } of input.sections) expect(starts.has(first)).toBe(true);
			}),
		);
	});

	it("lets nothing overlap", () => {
		fc.assert(
			fc.property(inputs, (input) => {
				const layout = layOut(input);
				let bottom = 0;
				for (const row of rowsOf(layout)) {
					expect(row.top).toBeGreaterThanOrEqual(bottom);
					expect(row.height).toBeGreaterThan(0);
					bottom = row.top + row.height;
					let right = -gap;
					for (let item = row.first; item < row.end; item += 1) {
						const frame = frameOf(layout, item);
						expect(frame.left).toBeGreaterThanOrEqual(right + gap - 1e-3);
						expect(frame.right).toBeGreaterThan(frame.left);
						right = frame.right;
					}
				}
				expect(layout.height).toBeGreaterThanOrEqual(bottom);
			}),
		);
	});

	it("gives exactly the photos in a band, and all that a frame touches", () => {
		fc.assert(
			fc.property(inputs, fc.nat(), fc.nat(), (input, start, size) => {
				const layout = layOut(input);
				const top = start % (layout.height + 1);
				const bottom = top + (size % 2000) + 1;
				const [first, end] = itemsBetween(layout, top, bottom);
				const touched = new Set(itemsTouching(layout, { left: 0, right: 5000, top, bottom }));
				for (let item = 0; item < layout.items; item += 1) {
					const frame = frameOf(layout, item);
					const inside = frame.bottom > top && frame.top <= bottom;
					expect(item >= first && item < end).toBe(inside);
					expect(touched.has(item)).toBe(inside);
				}
			}),
		);
	});

	it("lays out nothing without complaint", () => {
		const layout = layOut({
			aspectsPermille: [],
			sections: [],
			width: 800,
			rowHeight: 200,
			gap,
			headingHeight: 44,
			sectionGap: 12,
		});
		expect(layout.rows).toBe(0);
		expect(layout.height).toBe(0);
		expect(itemsBetween(layout, 0, 1000)).toEqual([0, 0]);
	});
});
