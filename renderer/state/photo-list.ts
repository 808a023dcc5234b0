/** @file A list of photos as the grid needs it: flat arrays, index by index. */
import type { PhotoId } from "../../contract/ids.ts";
import type { PhotoColumns } from "../../contract/photo.ts";
import type { SearchHit } from "../../contract/search.ts";
import type { Section } from "../grid/sections.ts";

export interface PhotoList {
	readonly ids: readonly PhotoId[];
	/** Width over height, times 1000. */
	readonly aspectsPermille: readonly number[];
	/** Whole days since 1970-01-01 for lists in order of time; null for lists in another order. */
	readonly days: readonly number[] | null;
	/** The runs a list in another order falls into; null where it is one run, or in order of time. */
	readonly sections: readonly Section[] | null;
	/** Photos marked as no sure matches, where their place in the list does not say so. */
	readonly unsure?: ReadonlySet<PhotoId>;
	/** Of the thumbnail; 0 while there is none. */
	readonly versions: readonly number[];
}

/** A list without photos. */
export const emptyPhotoList: PhotoList = {
	ids: [],
	aspectsPermille: [],
	days: null,
	sections: null,
	versions: [],
};

/** The library's columns as they came. */
export function listOfColumns(columns: PhotoColumns): PhotoList {
	return { ...columns, sections: null };
}

/** The hits of a search, in their order. */
export function listOfHits(
	hits: readonly SearchHit[],
	sections: readonly Section[] | null,
): PhotoList {
	return {
		ids: hits.map((hit) => hit.id),
		aspectsPermille: hits.map((hit) => hit.aspectPermille),
		days: null,
		sections,
		versions: hits.map((hit) => hit.version),
	};
}
