/** @file A query cut into words, quoted words and `field:value`, each with its place in what was typed. */
import type { Span } from "../../../contract/query.ts";

/** What can stand before a colon. Anything else with a colon is an ordinary word. */
const fieldNames = [
	"date",
	"before",
	"after",
	"since",
	"place",
	"near",
	"folder",
	"name",
	"camera",
	"lens",
	"type",
	"is",
	"tag",
	"rating",
] as const;
export type FieldName = (typeof fieldNames)[number];

export interface Token extends Span {
	/**
	 * `word`: may be part of a phrase that means something. `plain`: never is. `quoted`: stood in double
	 * quotes. `field`: `text` is the value.
	 */
	kind: "word" | "plain" | "quoted" | "field";
	text: string;
	/** Set for `field`. */
	field?: FieldName;
	/** A minus stood directly before; not for plain words. */
	negated: boolean;
	/** The value of a field stood in quotes. */
	quoted?: boolean;
}

const closingQuotes: Readonly<Record<string, string>> = { '"': '"', "“": "”", "„": "“”", "«": "»" };
const isSpace = (character: string | undefined) => character === undefined || /\s/u.test(character);

/**
 * Every character that is no white space is in exactly one token. A backslash before a word makes it
 * plain, as does a span in `plain`; inside quotes it stands before a quote or a backslash.
 */
export function readTokens(source: string, plain: readonly Span[] = []): Token[] {
	const tokens: Token[] = [];
	let at = 0;
	while (at < source.length) {
		if (isSpace(source[at])) {
			at += 1;
			continue;
		}
		const token = readToken(source, at, plain);
		tokens.push(token);
		at = token.end;
	}
	return tokens;
}

function readToken(source: string, start: number, plain: readonly Span[]): Token {
	const end = wordEnd(source, start);
	const word = source.slice(start, end);
	const made = plain.some((span) => span.start < end && span.end > start);
	if (made) {
		const text = word.startsWith("\\") && word.length > 1 ? word.slice(1) : word;
		return { kind: "plain", start, end, text, negated: false };
	}
	if (word.startsWith("\\") && word.length > 1) {
		return { kind: "plain", start, end, text: word.slice(1), negated: false };
	}
	const negated = /^-[^\s-]/u.test(word);
	const from = negated ? start + 1 : start;
	const field = readField(source, from);
	if (field !== null) return { ...field, start, negated };
	const quoted = readQuoted(source, from);
	if (quoted !== null)
		return { kind: "quoted", start, end: quoted.end, text: quoted.text, negated };
	return { kind: "word", start, end, text: source.slice(from, end), negated };
}

function readField(source: string, from: number): Omit<Token, "start" | "negated"> | null {
	const name = /^[a-z]+(?=:)/iu.exec(source.slice(from, from + 12))?.[0];
	const field = fieldNames.find((known) => known === name?.toLowerCase());
	if (name === undefined || field === undefined) return null;
	const valueStart = from + name.length + 1;
	if (isSpace(source[valueStart])) return null;
	const quoted = readQuoted(source, valueStart);
	if (quoted !== null) return { kind: "field", field, quoted: true, ...quoted };
	const end = wordEnd(source, valueStart);
	return { kind: "field", field, end, text: source.slice(valueStart, end) };
}

/** Null where nothing is quoted: no quote, nothing between the quotes, or no second one. */
function readQuoted(source: string, from: number): { text: string; end: number } | null {
	const closing = closingQuotes[source[from] ?? ""];
	if (closing === undefined || isSpace(source[from + 1])) return null;
	let text = "";
	for (let at = from + 1; at < source.length; at += 1) {
		const character = source[at] ?? "";
		const next = source[at + 1] ?? "";
		if (character === "\\" && (next === "\\" || closing.includes(next)) && next !== "") {
			text += next;
			at += 1;
		} else if (closing.includes(character)) {
			return text.trim() === "" ? null : { text: tidy(text), end: at + 1 };
		} else text += character;
	}
	return null;
}

function wordEnd(source: string, start: number): number {
	let end = start;
	while (end < source.length && !isSpace(source[end])) end += 1;
	return end;
}

/** One spelling for what looks the same: composed characters, single spaces. */
export function tidy(text: string): string {
	return text.normalize("NFC").replace(/\s+/gu, " ").trim();
}

/** A word without the punctuation after it, in lower case, for comparing. */
export function bare(token: Token): string {
	return token.text.replace(/[,.;!?]+$/u, "").toLowerCase();
}
