/** @file Why a photo was found, in words. */
import type { ParsedQuery } from "../../contract/query.ts";
import type { Reason, WordSource } from "../../contract/words.ts";
import { partInWords } from "./part-words.ts";

export type WordReason = Extract<Reason, { kind: "words" }>;

const places: Readonly<Record<WordSource, string>> = {
	title: "In its title",
	caption: "In its caption",
	keywords: "Among its keywords",
	tags: "Among its tags",
	recognised: "Written in the picture",
	name: "In its file name",
	folder: "In its folder’s name",
	place: "Where it was taken",
};

/** Where the words stand. */
export function placeOfWords(source: WordSource): string {
	return places[source];
}

/** An excerpt in stretches, in order: the words that were asked for, and what stands between. */
export function excerptPieces({ excerpt, marks }: WordReason): { text: string; marked: boolean }[] {
	const pieces: { text: string; marked: boolean }[] = [];
	let at = 0;
	for (const { start, end } of marks) {
		if (start > at) pieces.push({ text: excerpt.slice(at, start), marked: false });
		if (end > Math.max(at, start)) {
			pieces.push({ text: excerpt.slice(Math.max(at, start), end), marked: true });
		}
		at = Math.max(at, end);
	}
	if (at < excerpt.length) pieces.push({ text: excerpt.slice(at), marked: false });
	return pieces;
}

/** The reasons in words for a photo, most telling first. */
export function wordReasons(why: readonly Reason[]): WordReason[] {
	return why.flatMap((reason) => (reason.kind === "words" ? reason : []));
}

/** Looks that are as sure as this would have brought a photo without its words. */
const reasonEnough = 0.5;

/**
 * In one line, where words and not looks brought the photo: "In its file name: Breakfast". Null for every
 * other photo.
 */
export function foundByWords(why: readonly Reason[]): string | null {
	const looks = why.find((reason) => reason.kind === "looks-like");
	if (looks !== undefined && looks.confidence >= reasonEnough) return null;
	const [first] = wordReasons(why);
	return first === undefined ? null : `${placeOfWords(first.source)}: ${first.excerpt}`;
}

/** The filters it passes, as their chips say them. */
export function filtersPassed(why: readonly Reason[], parsed: ParsedQuery | null): string[] {
	return why.flatMap((reason) => {
		const part = reason.kind === "filter" ? parsed?.parts[reason.part] : undefined;
		return part === undefined || part.kind === "text" ? [] : partInWords(part);
	});
}
