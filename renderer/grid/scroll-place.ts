/** @file The photos a grid is scrolled to: they stay in view when its width, its size or its list changes. */
import type { PhotoList } from "../state/photo-list.ts";
import type { GridLayout } from "./justified-layout.ts";
import { type Frame, frameOf, lastAtMost } from "./layout-queries.ts";
import { rememberedScroll, rememberScroll, type ScrollAnchor } from "./scroll-memory.ts";

/** Scrolled less far than this, a grid is at its top: rounding leaves fractions of px behind. */
const topPx = 4;
/** Kept free under a photo that is scrolled into view. */
const clearBelowPx = 12;

/** What a grid shows at the moment. */
export interface ShownGrid {
	/** Names the list: scrolling starts anew, or where it was, when this changes. */
	readonly key: string;
	readonly list: PhotoList;
	readonly layout: GridLayout;
}

export class ScrollPlace {
	#shown: ShownGrid | null = null;
	#anchor: ScrollAnchor | null = null;

	/** Whether this is another list than the one before; false for the first. */
	isOther(list: PhotoList): boolean {
		return this.#shown !== null && this.#shown.list !== list;
	}

	/**
	 * Where a grid that has changed is to be scrolled, in px, so that the same photos stay in view. A
	 * list that is at its top stays there, so that new photos are seen.
	 * @param scrollTop where it is scrolled now, in px
	 */
	keep(shown: ShownGrid, scrollTop: number): number {
		const before = this.#shown;
		this.#shown = shown;
		const isNewKey = before?.key !== shown.key;
		const wanted = isNewKey ? rememberedScroll(shown.key) : this.#anchor;
		const isAtTop = isNewKey ? wanted === null : scrollTop < topPx && before?.list !== shown.list;
		if (isAtTop) return 0;
		const index = wanted === null ? -1 : shown.list.ids.indexOf(wanted.id);
		if (wanted === null || index === -1) return scrollTop;
		return frameOf(shown.layout, index).top + wanted.offsetPx;
	}

	/** Takes note of the photos at the top edge, also for when this list is come back to. */
	note(scrollTop: number): void {
		if (this.#shown === null || this.#shown.layout.rows === 0) return;
		const { key, list, layout } = this.#shown;
		const row = Math.max(0, lastAtMost(layout.rowTop, scrollTop));
		const id = list.ids[layout.rowFirst[row] ?? 0];
		this.#anchor =
			id === undefined ? null : { id, offsetPx: scrollTop - (layout.rowTop[row] ?? 0) };
		rememberScroll(key, scrollTop < topPx ? null : this.#anchor);
	}
}

/**
 * Where to scroll, in px, to see a photo whole: just as far as it takes.
 * @param clearAbovePx kept free above it, where a heading lies over the photos
 */
export function scrolledIntoView(
	frame: Frame,
	scrollTop: number,
	windowPx: number,
	clearAbovePx: number,
): number {
	if (frame.top - clearAbovePx < scrollTop) return frame.top - clearAbovePx;
	return Math.max(scrollTop, frame.bottom + clearBelowPx - windowPx);
}
