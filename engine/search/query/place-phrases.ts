/** @file Phrases that say where: a preposition and a name the gazetteer knows. See README.md. */
import { assertNever } from "../../../contract/assert-never.ts";
import type { Place } from "../../../contract/query.ts";
import { type FoundPlace, nearby, type PlaceNames } from "../places/gazetteer.ts";
import { bare, type Token } from "./tokens.ts";
import { endsPhrase, ordinaryNames } from "./words.ts";

const prepositions: ReadonlySet<string> = new Set(["in", "from", "near", "around"]);

const mostWords = 5;
/** Smaller towns are read only with a capital. */
const leastLowerCase = 300_000;
const leastCapital = 5_000;
/** Before a noun (Chelsea boots), only larger towns are read. */
const leastBeforeNoun = 1_000_000;

export interface PlacePhrase {
	place: Place;
	/** How many tokens it took. */
	count: number;
}

/**
 * @param tokens from where the phrase would begin.
 * @param free how many of them belong to no other part.
 */
export function readPlacePhrase(
	tokens: readonly Token[],
	free: number,
	names: PlaceNames,
	hasCapitals: boolean,
): PlacePhrase | null {
	const [first, second] = tokens;
	if (first === undefined || second === undefined || !prepositions.has(first.text.toLowerCase())) {
		return null;
	}
	const start = bare(second) === "the" ? 2 : 1;
	for (let count = Math.min(mostWords, free - start); count >= 1; count -= 1) {
		const named = tokens.slice(start, start + count);
		if (named.length < count || !mayBeName(named)) continue;
		const name = named
			.map(({ text }) => text)
			.join(" ")
			.replace(/[,.;!?]+$/u, "");
		const isCapital = hasCapitals && startsWithCapital(named);
		// Looking up what no rule would let through only takes time, and the first time a lot of it.
		if (!isCapital && ordinaryNames.has(name.toLowerCase())) continue;
		const found = names.find(name);
		if (found === null) continue;
		const next = tokens[start + count];
		const follows: Following =
			next === undefined || start + count >= free || endsPhrase(named.at(-1), next)
				? "end"
				: hasCapitals && /^\p{Lu}/u.test(next.text)
					? "capital"
					: "word";
		if (!accepted(found, { isCapital, follows, afterThe: start === 2 }, name)) continue;
		const near = first.text.toLowerCase() === "near" || first.text.toLowerCase() === "around";
		return { place: near ? nearby(found.place) : found.place, count: start + count };
	}
	return null;
}

/** What stands behind the name. */
type Following = "end" | "capital" | "word";

function accepted(
	found: FoundPlace,
	written: { isCapital: boolean; follows: Following; afterThe: boolean },
	name: string,
): boolean {
	const { isCapital, follows, afterThe } = written;
	// Paris Hilton, London Bridge: the name goes on.
	if (follows === "capital") return false;
	if (afterThe && !takesArticle(found.place)) return false;
	if (!isCapital) {
		// "In the pool" is no region.
		if (afterThe && found.place.type !== "area") return false;
		return found.population >= leastLowerCase && follows === "end";
	}
	if (found.place.type !== "city")
		return !ordinaryNames.has(name.toLowerCase()) || follows === "end";
	if (found.population < leastCapital || neverTowns.has(name.toLowerCase())) return false;
	return follows === "end" || found.population >= leastBeforeNoun;
}

const kindsOfRegion =
	/\s(?:territor(?:y|ies)|province|region|district|country|cape|islands)$|^(?:district|region) of\s/iu;
const regionsWithArticle: ReadonlySet<string> = new Set(
	"saarland,yukon,tyrol,punjab,peloponnese,veneto,valais,jura,free state".split(","),
);

/**
 * Whether English says "the" before it. The Golden Gate and the Black Forest are no towns, though towns
 * elsewhere have these names.
 */
function takesArticle(place: Place): boolean {
	switch (place.type) {
		case "area":
			return true;
		case "region":
			return regionsWithArticle.has(place.name.toLowerCase()) || kindsOfRegion.test(place.name);
		case "city":
			return /^(?:the|city of)\s/iu.test(place.name);
		default:
			return assertNever(place);
	}
}

/** Months, seasons and colours are more often meant than the towns of these names. */
const neverTowns: ReadonlySet<string> = new Set(
	"spring summer autumn winter january february march april may june july august september october november december monday tuesday wednesday thursday friday saturday sunday christmas easter red blue white black green yellow pink orange purple".split(
		" ",
	),
);

function mayBeName(named: readonly Token[]): boolean {
	return named.every(
		(token, at) =>
			token.kind === "word" &&
			!token.negated &&
			/^[\p{L}\p{M}.'’-]+[,.;!?]*$/u.test(token.text) &&
			// A full stop or the like ends the name; a comma may stand before the region.
			(at === named.length - 1 || !/[;!?]$/u.test(token.text)),
	);
}

/** Every word but small ones; scripts without capitals count as written with one. */
function startsWithCapital(named: readonly Token[]): boolean {
	const small = /^(?:of|de|la|del|do|da|dos|das|di|el|los|las|am|an|der|the|and|upon|sur|les|en)$/u;
	return named.every(({ text }, at) => !/^\p{Ll}/u.test(text) || (at > 0 && small.test(text)));
}
