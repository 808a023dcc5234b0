/** @file Where each list was scrolled to, so that Back leads to the same photos. */
import type { PhotoId } from "../../contract/ids.ts";

/** The photo at the top edge and how far above the edge its row begins, in px. */
export interface ScrollAnchor {
	readonly id: PhotoId;
	readonly offsetPx: number;
}

const remembered = new Map<string, ScrollAnchor>();
const keptAtMost = 50;

export function rememberScroll(key: string, anchor: ScrollAnchor | null): void {
	remembered.delete(key);
	if (anchor !== null) remembered.set(key, anchor);
	for (const oldest of remembered.keys()) {
		if (remembered.size <= keptAtMost) break;
		remembered.delete(oldest);
	}
}

export function rememberedScroll(key: string): ScrollAnchor | null {
	return remembered.get(key) ?? null;
}
