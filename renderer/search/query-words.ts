/** @file A search in words: headings, titles, announcements. */

import { formatCount, photosCounted } from "../shell/progress-words.ts";
import type { Query } from "../state/location.ts";
import type { Answer } from "../state/search.svelte.ts";

/** What stands over the results. `fileName`: of the photo that others should resemble. */
export function resultsTitle(query: Query, fileName: string | undefined): string {
	switch (query.kind) {
		case "text":
			return `Best matches for “${shortened(query.text)}”`;
		case "similar":
			return fileName === undefined ? "Similar photos" : `Similar to ${shortened(fileName)}`;
		case "picture":
			return "Photos like your picture";
	}
}

/** How many, of how many, how fast. */
export function resultsMeasure({ result }: Answer): string {
	const took = result.tookMs < 1 ? "under 1 ms" : `${formatCount(Math.round(result.tookMs))} ms`;
	return `${formatCount(result.hits.length)} of ${photosCounted(result.searched)} · ${took}`;
}

/** For people who do not see the results come. */
export function resultsAnnouncement({ result }: Answer): string {
	return result.hits.length === 0
		? "No photos found."
		: `${photosCounted(result.hits.length)} found, best first.`;
}

function shortened(text: string): string {
	const characters = [...text];
	return characters.length > 80 ? `${characters.slice(0, 79).join("")}…` : text;
}
