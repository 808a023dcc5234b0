/** @file The parts of a query as their chips tell them. */
import { describe, expect, it } from "vitest";
import type { QueryPart } from "../../contract/query.ts";
import {
	type ChipPart,
	chipParts,
	partHint,
	partInWords,
	whenInWords,
} from "../../renderer/search/part-words.ts";

const at = (words: string) => ({ span: { start: 0, end: words.length }, words });
const filter = (words: string, negated = false) => ({ ...at(words), negated });

describe("a part of a query", () => {
	it.each<[string, ChipPart]>([
		["without people", { kind: "exclude", ...at("-people"), text: "people" }],
		["folder: Trips", { kind: "folder", ...filter("folder:Trips"), text: "Trips" }],
		["not folder: Trips", { kind: "folder", ...filter("-folder:Trips", true), text: "Trips" }],
		["with the words “IMG_1”", { kind: "words", ...filter('"IMG_1"'), text: "IMG_1" }],
		["named “IMG_1”", { kind: "name", ...filter("name:IMG_1"), text: "IMG_1" }],
		["tag: animal/dog", { kind: "tag", ...filter("tag:animal/dog"), path: "animal/dog" }],
		["not with tags", { kind: "tagged", ...filter("is:untagged", true) }],
		["4 stars", { kind: "rating", ...filter("rating:4"), from: 4, to: 4 }],
		["1 star or fewer", { kind: "rating", ...filter("rating:<2"), from: null, to: 1 }],
		["3 stars or more", { kind: "rating", ...filter("rating:>=3"), from: 3, to: null }],
		["3 to 5 stars", { kind: "rating", ...filter("rating:3..5"), from: 3, to: 5 }],
		["no stars", { kind: "rating", ...filter("is:unrated"), from: 0, to: 0 }],
		["with stars", { kind: "rating", ...filter("is:rated"), from: 1, to: null }],
		["camera: canon", { kind: "camera", ...filter("camera:canon"), text: "canon" }],
		["lens: 50mm", { kind: "lens", ...filter("lens:50mm"), text: "50mm" }],
		["PNG", { kind: "format", ...filter("type:png"), format: "png" }],
		["portrait (upright)", { kind: "shape", ...filter("is:portrait"), shape: "portrait" }],
		["drive not connected", { kind: "offline", ...filter("is:offline") }],
		[
			"That is no date.",
			{
				kind: "refused",
				...at("date:x"),
				field: "date",
				text: "x",
				message: "That is no date.",
			},
		],
		[
			"in France",
			{
				kind: "place",
				...filter("in France"),
				place: { type: "area", code: "FR", name: "France" },
			},
		],
		[
			"in Bavaria, Germany",
			{
				kind: "place",
				...filter("place:bavaria"),
				place: { type: "region", country: "DE", code: "02", name: "Bavaria" },
			},
		],
		[
			"near Lyon, France (within 34 km)",
			{
				kind: "place",
				...filter("near lyon"),
				place: {
					type: "city",
					id: 2996944,
					name: "Lyon",
					region: null,
					country: "FR",
					latitude: 45.75,
					longitude: 4.85,
					radiusKm: 34,
					near: true,
				},
			},
		],
	])("is told as %j", (words, part) => {
		expect(partInWords(part, "en-GB")).toBe(words);
	});

	it("that is a date tells the words and the days", () => {
		const summer: ChipPart = {
			kind: "date",
			...filter("summer 2025"),
			when: { type: "days", from: "2025-06-01", to: "2025-08-31" },
			assumption: "Seasons as they are north of the equator.",
		};
		expect(partInWords(summer, "en-GB")).toMatch(/^summer 2025 · 1 Jun\s?–\s?31 Aug 2025$/u);
		expect(partHint(summer)).toBe(
			"Read from “summer 2025”. Seasons as they are north of the equator.",
		);
		expect(partInWords({ ...summer, ...filter('date:"summer 2025"') }, "en-GB")).toMatch(
			/^summer 2025 · /,
		);
	});

	it("of a kind that came later is told by its words", () => {
		const later: unknown = { kind: "mood", ...filter("mood:calm"), text: "cat" };
		expect(partInWords(later as ChipPart)).toBe("mood:calm");
	});

	it("that is plain text has no chip", () => {
		const parts: QueryPart[] = [
			{ kind: "text", ...at("dog"), text: "dog" },
			{ kind: "exclude", ...at("-cat"), text: "cat" },
		];
		expect(chipParts(parts).map(({ kind }) => kind)).toEqual(["exclude"]);
	});
});

it("days and months are told in words, open ends too", () => {
	const told = (from: string | null, to: string | null) =>
		whenInWords({ type: "days", from, to }, "en-GB");
	expect(told("2020-05-12", "2020-05-12")).toBe("12 May 2020");
	expect(told(null, "2018-12-31")).toBe("until 31 Dec 2018");
	expect(told("2019-01-01", null)).toBe("from 1 Jan 2019");
	expect(told(null, null)).toBe("any day");
	expect(whenInWords({ type: "months", months: [6, 7, 8] }, "en-GB")).toBe(
		"June, July or August of any year",
	);
});
