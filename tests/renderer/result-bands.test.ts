/** @file Results in bands: what is shown, under which heading, and how it is told. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { GroupLabel } from "../../contract/grouping.ts";
import { encoderIdSchema, photoIdSchema } from "../../contract/ids.ts";
import type { Band, HitOrder, SearchResult } from "../../contract/search.ts";
import { groupTitles } from "../../renderer/grid/group-titles.ts";
import {
	resultsAnnouncement,
	resultsMeasure,
	resultsTitle,
	strictnessInWords,
	sureness,
} from "../../renderer/search/query-words.ts";
import { bandedList } from "../../renderer/state/result-bands.ts";
import type { Answer } from "../../renderer/state/search.svelte.ts";

function resultOf(strong: number, maybe: number, rest: number, searched?: number): SearchResult {
	const bands: Band[] = [
		...Array<Band>(strong).fill("strong"),
		...Array<Band>(maybe).fill("maybe"),
		...Array<Band>(rest).fill("rest"),
	];
	return {
		encoder: encoderIdSchema.parse("fake-1"),
		tookMs: 4,
		searched: searched ?? bands.length,
		shortened: false,
		verdict: strong + maybe > 0 ? "match" : "nothing",
		confidence: 0.5,
		parsed: { source: "a dog", parts: [] },
		order: "relevance",
		ranked: true,
		groups: null,
		hiddenDrawn: 0,
		hits: bands.map((band, index) => ({
			id: photoIdSchema.parse(index + 1),
			similarity: 0.3,
			confidence: 0.5,
			band,
			aspectPermille: 1500,
			version: 1,
			path: `/photos/${index}.jpg`,
			offline: false,
			generated: false,
			why: [],
		})),
	};
}

function answerOf(result: SearchResult): Answer {
	return { query: { kind: "text", text: "a dog" }, folderId: null, strictness: 0.3, result };
}

const titles = (result: SearchResult, restOpen = false) =>
	bandedList(result, restOpen).sections?.map(({ title }) => title);

describe("the photos of an answer", () => {
	it("are counted in bands, with the rest folded", () => {
		expect(titles(resultOf(38, 112, 50))).toEqual([
			"Strong · 38",
			"Maybe · 112",
			"Everything else",
		]);
		expect(bandedList(resultOf(38, 112, 50), false).ids).toHaveLength(150);
		expect(bandedList(resultOf(38, 112, 50), true).ids).toHaveLength(200);
		expect(titles(resultOf(0, 3, 0))).toEqual(["Maybe · 3"]);
	});

	it("are never said to be all when only so many were asked for", () => {
		expect(titles(resultOf(10, 490, 0, 900))).toEqual(["Strong · 10", "Maybe · 490 or more"]);
		expect(titles(resultOf(500, 0, 0, 900))).toEqual(["Strong · 500 or more"]);
		expect(titles(resultOf(1, 0, 499, 900), true)).toEqual([
			"Strong · 1",
			"Everything else · the closest 499",
		]);
		expect(resultsMeasure(answerOf(resultOf(10, 490, 0, 900)))).toBe(
			"500 or more of 900 photos · 4 ms",
		);
	});

	it("are the closest few where nothing fits", () => {
		expect(titles(resultOf(0, 0, 60))).toEqual(["Closest", "Everything else"]);
		expect(bandedList(resultOf(0, 0, 60), false).ids).toHaveLength(12);
		expect(titles(resultOf(0, 0, 5))).toEqual(["Closest"]);
		expect(titles({ ...resultOf(0, 0, 5), parsed: null })).toEqual([
			"Nothing looks like it. Closest:",
		]);
	});

	it("stand in no bands where they were not ranked", () => {
		const list = bandedList({ ...resultOf(20, 0, 0), order: "date", ranked: false }, false);
		expect(list.sections).toBeNull();
		expect(list.ids).toHaveLength(20);
	});

	it("are still only the matches when they stand by date, with the unsure ones marked", () => {
		const list = bandedList({ ...resultOf(2, 3, 20), order: "date" }, false);
		expect(list.sections?.map(({ title }) => title)).toEqual([
			"Newest first · 5",
			"Everything else",
		]);
		expect([...(list.unsure ?? [])]).toEqual([3, 4, 5]);
		expect(titles({ ...resultOf(0, 0, 20), order: "oldest" })).toEqual([
			"Closest",
			"Everything else",
		]);
	});

	it("stand in groups with a count each, and what is no match in none of them", () => {
		const labels: GroupLabel[] = [
			{ kind: "day", day: 20_000 },
			{ kind: "day", day: 19_000 },
			{ kind: "day", day: 18_000 },
		];
		const groups = { labels, of: [0, 1, 0, 1, 2] };
		const list = bandedList({ ...resultOf(2, 2, 1), groups }, true);
		const [newer, older] = groupTitles(labels);
		expect(list.sections?.map(({ title }) => title)).toEqual([
			`${newer} · 2`,
			`${older} · 2`,
			"Everything else",
		]);
		expect(list.ids).toEqual([1, 3, 2, 4, 5]);
		expect([...(list.unsure ?? [])]).toEqual([3, 4]);
	});

	it("show every photo once, grouped or not", () => {
		const count = fc.integer({ min: 0, max: 12 });
		const orders = fc.constantFrom<HitOrder>("relevance", "date", "oldest");
		const picks = fc.array(fc.nat(3), { minLength: 36, maxLength: 36 });
		fc.assert(
			fc.property(count, count, count, orders, picks, (strong, maybe, rest, order, of) => {
				const labels = [0, 1, 2, 3].map((day): GroupLabel => ({ kind: "day", day }));
				const result = { ...resultOf(strong, maybe, rest), order };
				const grouped = { ...result, groups: { labels, of: of.slice(0, result.hits.length) } };
				for (const shown of [result, grouped]) {
					const { ids, sections } = bandedList(shown, true);
					expect(ids.toSorted((one, other) => one - other)).toEqual(
						result.hits.map(({ id }) => id),
					);
					const ends = (sections ?? []).map(({ end }) => end);
					expect((sections ?? []).map(({ first }) => first)).toEqual(
						ends.length === 0 ? [] : [0, ...ends.slice(0, -1)],
					);
				}
			}),
		);
	});

	it("keep their order in sections without gaps, folded or not", () => {
		const count = fc.integer({ min: 0, max: 40 });
		fc.assert(
			fc.property(count, count, count, fc.boolean(), (strong, maybe, rest, restOpen) => {
				const result = resultOf(strong, maybe, rest);
				const { ids, sections } = bandedList(result, restOpen);
				expect(ids).toEqual(result.hits.slice(0, ids.length).map(({ id }) => id));
				if (restOpen) expect(ids).toHaveLength(result.hits.length);
				const edges = (sections ?? []).flatMap(({ first, end }) => [first, end]);
				expect(edges).toEqual(edges.toSorted((one, other) => one - other));
				if (ids.length > 0) {
					expect([edges.at(0), edges.at(-1)]).toEqual([0, ids.length]);
				}
			}),
		);
	});
});

describe("in words", () => {
	it("the bands are announced", () => {
		const announced = (result: SearchResult) => resultsAnnouncement(answerOf(result));
		expect(announced(resultOf(38, 112, 5))).toBe("38 strong and 112 maybe matches.");
		expect(announced(resultOf(1, 0, 5))).toBe("1 strong match.");
		expect(announced(resultOf(0, 0, 5))).toContain("Nothing looks like that.");
		expect(announced(resultOf(0, 0, 0))).toBe("No photos found.");
		expect(announced({ ...resultOf(3, 0, 0), order: "date", ranked: false })).toBe(
			"3 photos found, newest first.",
		);
		expect(announced({ ...resultOf(2, 1, 9), order: "oldest" })).toBe(
			"2 strong and 1 maybe matches, oldest first.",
		);
	});

	it("a photo's sureness names what was searched for", () => {
		const result = resultOf(1, 1, 1);
		const words = result.hits.map((hit) => sureness(hit, answerOf(result), undefined)?.words);
		expect(words).toEqual([
			"A strong match for “a dog”",
			"Maybe a match for “a dog”",
			"Probably no match for “a dog”",
		]);
		const [hit] = result.hits;
		if (hit === undefined) throw new Error("There is no hit.");
		expect(sureness(hit, answerOf(result), undefined)?.detail).toBe("50 % sure");
		expect(sureness({ ...hit, confidence: 0.999 }, answerOf(result), undefined)?.detail).toBe(
			"99 % sure",
		);
		expect(sureness(hit, answerOf({ ...result, ranked: false }), undefined)).toBeNull();
		expect(sureness(hit, answerOf({ ...result, order: "date" }), undefined)).not.toBeNull();
	});

	it("the title tells what was found, or that nothing was", () => {
		const titleOf = (answer: Answer) => resultsTitle(answer, "moose.jpg", undefined);
		const nothing = resultOf(0, 0, 5);
		expect(titleOf(answerOf(resultOf(1, 0, 0)))).toBe("Best matches for “a dog”");
		expect(resultsTitle(answerOf(resultOf(1, 0, 0)), undefined, "Trips")).toBe(
			"Best matches for “a dog” in Trips",
		);
		expect(titleOf(answerOf({ ...resultOf(1, 0, 0), order: "date" }))).toBe("Photos for “a dog”");
		expect(titleOf(answerOf(nothing))).toBe("Nothing in your library looks like that.");
		expect(resultsTitle(answerOf(nothing), undefined, "Trips")).toBe(
			"Nothing in Trips looks like that.",
		);
		const exclude = {
			kind: "exclude",
			span: { start: 0, end: 4 },
			words: "-cat",
			text: "cat",
		} as const;
		expect(titleOf(answerOf({ ...nothing, parsed: { source: "-cat", parts: [exclude] } }))).toBe(
			"Nothing among 5 photos looks like that.",
		);
		const similar: Answer = {
			...answerOf({ ...nothing, parsed: null }),
			query: { kind: "similar", photoId: photoIdSchema.parse(1) },
		};
		expect(titleOf(similar)).toBe("Similar to moose.jpg");
	});

	it("strictness is told in percent", () => {
		expect(strictnessInWords(0)).toBe("Everything");
		expect(strictnessInWords(0.3)).toBe("At least 30 % sure");
	});
});
