/** @file Why a photo was found, as the page tells it. */
import { describe, expect, it } from "vitest";
import type { ParsedQuery } from "../../contract/query.ts";
import type { Reason } from "../../contract/words.ts";
import {
	excerptPieces,
	filtersPassed,
	foundByWords,
	wordReasons,
} from "../../renderer/search/reason-words.ts";

const looks: Reason = { kind: "looks-like", confidence: 0.8 };
const name: Reason = {
	kind: "words",
	source: "name",
	excerpt: "beach day at the beach",
	marks: [
		{ start: 0, end: 5 },
		{ start: 17, end: 22 },
	],
};
const filter: Reason = { kind: "filter", part: 1 };

describe("why a photo was found", () => {
	it("is marked in the grid only where its looks were no reason", () => {
		expect(foundByWords([name, filter])).toBe("In its file name: beach day at the beach");
		expect(foundByWords([looks, name])).toBeNull();
		expect(foundByWords([{ ...looks, confidence: 0.4 }, name])).not.toBeNull();
		expect(foundByWords([filter])).toBeNull();
		expect(foundByWords([])).toBeNull();
	});

	it("shows the words among what stands around them", () => {
		const [reason] = wordReasons([looks, name, filter]);
		expect(reason && excerptPieces(reason)).toEqual([
			{ text: "beach", marked: true },
			{ text: " day at the ", marked: false },
			{ text: "beach", marked: true },
		]);
	});

	it("keeps the whole excerpt whatever the marks are", () => {
		const marks = [
			{ start: 2, end: 9 },
			{ start: 4, end: 6 },
			{ start: 8, end: 99 },
		];
		const pieces = excerptPieces({ ...name, kind: "words", marks } as typeof name & {
			kind: "words";
			source: "name";
		});
		expect(pieces.map(({ text }) => text).join("")).toBe("beach day at the beach");
	});

	it("names the filters as their chips do, and passes over what is no filter", () => {
		const parsed: ParsedQuery = {
			source: "dog folder:Trips",
			parts: [
				{ kind: "text", span: { start: 0, end: 3 }, words: "dog", text: "dog" },
				{
					kind: "folder",
					span: { start: 4, end: 16 },
					words: "folder:Trips",
					negated: false,
					text: "Trips",
				},
			],
		};
		expect(filtersPassed([looks, filter, { kind: "filter", part: 7 }], parsed)).toEqual([
			"folder: Trips",
		]);
		expect(filtersPassed([filter], null)).toEqual([]);
	});
});
