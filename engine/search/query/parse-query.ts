/** @file A query to its parts. The grammar and what it prefers are told in README.md. */
import type { ParsedQuery, QueryPart, Span } from "../../../contract/query.ts";
import type { PlaceNames } from "../places/gazetteer.ts";
import { readDatePhrase } from "./date-phrases.ts";
import { type Reading, readField } from "./fields.ts";
import type { Calendar } from "./periods.ts";
import { readPlacePhrase } from "./place-phrases.ts";
import { bare, readTokens, type Token, tidy } from "./tokens.ts";
import { endsPhrase, isBinding } from "./words.ts";

export interface ReadingOptions extends Calendar {
	places: PlaceNames;
	/** Stretches of the query that are text whatever they look like. */
	plain?: readonly Span[] | undefined;
}

/** A reading of the tokens from `first` up to `end`. */
interface Found {
	first: number;
	end: number;
	reading: Reading;
}

/** Words of a date or place phrase; more are never looked at. */
const mostPhraseWords = 10;

/** Never throws, whatever is typed; takes time in proportion to the length. */
export function parseQuery(source: string, options: ReadingOptions): ParsedQuery {
	const tokens = readTokens(source, options.plain);
	const found = [...readFields(tokens, options)];
	const taken = new Set<number>();
	const take = (one: Found) => {
		found.push(one);
		for (let at = one.first; at < one.end; at += 1) taken.add(at);
	};
	for (const one of found) for (let at = one.first; at < one.end; at += 1) taken.add(at);
	readPhrases(tokens, options, taken, take);
	readExclusions(tokens, taken, take);
	const parts = found.toSorted((a, b) => a.first - b.first);
	widen(parts, tokens, taken);
	return { source, parts: withText(source, tokens, parts) };
}

function* readFields(tokens: readonly Token[], options: ReadingOptions): Generator<Found> {
	for (const [first, token] of tokens.entries()) {
		if (token.kind === "field" || token.kind === "quoted") {
			yield { first, end: first + 1, reading: readField(token, options, options.places) };
		} else if (token.negated && /\p{L}|\p{Extended_Pictographic}/u.test(token.text)) {
			yield { first, end: first + 1, reading: { kind: "exclude", text: tidy(token.text) } };
		}
	}
}

/** All dates before any place: "in May" is a month before it is a town, and a name ends where a date begins. */
function readPhrases(
	tokens: readonly Token[],
	options: ReadingOptions,
	taken: ReadonlySet<number>,
	take: (found: Found) => void,
): void {
	const hasCapitals = tokens.some(({ text }) => /\p{Ll}|\p{Lo}/u.test(text));
	const isFree = (at: number) => tokens[at]?.kind === "word" && !taken.has(at);
	for (const kind of ["date", "place"] as const) {
		for (let first = 0; first < tokens.length; first += 1) {
			let free = 0;
			// What a minus stands before begins a phrase of its own.
			while (
				free < mostPhraseWords &&
				isFree(first + free) &&
				(free === 0 || tokens[first + free]?.negated === false)
			) {
				free += 1;
			}
			if (free === 0) continue;
			const found =
				kind === "date"
					? readDate(tokens, first, free, { options, hasCapitals, isFree })
					: readPlace(tokens, first, free, { options, hasCapitals, isFree });
			if (found === null) continue;
			const not = isFree(first - 1) && tokens[first - 1]?.text.toLowerCase() === "not";
			const reading = { ...found.reading, negated: not || tokens[first]?.negated === true };
			take({ first: not ? first - 1 : first, end: first + found.count, reading });
			first += found.count - 1;
		}
	}
}

interface PhraseContext {
	options: ReadingOptions;
	hasCapitals: boolean;
	isFree(at: number): boolean;
}

function readDate(tokens: readonly Token[], first: number, free: number, context: PhraseContext) {
	const { options, hasCapitals, isFree } = context;
	const here = tokens.slice(first, first + free);
	const date = readDatePhrase(here.map(bare), options, {
		begins: !isFree(first - 1),
		capitalAt: (at) => hasCapitals && /^\p{Lu}/u.test(here[at]?.text ?? ""),
		endsAt: (at) => {
			// A minus is for the one word behind it, whatever follows.
			if (at === 0 && here[0]?.negated === true) return true;
			const next = tokens[first + at + 1];
			return next === undefined || !isFree(first + at + 1) || endsPhrase(here[at], next);
		},
	});
	if (date === null) return null;
	const { when, assumption, count } = date;
	return { reading: { kind: "date" as const, when, assumption }, count };
}

function readPlace(tokens: readonly Token[], first: number, free: number, context: PhraseContext) {
	const from = tokens.slice(first, first + free + 1);
	const place = readPlacePhrase(from, free, context.options.places, context.hasCapitals);
	if (place === null) return null;
	return { reading: { kind: "place" as const, place: place.place }, count: place.count };
}

