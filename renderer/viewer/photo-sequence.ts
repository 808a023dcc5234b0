/** @file Walking along a list of photos that may be very long and may change under the walker. */
import type { PhotoId } from "../../contract/ids.ts";
import { formatCount } from "../shell/progress-words.ts";

/** A place in a list that is only ever read: 100,000 ids are never copied. */
export interface Position {
	/** From 0; -1 when the photo is not in the list (opened from elsewhere). */
	index: number;
	total: number;
}

/**
 * Finds the photo, looking first where it was, then nearby, then everywhere.
 *
 * @param near Where it was last seen; stepping through a list then costs the same at any length.
 */
export function positionOf(ids: readonly PhotoId[], id: PhotoId, near: number): Position {
	const total = ids.length;
	for (let distance = 0; distance <= 2; distance += 1) {
		if (ids[near + distance] === id) return { index: near + distance, total };
		if (ids[near - distance] === id) return { index: near - distance, total };
	}
	return { index: ids.indexOf(id), total };
}

/** The photo `steps` away, or null past an end. */
export function stepFrom(
	ids: readonly PhotoId[],
	position: Position,
	steps: number,
): PhotoId | null {
	if (position.index < 0) return null;
	return ids[position.index + steps] ?? null;
}

/** Such as `12 of 340`; null where the photo is not part of the list. */
export function counterInWords(position: Position): string | null {
	if (position.index < 0) return null;
	return `${formatCount(position.index + 1)} of ${formatCount(position.total)}`;
}
