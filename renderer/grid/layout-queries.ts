/** @file Questions to a layout: what is where. Binary searches, because rows are in order. */
import type { GridLayout } from "./justified-layout.ts";

/** A rectangle in the layout's own px. */
export interface Frame {
	readonly left: number;
	readonly top: number;
	readonly right: number;
	readonly bottom: number;
}

/** Index of the last entry that is `<= value`; -1 before the first. */
export function lastAtMost(sorted: ArrayLike<number>, value: number): number {
	let low = 0;
	let high = sorted.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if ((sorted[middle] ?? 0) <= value) low = middle + 1;
		else high = middle;
	}
	return low - 1;
}

/** The row a photo is in. */
export function rowOfItem(layout: GridLayout, item: number): number {
	return Math.min(layout.rows - 1, lastAtMost(layout.rowFirst, item));
}

/** Photos in the rows that touch a band: `[first, end)`; empty when nothing is there. */
export function itemsBetween(layout: GridLayout, top: number, bottom: number): [number, number] {
	if (layout.rows === 0 || bottom <= top) return [0, 0];
	let firstRow = Math.max(0, lastAtMost(layout.rowTop, top));
	if (bottomOfRow(layout, firstRow) <= top) firstRow += 1;
	const lastRow = lastAtMost(layout.rowTop, bottom);
	if (lastRow < firstRow) return [0, 0];
	return [layout.rowFirst[firstRow] ?? 0, layout.rowFirst[lastRow + 1] ?? layout.items];
}

/** Where a photo is. */
export function frameOf(layout: GridLayout, item: number): Frame {
	const row = rowOfItem(layout, item);
	const left = layout.itemLeft[item] ?? 0;
	return {
		left,
		top: layout.rowTop[row] ?? 0,
		right: left + (layout.itemWidth[item] ?? 0),
		bottom: bottomOfRow(layout, row),
	};
}

/** Photos that a frame drawn with the pointer touches. */
export function itemsTouching(layout: GridLayout, frame: Frame): number[] {
	const [first, end] = itemsBetween(layout, frame.top, frame.bottom);
	const touched: number[] = [];
	for (let item = first; item < end; item += 1) {
		const left = layout.itemLeft[item] ?? 0;
		if (left < frame.right && left + (layout.itemWidth[item] ?? 0) > frame.left) touched.push(item);
	}
	return touched;
}

/** The photo of a row whose middle is nearest to `x`. */
export function nearestInRow(layout: GridLayout, row: number, x: number): number {
	const first = layout.rowFirst[row] ?? 0;
	const end = layout.rowFirst[row + 1] ?? layout.items;
	let nearest = first;
	let distance = Number.POSITIVE_INFINITY;
	for (let item = first; item < end; item += 1) {
		const own = Math.abs(middleOf(layout, item) - x);
		if (own < distance) {
			nearest = item;
			distance = own;
		}
	}
	return nearest;
}

/** The horizontal middle of a photo. */
export function middleOf(layout: GridLayout, item: number): number {
	return (layout.itemLeft[item] ?? 0) + (layout.itemWidth[item] ?? 0) / 2;
}

function bottomOfRow(layout: GridLayout, row: number): number {
	return (layout.rowTop[row] ?? 0) + (layout.rowHeight[row] ?? 0);
}