/** Before "not", these make it part of a sentence: do not, or not, why not. */
const beforeNot: ReadonlySet<string> = new Set(
	"do does did is are was were be am can could will would should may might must has have had or if why to whether".split(
		" ",
	),
);
const articles: ReadonlySet<string> = new Set(["a", "an", "the", "any", "some"]);
const mostExcludedWords = 4;

/** `not people`, `without a red hat`: the noun phrase up to the next small word. */
function readExclusions(
	tokens: readonly Token[],
	taken: ReadonlySet<number>,
	take: (found: Found) => void,
): void {
	for (let first = 0; first < tokens.length; first += 1) {
		const token = tokens[first];
		if (token?.kind !== "word" || taken.has(first)) continue;
		const word = token.text.toLowerCase();
		if (word !== "not" && word !== "without") continue;
		const before = tokens[first - 1];
		if (word === "not" && before?.kind === "word" && beforeNot.has(bare(before))) continue;
		let start = first + 1;
		// Not found, not moving: a verb, so nothing that could be seen or left out.
		if (
			word === "not" &&
			/^(?:found|seen|\p{L}{2,}(?:ing|ed))$/u.test(bare(tokens[start] ?? token))
		) {
			continue;
		}
		while (articles.has(bare(tokens[start] ?? token))) start += 1;
		let end = start;
		while (end - start < mostExcludedWords) {
			const next = tokens[end];
			if (next?.kind !== "word" || next.negated || taken.has(end)) break;
			if (isBinding(bare(next)) || !/[\p{L}\p{N}\p{So}]/u.test(next.text)) break;
			end += 1;
			if (/[,.;!?]$/u.test(next.text)) break;
		}
		if (end === start) continue;
		const text = tidy(
			tokens
				.slice(start, end)
				.map(({ text }) => text)
				.join(" "),
		);
		take({ first, end, reading: { kind: "exclude", text: text.replace(/[,.;!?]+$/u, "") } });
		first = end - 1;
	}
}

const pictureWords: ReadonlySet<string> = new Set(
	"photo photos picture pictures pic pics image images snapshot snapshots".split(" "),
);

/**
 * Words that only lead to a filter join it: `photos taken in France`, where there is nothing else to
 * show, and the `and` or `or` between two filters. They would otherwise be searched for.
 */
function widen(found: Found[], tokens: readonly Token[], taken: Set<number>): void {
	const isWord = (at: number) => tokens[at]?.kind === "word" && !taken.has(at);
	const wordOf = (at: number) => tokens[at]?.text.toLowerCase() ?? "";
	const wordAt = (at: number) => (isWord(at) ? wordOf(at) : "");
	const isFilter = (one: Found | undefined) =>
		one !== undefined && (one.reading.kind === "date" || one.reading.kind === "place");
	const belowNot = new Set<Found>();
	for (const [at, one] of found.entries()) {
		if (!isFilter(one)) continue;
		const reach = (to: number) => {
			for (let token = to; token < one.first; token += 1) taken.add(token);
			one.first = to;
		};
		if (isWord(one.first - 1) && wordAt(one.first - 1) === "taken") {
			reach(one.first - 1);
		}
		const previous = found[at - 1];
		const between = one.first - 1;
		if (previous === undefined || previous.end !== between || !isWord(between)) continue;
		const word = wordAt(between);
		const isSame = previous.reading.kind === one.reading.kind;
		if (!/^(?:and|&|,)$/u.test(word) && !(word === "or" && isSame)) continue;
		// "Not in 2018 or 2019" is neither; "not in 2018 and after 2015" has two halves.
		const goesOn = word === "or" || !isBinding(wordOf(one.first));
		const isNot = wordOf(previous.first) === "not" || belowNot.has(previous);
		const { reading } = one;
		if (isSame && goesOn && isNot && "negated" in reading) {
			one.reading = { ...reading, negated: true };
			belowNot.add(one);
		}
		reach(between);
	}
	const [first] = found;
	const leads = first?.first === 1 && isFilter(first) && isWord(0);
	const alone = tokens.every((_, at) => at === 0 || taken.has(at));
	if (first !== undefined && leads && alone && pictureWords.has(wordAt(0))) {
		first.first = 0;
	}
}

function withText(source: string, tokens: readonly Token[], found: readonly Found[]): QueryPart[] {
	const parts: QueryPart[] = [];
	const add = (first: number, end: number, reading: Reading) => {
		const span = { start: tokens[first]?.start ?? 0, end: tokens[end - 1]?.end ?? 0 };
		parts.push({ ...reading, span, words: source.slice(span.start, span.end) } as QueryPart);
	};
	const addText = (first: number, end: number) => {
		if (first >= end) return;
		const text = tokens
			.slice(first, end)
			.map((token) => (token.negated ? `-${token.text}` : token.text));
		add(first, end, { kind: "text", text: tidy(text.join(" ")) });
	};
	let at = 0;
	for (const { first, end, reading } of found) {
		addText(at, first);
		add(first, end, reading);
		at = end;
	}
	addText(at, tokens.length);
	return parts;
}
