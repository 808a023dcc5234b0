/** @file Reads a few kinds of parts out of a query, enough to look at how they are shown. */
import type { ParsedQuery, QueryPart } from "../../../contract/query.ts";

type Reading = (read: {
	span: { start: number; end: number };
	words: string;
	negated: boolean;
}) => QueryPart;

const readings: readonly [RegExp, Reading][] = [
	[/(?<!\S)(?:-|without )(people|cars)/gu, ({ negated: _, ...read }) => exclude(read)],
	[
		/(?<!\S)summer 2025/gu,
		(read) => ({
			kind: "date",
			...read,
			when: { type: "days", from: "2025-06-01", to: "2025-08-31" },
			assumption: "Seasons are those of the northern hemisphere.",
		}),
	],
	[
		/(?<!\S)in France/gu,
		(read) => ({ kind: "place", ...read, place: { type: "area", code: "FR", name: "France" } }),
	],
	[/(?<!\S)folder:Trips/gu, (read) => ({ kind: "folder", ...read, text: "Trips" })],
	[/(?<!\S)is:portrait/gu, (read) => ({ kind: "shape", ...read, shape: "portrait" })],
	[
		/(?<!\S)after:never/gu,
		({ span, words }) => ({
			kind: "refused",
			span,
			words,
			field: "after",
			text: "never",
			message: "“never” is no date. Write one such as after:2019.",
		}),
	],
];

function exclude({ span, words }: { span: { start: number; end: number }; words: string }) {
	return { kind: "exclude", span, words, text: words.replace(/^(-|without )/, "") } as const;
}

/** Everything that is no part of a known kind is text. */
export function parseMadeUp(source: string): ParsedQuery {
	const found: QueryPart[] = [];
	for (const [pattern, reading] of readings) {
		for (const match of source.matchAll(pattern)) {
			const span = { start: match.index, end: match.index + match[0].length };
			found.push(reading({ span, words: match[0], negated: false }));
		}
	}
	found.sort((one, other) => one.span.start - other.span.start);
	const parts: QueryPart[] = [];
	let from = 0;
	const addText = (end: number) => {
		const words = source.slice(from, end).trim();
		if (words === "") return;
		const start = source.indexOf(words, from);
		const span = { start, end: start + words.length };
		parts.push({ kind: "text", span, words, text: words });
	};
	for (const part of found) {
		addText(part.span.start);
		parts.push(part);
		from = part.span.end;
	}
	addText(source.length);
	return { source, parts };
}
