/** @file Where the keyboard leads in a grid of rows that are not aligned in columns. */
import type { GridLayout } from "./justified-layout.ts";
import { lastAtMost, middleOf, nearestInRow, rowOfItem } from "./layout-queries.ts";

/** Keys that move through the grid. */
export const stepKeys = [
	"ArrowLeft",
	"ArrowRight",
	"ArrowUp",
	"ArrowDown",
	"Home",
	"End",
	"PageUp",
	"PageDown",
] as const;
export type StepKey = (typeof stepKeys)[number];

/** Narrows a pressed key's name to one that moves. */
export function isStepKey(key: string): key is StepKey {
	return stepKeys.some((stepKey) => stepKey === key);
}

/**
 * The photo a key leads to from `item`.
 *
 * @param column the x that upward and downward steps hold on to, or null to take the photo's middle;
 * without it a walk down and up again would drift sideways
 * @param pageHeight how far PageUp and PageDown lead, in px
 */
export function stepFrom(
	layout: GridLayout,
	item: number,
	key: StepKey,
	column: number | null,
	pageHeight: number,
): number {
	const last = layout.items - 1;
	const row = rowOfItem(layout, item);
	const x = column ?? middleOf(layout, item);
	switch (key) {
		case "ArrowLeft":
			return Math.max(0, item - 1);
		case "ArrowRight":
			return Math.min(last, item + 1);
		case "ArrowUp":
			return row === 0 ? item : nearestInRow(layout, row - 1, x);
		case "ArrowDown":
			return row === layout.rows - 1 ? item : nearestInRow(layout, row + 1, x);
		case "Home":
			return 0;
		case "End":
			return last;
		case "PageUp":
		case "PageDown": {
			const direction = key === "PageDown" ? 1 : -1;
			const from = layout.rowTop[row] ?? 0;
			let target = row;
			while (target + direction >= 0 && target + direction < layout.rows) {
				target += direction;
				if (Math.abs((layout.rowTop[target] ?? 0) - from) >= pageHeight) break;
			}
			return nearestInRow(layout, target, x);
		}
	}
}

/**
 * The section that a step leads to; backwards first to the heading of the one in view. May lie beyond
 * the first or the last one.
 * @param sectionTop top of each section, in px, ascending
 */
export function sectionStep(
	sectionTop: ArrayLike<number>,
	scrollTop: number,
	direction: 1 | -1,
): number {
	const present = lastAtMost(sectionTop, scrollTop + 2);
	if (direction === 1) return present + 1;
	const isAtHeading = Math.abs((sectionTop[present] ?? 0) - scrollTop) < 3;
	return isAtHeading ? present - 1 : present;
}
