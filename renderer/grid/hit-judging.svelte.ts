/** @file Judging hits with the mouse: the photo pointed at, and what was said of each before. */
import type { PhotoId } from "../../contract/ids.ts";
import { type Judgement, picturesOf } from "../state/asked-pictures.ts";
import type { Query } from "../state/location.ts";

export class HitJudging {
	#pointedId = $state<PhotoId | null>(null);

	/** The photo under the mouse; null where there is none. */
	get pointedId(): PhotoId | null {
		return this.#pointedId;
	}

	/** The mouse is over this photo now, or over none. A finger points at nothing: it presses. */
	pointAt(id: PhotoId | null, event: PointerEvent): void {
		const target = event.target instanceof Element ? event.target : null;
		if (event.pointerType === "touch" || target?.closest("[data-judge]")) return;
		this.#pointedId = id;
	}

	/** The mouse has left, or the photo has: what is under the mouse then was not pointed at. */
	letGo(): void {
		this.#pointedId = null;
	}
}

/** What a query says of photos that were found by it. */
export function judgementsIn(query: Query | null): ReadonlyMap<PhotoId, Judgement> {
	const { liked, disliked } = picturesOf(query);
	return new Map<PhotoId, Judgement>([
		...liked.map((id) => [id, "liked"] as const),
		...disliked.map((id) => [id, "disliked"] as const),
	]);
}
