/** @file The query language: written queries, printing and parsing as inverses, and anything at all as input. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ParsedQuery, parsedQuerySchema, type QueryPart } from "../../contract/query.ts";
import { asPlainText, withoutStretch } from "../../contract/query-text.ts";
import { Gazetteer } from "../../engine/search/places/gazetteer.ts";
import { parseQuery, type ReadingOptions } from "../../engine/search/query/parse-query.ts";
import { meaning, printQuery } from "../../engine/search/query/print-query.ts";
import { partsInWords } from "./parts-in-words.ts";
import { writtenQueries } from "./written-queries.ts";

const resourcesPath = join(import.meta.dirname, "..", "..", "resources");
const captionsPath = join(
	resourcesPath,
	"..",
	"..",
	"shared",
	"data",
	"flickr8k_500",
	"captions.json",
);
const options: ReadingOptions = {
	today: "2026-11-25",
	hemisphere: "north",
	places: new Gazetteer(resourcesPath),
};
const parse = (query: string) => parseQuery(query, options);

test("there are more than 120 written queries, no two the same", () => {
	expect(writtenQueries.length).toBeGreaterThanOrEqual(120);
	expect(new Set(writtenQueries.map(([query]) => query)).size).toBe(writtenQueries.length);
});

test.each(writtenQueries)("%j is read as %s", (query, meant) => {
	expect(partsInWords(parse(query).parts)).toBe(meant);
});

test.each([
	["2026-06-01", "this summer", "days(2026-06-01..2026-08-31)"],
	["2026-05-31", "this summer", "days(2025-06-01..2025-08-31)"],
	["2026-12-01", "this winter", "days(2026-12-01..2027-02-28)"],
	["2026-08-31", "last summer", "days(2025-06-01..2025-08-31)"],
])("on %s, %j is read as %s", (today, query, meant) => {
	expect(partsInWords(parseQuery(query, { ...options, today }).parts)).toBe(meant);
});

/** Words that make phrases, and others; in any order they are as close to a trap as can be. */
const pieces = fc.oneof(
	{
		weight: 3,
		arbitrary: fc.constantFrom(...writtenQueries.flatMap(([query]) => query.split(" "))),
	},
	{ weight: 2, arbitrary: fc.constantFrom(...writtenQueries.map(([query]) => query)) },
	fc.constantFrom(
		"\\",
		'"',
		"-",
		"--",
		"“",
		"”",
		"«",
		":",
		"in",
		"the",
		"not",
		"without",
		"\u3000",
		"\n",
	),
	fc.string({ unit: "binary", maxLength: 12 }),
	fc.string({ unit: "grapheme", maxLength: 12 }),
);
const queries = fc.oneof(
	fc.array(pieces, { maxLength: 12 }).map((some) => some.join(" ")),
	fc.array(pieces, { maxLength: 6 }).map((some) => some.join("")),
	fc.string({ unit: "binary", maxLength: 300 }),
);

/** The parts tile the query: in order, without overlap, leaving out white space only. */
function expectTiling({ source, parts }: ParsedQuery): void {
	let at = 0;
	for (const { span, words } of parts) {
		expect(source.slice(at, span.start).trim()).toBe("");
		expect(span.start).toBeGreaterThanOrEqual(at);
		expect(span.end).toBeGreaterThan(span.start);
		expect(source.slice(span.start, span.end)).toBe(words);
		at = span.end;
	}
	expect(source.slice(at).trim()).toBe("");
}

describe("whatever is typed", () => {
	test("it is read without a throw, and the parts tile the query", () => {
		fc.assert(
			fc.property(queries, (query) => {
				const parsed = parse(query);
				expectTiling(parsed);
				expect(parsedQuerySchema.parse(parsed)).toEqual(parsed);
			}),
			{ numRuns: 1500 },
		);
	});

	test("printing the parts and reading them again gives the same parts", () => {
		fc.assert(
			fc.property(queries, (query) => {
				const { parts } = parse(query);
				const again = parse(printQuery(parts, options)).parts;
				expect(again.map(meaning)).toEqual(parts.map(meaning));
			}),
			{ numRuns: 1500 },
		);
	});

	test("made plain as a whole it is one text with the same words", () => {
		fc.assert(
			fc.property(queries, (query) => {
				const plain = parseQuery(query, { ...options, plain: [{ start: 0, end: query.length }] });
				expect(plain.parts.every(({ kind }) => kind === "text")).toBe(true);
				expect(plain.parts.length).toBeLessThanOrEqual(1);
				const escaped = parse(asPlainText(query, { start: 0, end: query.length }));
				expect(escaped.parts.every(({ kind }) => kind === "text")).toBe(true);
			}),
			{ numRuns: 500 },
		);
	});

	test("the longest query that is read takes no time that a person would notice", () => {
		const long = ["in ", "not ", '"', "-", "May ", "2019 ", "in the ", "between ", "a:", "\\"].map(
			(piece) => piece.repeat(2000).slice(0, 2000),
		);
		for (const query of long) expectTiling(parse(query));
	});
});

test("any part alone can be made plain, which leaves the others as they were", () => {
	const source = "dog on a beach -people last summer in France";
	const { parts } = parse(source);
	for (const [at, part] of parts.entries()) {
		const others = (left: readonly QueryPart[]) =>
			left.filter(({ kind }) => kind !== "text").map(meaning);
		const expected = others(parts.filter((_, other) => other !== at));
		const spans = parseQuery(source, { ...options, plain: [part.span] });
		expect(others(spans.parts)).toEqual(expected);
		expect(others(parse(asPlainText(source, part.span)).parts)).toEqual(expected);
		const removed = parse(withoutStretch(source, part.span));
		expect(removed.parts.map(meaning)).toEqual(
			parts.filter((_, other) => other !== at).map(meaning),
		);
	}
});

test("seasons turn with the hemisphere, and the part says so", () => {
	const [north] = parse("summer 2019").parts;
	const [south] = parseQuery("summer 2019", { ...options, hemisphere: "south" }).parts;
	expect(north).toMatchObject({ when: { from: "2019-06-01", to: "2019-08-31" } });
	expect(south).toMatchObject({
		when: { from: "2019-12-01", to: "2020-02-29" },
		assumption: "Seasons as they are south of the equator.",
	});
	expect(parse("May 2020").parts[0]).toMatchObject({ assumption: null });
});

test("dates count from the day that is given", () => {
	const [part] = parseQuery("last summer", { ...options, today: "2024-02-29" }).parts;
	expect(part).toMatchObject({ when: { from: "2023-06-01", to: "2023-08-31" } });
	const [ago] = parseQuery("last month", { ...options, today: "2024-01-31" }).parts;
	expect(ago).toMatchObject({ when: { from: "2023-12-01", to: "2023-12-31" } });
});

test("sentences that describe pictures are hardly ever read as anything else", () => {
	if (!existsSync(captionsPath)) {
		console.warn("The captioned photos are not here: reading their captions was left out.");
		return;
	}
	const entries: { captions: string[] }[] = JSON.parse(readFileSync(captionsPath, "utf8"));
	const captions = entries.flatMap((entry) => entry.captions);
	const misread = captions.filter((caption) =>
		parse(caption).parts.some(({ kind }) => !["text", "exclude"].includes(kind)),
	);
	// Those that name a place: New York, America.
	expect(misread.length).toBeLessThanOrEqual(6);
});
