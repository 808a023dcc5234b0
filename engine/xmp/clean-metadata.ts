/** @file Cleaning what files say of photos: hostile input that will be shown. */
import type { FileMetadata } from "../../contract/file-metadata.ts";

export const noFileMetadata: FileMetadata = {
	title: null,
	caption: null,
	keywords: [],
	hierarchies: [],
	rating: null,
	label: null,
};

/** More than any person gives one photo; the rest is left out of the library, never out of the file. */
const mostKeywords = 1000;
const mostKeywordLength = 200;
const mostPathLength = 12;
const mostTextLength = 10_000;

/** Text that can be shown: no control or direction-changing characters, at most so many characters. */
export function cleanText(text: string, most: number, keepLines = false): string {
	const shown = text
		.toWellFormed()
		.replace(/\r\n?/g, "\n")
		.replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/gu, (found) =>
			found === "\n" ? (keepLines ? "\n" : " ") : "",
		)
		.trim();
	return shown.length <= most ? shown : Array.from(shown).slice(0, most).join("").trim();
}

/** A title or caption; null when nothing is left of it. */
export function cleanLine(text: string | null, keepLines: boolean): string | null {
	const shown = text === null ? "" : cleanText(text, mostTextLength, keepLines);
	return shown === "" ? null : shown;
}

/** Keywords cleaned, each once, in the order they were written. */
export function cleanKeywords(keywords: readonly string[]): string[] {
	const clean = keywords.slice(0, mostKeywords).map((word) => cleanText(word, mostKeywordLength));
	return [...new Set(clean.filter((word) => word !== ""))];
}

/** Paths cleaned, each once. */
export function cleanPaths(paths: readonly (readonly string[])[]): string[][] {
	const known = new Map<string, string[]>();
	for (const path of paths.slice(0, mostKeywords)) {
		const clean = path
			.slice(0, mostPathLength)
			.map((part) => cleanText(part, mostKeywordLength))
			.filter((part) => part !== "");
		if (clean.length > 0) known.set(clean.join("|"), clean);
	}
	return [...known.values()];
}

/** Stars as they are written by programs: `5`, `5.0`; anything else is no rating. */
export function readRating(text: string | null): number | null {
	if (text === null || !/^-?\d(\.\d*)?$/.test(text)) return null;
	const stars = Math.round(Number(text));
	return stars >= -1 && stars <= 5 ? stars : null;
}
