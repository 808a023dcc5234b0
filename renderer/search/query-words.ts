/** @file A search in words: headings, titles, announcements. */

import type { SearchHit } from "../../contract/search.ts";
import { formatCount, photosCounted } from "../shell/progress-words.ts";
import { type AskedPictures, picturesOf } from "../state/asked-pictures.ts";
import { drawnOnly, type Query } from "../state/location.ts";
import { bandCounts } from "../state/result-bands.ts";
import type { Answer } from "../state/search.svelte.ts";
import { chipParts } from "./part-words.ts";

/**
 * What stands over the results.
 *
 * @param fileName of the photo that others should resemble
 * @param folderName of the folder that was searched alone
 */
export function resultsTitle(
	{ query, result }: Answer,
	fileName: string | undefined,
	folderName: string | undefined,
): string {
	if (query.kind === "text" && result.ranked && result.verdict === "nothing") {
		if (chipParts(result.parsed?.parts ?? []).length > 0) {
			return `Nothing among ${photosCounted(result.searched)} looks like that.`;
		}
		return `Nothing in ${folderName ?? "your library"} looks like that.`;
	}
	const bestFirst = result.ranked && result.order === "relevance";
	const words = matchesTitle(query, bestFirst, fileName);
	return folderName === undefined ? words : `${words} in ${folderName}`;
}

function matchesTitle(query: Query, bestFirst: boolean, fileName: string | undefined): string {
	switch (query.kind) {
		case "text":
			return textTitle(query.text, bestFirst, picturesOf(query));
		case "similar":
			return fileName === undefined ? "Similar photos" : `Similar to ${shortened(fileName)}`;
		case "picture":
			return "Photos like your picture";
	}
}

/** @param pictures what was asked with beside the words */
function textTitle(text: string, bestFirst: boolean, asked: AskedPictures): string {
	const examples = asked.examples.filter(({ weight }) => weight > 0);
	const count = examples.length;
	if (text === drawnOnly.text && count === 0) return "Drawings";
	if (text === "") {
		if (count === 0) return "Photos like those you chose";
		const [only] = examples;
		if (count > 1) return `Photos like ${count} pictures`;
		if (only?.kind === "region") return "Photos like the part you framed";
		return only?.kind === "photos" && only.ids.length > 1
			? `Photos like the ${only.ids.length} you chose`
			: "Photos like your picture";
	}
	const words = `${bestFirst ? "Best matches" : "Photos"} for “${shortened(text)}”`;
	if (count === 0) return words;
	return `${words} with ${count === 1 ? "a picture" : `${count} pictures`}`;
}

/** How many, of how many, how fast. */
export function resultsMeasure({ result }: Answer): string {
	const took = result.tookMs < 1 ? "under 1 ms" : `${formatCount(Math.round(result.tookMs))} ms`;
	const searched = photosCounted(result.searched);
	if (!result.ranked) {
		const { length } = result.hits;
		const end = result.order === "oldest" ? "oldest" : "newest";
		const counted = length < result.searched ? `the ${end} ${formatCount(length)} of ` : "";
		return `${counted}${searched} · ${took}`;
	}
	const { strong, maybe, more } = bandCounts(result);
	const counted = `${formatCount(strong + maybe)}${more ? " or more" : ""}`;
	return `${counted} of ${searched} · ${took}`;
}

/** For people who do not see the results come. */
export function resultsAnnouncement({ result }: Answer): string {
	if (result.hits.length === 0) return "No photos found.";
	const byDate = result.order === "oldest" ? "oldest first" : "newest first";
	if (!result.ranked) return `${photosCounted(result.hits.length)} found, ${byDate}.`;
	if (result.verdict === "nothing") return "Nothing looks like that. The closest photos are shown.";
	const { strong, maybe, more } = bandCounts(result);
	const counts = [
		strong > 0 ? `${formatCount(strong)} strong` : null,
		maybe > 0 ? `${formatCount(maybe)} maybe` : null,
	].filter((part) => part !== null);
	const noun = strong + maybe === 1 ? "match" : "matches";
	const ordered = result.order === "relevance" ? "" : `, ${byDate}`;
	return `${counts.join(" and ")} ${noun}${more ? " or more" : ""}${ordered}.`;
}

/** How sure a match must be, as a share of a hundred. */
export function strictnessInWords(strictness: number): string {
	return strictness === 0 ? "Everything" : `At least ${percent(strictness)} sure`;
}

/** How well a photo fits what was searched for, and the number behind it; null for filters alone. */
export function sureness(
	hit: SearchHit,
	{ query, result }: Answer,
	fileName: string | undefined,
): { words: string; detail: string } | null {
	if (!result.ranked) return null;
	const thing =
		query.kind === "text"
			? query.text === ""
				? "what you asked for"
				: `“${shortened(query.text)}”`
			: query.kind === "picture"
				? "your picture"
				: (fileName ?? "the photo you chose");
	const words = {
		strong: `A strong match for ${thing}`,
		maybe: `Maybe a match for ${thing}`,
		rest: `Probably no match for ${thing}`,
	};
	return { words: words[hit.band], detail: `${percent(hit.confidence)} sure` };
}

/** Whole percent; never 100 for what is only nearly certain. */
function percent(share: number): string {
	return `${Math.min(99, Math.round(share * 100))} %`;
}

function shortened(text: string): string {
	const characters = [...text];
	return characters.length > 80 ? `${characters.slice(0, 79).join("")}…` : text;
}
