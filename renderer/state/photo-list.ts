/** @file A list of photos as the grid needs it: flat arrays, index by index. */
import type { PhotoId } from "../../contract/ids.ts";
import type { PhotoColumns } from "../../contract/photo.ts";
import type { SearchHit } from "../../contract/search.ts";

export interface PhotoList {
	readonly ids: readonly PhotoId[];
	/** Width over height, times 1000. */
	readonly aspectsPermille: readonly number[];
	/** Whole days since 1970-01-01 for lists in order of time; null for lists in another order. */
	readonly days: readonly number[] | null;
	/** Of the thumbnail; 0 while there is none. */
	readonly versions: readonly number[];
}

/** A list without photos. */
export const emptyPhotoList: PhotoList = { ids: [], aspectsPermille: [], days: null, versions: [] };

/** The library's columns as they came. */
export function listOfColumns(columns: PhotoColumns): PhotoList {
	return columns;
}

/** The hits of a search, best first. */
export function listOfHits(hits: readonly SearchHit[]): PhotoList {
	return {
		ids: hits.map((hit) => hit.id),
		aspectsPermille: hits.map((hit) => hit.aspectPermille),
		days: null,
		versions: hits.map((hit) => hit.version),
	};
}
