/** @file The hits of a search in runs: strong, maybe, and everything else folded away. */
import type { Band, SearchHit, SearchResult } from "../../contract/search.ts";
import type { Section } from "../grid/sections.ts";
import { formatCount } from "../shell/progress-words.ts";
import { listOfHits, type PhotoList } from "./photo-list.ts";

/** Asked for with every search. Where that many come there may be more. */
export const hitsAtMost = 500;

/** Shown all the same where nothing fits. */
const closestShown = 12;

/** How many photos are in each band. */
export interface BandCounts {
	readonly strong: number;
	readonly maybe: number;
	/** True where there are more in the last counted band than were asked for. */
	readonly more: boolean;
}

/** Counts the hits worth showing. */
export function bandCounts({ hits }: SearchResult): BandCounts {
	const count = (band: Band) => hits.filter((hit) => hit.band === band).length;
	const rest = count("rest");
	return {
		strong: count("strong"),
		maybe: count("maybe"),
		more: rest === 0 && hits.length >= hitsAtMost,
	};
}

/** True where the hits are ranked, and so fall into bands. */
export function isRanked(result: SearchResult): boolean {
	return result.order === "relevance";
}

/**
 * The photos as they are shown.
 *
 * @param restOpen whether what is folded away is shown as well
 */
export function bandedList(result: SearchResult, restOpen: boolean): PhotoList {
	const { hits } = result;
	if (!isRanked(result) || hits.length === 0) return listOfHits(hits, null);
	const sections: Section[] = [];
	const shown: SearchHit[] = [];
	const add = (title: string, run: readonly SearchHit[], open?: boolean) => {
		const first = shown.length;
		if (open !== false) shown.push(...run);
		const fold = open === undefined ? {} : { open };
		sections.push({ first, end: shown.length, title, ...fold });
	};

	const counts = bandCounts(result);
	const more = (band: Band) =>
		counts.more && (band === "maybe" || counts.maybe === 0) ? " or more" : "";
	const rest = hits.filter((hit) => hit.band === "rest");
	let closest: readonly SearchHit[] = [];
	if (result.verdict === "nothing") {
		closest = rest.slice(0, closestShown);
		// Over words the title says so already; a picture's title only tells what was asked for.
		add(result.parsed === null ? "Nothing looks like it. Closest:" : "Closest", closest);
	} else {
		for (const [band, name] of [
			["strong", "Strong"],
			["maybe", "Maybe"],
		] as const) {
			const run = hits.filter((hit) => hit.band === band);
			if (run.length > 0) add(`${name} · ${formatCount(run.length)}${more(band)}`, run);
		}
	}
	const others = rest.slice(closest.length);
	if (others.length > 0) {
		const isAll = !restOpen || hits.length < hitsAtMost;
		const most = isAll ? "" : ` · the closest ${formatCount(others.length)}`;
		add(`Everything else${most}`, others, restOpen);
	}
	return listOfHits(shown, sections);
}
