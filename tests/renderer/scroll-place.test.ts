/** @file A grid stays at the photos it showed, whatever changes about it. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { photoIdSchema } from "../../contract/ids.ts";
import { sectionStep } from "../../renderer/grid/grid-steps.ts";
import { layOut } from "../../renderer/grid/justified-layout.ts";
import { frameOf } from "../../renderer/grid/layout-queries.ts";
import { ScrollPlace, scrolledIntoView } from "../../renderer/grid/scroll-place.ts";
import { emptyPhotoList } from "../../renderer/state/photo-list.ts";

/** A grid of photos with these ids, all of one shape. */
function grid(key: string, ids: readonly number[], width = 900) {
	const aspectsPermille = ids.map(() => 1500);
	const list = {
		...emptyPhotoList,
		ids: ids.map((id) => photoIdSchema.parse(id)),
		aspectsPermille,
		versions: ids.map(() => 1),
	};
	const layout = layOut({
		aspectsPermille,
		sections: [{ first: 0, end: ids.length }],
		width,
		rowHeight: 200,
		gap: 4,
		headingHeight: 0,
		sectionGap: 0,
	});
	return { key, list, layout };
}

const from = (first: number, count: number) => Array.from({ length: count }, (_, at) => first + at);
const topOf = ({ layout, list }: ReturnType<typeof grid>, id: number) =>
	frameOf(layout, list.ids.indexOf(photoIdSchema.parse(id))).top;

describe("the place a grid is scrolled to", () => {
	it("is at the same photo when the width changes", () => {
		const place = new ScrollPlace();
		const wide = grid("width", from(1, 300));
		expect(place.keep(wide, 0)).toBe(0);
		const scrollTop = topOf(wide, 150) + 30;
		place.note(scrollTop);
		const narrow = grid("width", from(1, 300), 400);
		const first = wide.list.ids.find((id) => topOf(wide, id) === topOf(wide, 150)) ?? 0;
		expect(place.keep(narrow, scrollTop)).toBe(topOf(narrow, first) + 30);
	});

	it("is at the same photo when photos come before it, and at the top when it was there", () => {
		const place = new ScrollPlace();
		place.keep(grid("more", from(101, 200)), 0);
		place.note(0);
		const more = grid("more", from(51, 250));
		expect(place.isOther(more.list)).toBe(true);
		expect(place.keep(more, 0)).toBe(0);
		const scrollTop = topOf(more, 150) + 7;
		place.note(scrollTop);
		const most = grid("more", from(1, 300));
		expect(place.keep(most, scrollTop)).toBeGreaterThan(scrollTop);
	});

	it("is where it was when a list is come back to, and at the top of one never seen", () => {
		const place = new ScrollPlace();
		const one = grid("one", from(1, 300));
		place.keep(one, 0);
		place.note(topOf(one, 200) + 11);
		expect(place.keep(grid("other", from(1, 300)), topOf(one, 200) + 11)).toBe(0);
		place.note(0);
		expect(place.keep(one, 0)).toBe(topOf(one, 200) + 11);
	});
});

describe("scrolling a photo into view", () => {
	const frames = fc.record({ top: fc.nat(10_000), height: fc.integer({ min: 20, max: 400 }) });

	it("shows it whole, and leaves alone what is whole in view already", () => {
		fc.assert(
			fc.property(frames, fc.nat(10_000), ({ top, height }, scrollTop) => {
				const frame = { left: 0, right: 100, top, bottom: top + height };
				const target = scrolledIntoView(frame, scrollTop, 600, 48);
				expect(frame.top).toBeGreaterThanOrEqual(target + 48);
				expect(frame.bottom).toBeLessThanOrEqual(target + 600);
				expect(scrolledIntoView(frame, target, 600, 48)).toBe(target);
			}),
		);
	});
});

describe("steps from heading to heading", () => {
	const tops = [0, 500, 1200];

	it.each([
		[0, 1, 1],
		[499, 1, 2],
		[700, -1, 1],
		[500, -1, 0],
		[1200, 1, 3],
		[0, -1, -1],
	] as const)("from %i px, by %i, lead to section %i", (scrollTop, direction, section) => {
		expect(sectionStep(tops, scrollTop, direction)).toBe(section);
	});
});
