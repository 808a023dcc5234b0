/** @file Parts as a query that is read as exactly these parts. */
import { assertNever } from "../../../contract/assert-never.ts";
import type { QueryPart } from "../../../contract/query.ts";
import { placeCode } from "../places/gazetteer.ts";
import { monthNames } from "./calendar.ts";
import { writeWhen } from "./date-phrases.ts";
import { parseQuery, type ReadingOptions } from "./parse-query.ts";

/** What a part says, without where it stood, with which words, and what was assumed to read those. */
export function meaning(part: QueryPart): Record<string, unknown> {
	const { span: _span, words: _words, ...said } = part;
	return part.kind === "date" ? { ...said, assumption: null } : said;
}

/**
 * The inverse of `parseQuery` up to spacing: `parseQuery(printQuery(parts)).parts` says what `parts`
 * say. Text is left as it is where it is read as text, else every word of it gets a backslash.
 */
export function printQuery(parts: readonly QueryPart[], options: ReadingOptions): string {
	const bareText = parts.map((part) => printPart(part, false)).join(" ");
	const { parts: again } = parseQuery(bareText, { ...options, plain: [] });
	const same = JSON.stringify(again.map(meaning)) === JSON.stringify(parts.map(meaning));
	return same ? bareText : parts.map((part) => printPart(part, true)).join(" ");
}

function printPart(part: QueryPart, escaped: boolean): string {
	const minus = "negated" in part && part.negated ? "-" : "";
	switch (part.kind) {
		case "text":
			return escaped ? part.text.replace(/\S+/gu, (word) => `\\${word}`) : part.text;
		case "exclude":
			return `-${quoted(part.text)}`;
		case "date":
			return `${minus}date:${writeWhen(part.when, monthNames)}`;
		case "place":
			return part.place.type === "city" && part.place.near
				? `${minus}near:${placeCode(part.place)}`
				: `${minus}place:${placeCode(part.place)}`;
		case "folder":
		case "camera":
		case "lens":
			return `${minus}${part.kind}:${quoted(part.text)}`;
		case "words":
			return quoted(part.text);
		case "name":
			return `${minus}name:${quoted(part.text)}`;
		case "tag":
			return `${minus}tag:${quoted(part.path)}`;
		case "tagged":
			return `${minus}is:tagged`;
		case "rating":
			return `${minus}rating:${stars(part)}`;
		case "format":
			return `${minus}type:${part.format}`;
		case "shape":
			return `${minus}is:${part.shape}`;
		case "offline":
			return `${minus}is:offline`;
		case "generated":
			return `${minus}is:generated`;
		case "refused":
			return `${part.field}:${quoted(part.text)}`;
		default:
			return assertNever(part);
	}
}

function stars({ from, to }: { from: number | null; to: number | null }): string {
	if (from === null) return `<=${to}`;
	if (to === null) return `>=${from}`;
	return from === to ? String(from) : `${from}..${to}`;
}

function quoted(text: string): string {
	return `"${text.replace(/["\\]/gu, "\\$&")}"`;
}
