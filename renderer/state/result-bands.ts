/** @file The hits of a search in runs: bands, groups or in order of time, and everything else folded away. */
import type { Band, SearchHit, SearchResult } from "../../contract/search.ts";
import { groupTitles } from "../grid/group-titles.ts";
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

/** A run of hits that is to get a heading. */
interface Run {
	readonly title: string;
	readonly hits: readonly SearchHit[];
	/** As in `Section`. */
	readonly open?: boolean;
}

/**
 * The photos as they are shown: best first in bands, or the matches in groups or by date, where a maybe
 * is marked as one. What is no match is folded away under them, the closest first.
 *
 * @param restOpen whether what is folded away is shown as well
 */
export function bandedList(result: SearchResult, restOpen: boolean): PhotoList {
	const { hits, groups } = result;
	if (hits.length === 0 || (!result.ranked && groups === null)) return listOfHits(hits, null);
	const rest = closestFirst(hits.filter((hit) => hit.band === "rest"));
	if (result.ranked && result.verdict === "nothing") {
		const closest = rest.slice(0, closestShown);
		// Over words the title says so already; a picture's title only tells what was asked for.
		const title = result.parsed === null ? "Nothing looks like it. Closest:" : "Closest";
		const others = foldedRun(rest.slice(closest.length), hits.length, restOpen);
		return inRuns([{ title, hits: closest }, ...others]);
	}
	const folded = foldedRun(rest, hits.length, restOpen);
	if (groups === null && result.order === "relevance") {
		return inRuns([...bandRuns(result), ...folded]);
	}
	const maybe = hits.filter((hit) => hit.band === "maybe").map(({ id }) => id);
	const runs = groups === null ? [datedRun(result)] : groupRuns(result);
	return { ...inRuns([...runs, ...folded]), unsure: new Set(maybe) };
}

function bandRuns(result: SearchResult): Run[] {
	const counts = bandCounts(result);
	const more = (band: Band) =>
		counts.more && (band === "maybe" || counts.maybe === 0) ? " or more" : "";
	return (["strong", "maybe"] as const)
		.map((band) => ({ band, hits: result.hits.filter((hit) => hit.band === band) }))
		.filter(({ hits }) => hits.length > 0)
		.map(({ band, hits }) => ({
			title: `${band === "strong" ? "Strong" : "Maybe"} · ${formatCount(hits.length)}${more(band)}`,
			hits,
		}));
}

function datedRun({ hits, order }: SearchResult): Run {
	const matches = hits.filter(({ band }) => band !== "rest");
	const name = order === "oldest" ? "Oldest first" : "Newest first";
	return { title: `${name} · ${formatCount(matches.length)}`, hits: matches };
}

/** Groups with a match in them, in their order; inside a group the hits keep theirs. */
function groupRuns({ hits, groups }: SearchResult): Run[] {
	const titles = groupTitles(groups?.labels ?? []);
	const members = titles.map((): SearchHit[] => []);
	for (const [at, hit] of hits.entries()) {
		if (hit.band !== "rest") members[groups?.of[at] ?? -1]?.push(hit);
	}
	return members.flatMap((own, at) =>
		own.length === 0 ? [] : { title: `${titles[at]} · ${formatCount(own.length)}`, hits: own },
	);
}

function foldedRun(others: readonly SearchHit[], all: number, open: boolean): Run[] {
	if (others.length === 0) return [];
	const isAll = !open || all < hitsAtMost;
	const most = isAll ? "" : ` · the closest ${formatCount(others.length)}`;
	return [{ title: `Everything else${most}`, hits: others, open }];
}

/** However the matches are ordered: what is no match has no better order than this. */
function closestFirst(hits: readonly SearchHit[]): SearchHit[] {
	return hits.toSorted((one, other) => other.confidence - one.confidence);
}

function inRuns(runs: readonly Run[]): PhotoList {
	const shown: SearchHit[] = [];
	const sections = runs.map(({ title, hits, open }): Section => {
		const first = shown.length;
		if (open !== false) shown.push(...hits);
		return { first, end: shown.length, title, ...(open !== undefined && { open }) };
	});
	return listOfHits(shown, sections);
}
