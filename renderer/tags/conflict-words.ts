/** @file In what a photo's two sides differ, in words. */
import type { TagConflict } from "../../contract/tag-writing.ts";
import { starsInWords } from "../state/descriptions.svelte.ts";

interface Said {
	readonly text: string;
	/** The other side does not say it. */
	readonly only: boolean;
}

/** One thing in which library and file differ, as both have it. */
export interface Difference {
	readonly name: string;
	readonly here: readonly Said[];
	readonly inFile: readonly Said[];
}

/** What is to be decided about a photo, tags first. */
export function differences(conflict: TagConflict): Difference[] {
	return conflict.differsIn.map((what) => difference(conflict, what));
}

function difference(conflict: TagConflict, what: TagConflict["differsIn"][number]): Difference {
	const { library, file } = conflict;
	switch (what) {
		case "tags":
			return {
				name: "Tags",
				here: beside(conflict.libraryTags, conflict.fileTags),
				inFile: beside(conflict.fileTags, conflict.libraryTags),
			};
		case "title":
			return { name: "Title", here: alone(library.title), inFile: alone(file.title) };
		case "caption":
			return { name: "Caption", here: alone(library.caption), inFile: alone(file.caption) };
		case "rating":
			return {
				name: "Stars",
				here: alone(starsInWords(library.rating)),
				inFile: alone(starsInWords(file.rating)),
			};
	}
}

function beside(tags: readonly string[], others: readonly string[]): Said[] {
	const known = new Set(others.map((path) => path.toLocaleLowerCase()));
	return tags.map((text) => ({ text, only: !known.has(text.toLocaleLowerCase()) }));
}

function alone(text: string | null): Said[] {
	return text === null ? [] : [{ text, only: true }];
}
