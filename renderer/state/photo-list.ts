/** @file A list of photos as the grid needs it: flat arrays, index by index. */
import type { PhotoId } from "../../contract/ids.ts";
import type { PhotoColumns } from "../../contract/photo.ts";
import type { SearchHit } from "../../contract/search.ts";
import { groupTitles } from "../grid/group-titles.ts";
import type { Section } from "../grid/sections.ts";
import { foundByWords } from "../search/reason-words.ts";
import { formatCount } from "../shell/progress-words.ts";

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
	/** Where words and not looks brought a photo: where they stand, in one line. */
	readonly byWords?: ReadonlyMap<PhotoId, string>;
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

/** The library's columns as they came, or put together by their groups. */
export function listOfColumns({ groups, ...columns }: PhotoColumns): PhotoList {
	if (groups === undefined) return { ...columns, sections: null };
	const counts = new Uint32Array(groups.labels.length);
	for (const at of groups.of) counts[at] = (counts[at] ?? 0) + 1;
	const sections: Section[] = [];
	const titles = groupTitles(groups.labels);
	let first = 0;
	const next = Uint32Array.from(counts, (count, at) => {
		const begin = first;
		first += count;
		sections.push({ first: begin, end: first, title: `${titles[at]} · ${formatCount(count)}` });
		return begin;
	});
	const order = new Uint32Array(groups.of.length);
	for (const [index, at] of groups.of.entries()) {
		const place = next[at] ?? 0;
		order[place] = index;
		next[at] = place + 1;
	}
	const inOrder = <Value>(column: readonly Value[]): Value[] =>
		Array.from(order).flatMap((index) => column[index] ?? []);
	return {
		ids: inOrder(columns.ids),
		aspectsPermille: inOrder(columns.aspectsPermille),
		days: null,
		sections,
		versions: inOrder(columns.versions),
	};
}

/** The hits of a search, in their order. */
export function listOfHits(
	hits: readonly SearchHit[],
	sections: readonly Section[] | null,
): PhotoList {
	const byWords = new Map<PhotoId, string>();
	for (const { id, why } of hits) {
		const told = foundByWords(why);
		if (told !== null) byWords.set(id, told);
	}
	return {
		...(byWords.size > 0 && { byWords }),
		ids: hits.map((hit) => hit.id),
		aspectsPermille: hits.map((hit) => hit.aspectPermille),
		days: null,
		sections,
		versions: hits.map((hit) => hit.version),
	};
}
