/** @file The parts of a query as they were read, in words for their chips. */
import type { Place, QueryPart, When } from "../../contract/query.ts";

/** Parts that narrow the search, or that could not be read; what the picture shows is the text of the box. */
export type ChipPart = Exclude<QueryPart, { kind: "text" }>;

/** The parts that are shown as chips. */
export function chipParts(parts: readonly QueryPart[]): ChipPart[] {
	return parts.filter((part) => part.kind !== "text");
}

const shapes = { portrait: "upright", landscape: "wider than high", square: "square" };

/**
 * What a part asks for: "without people", "in France", "summer 2025 · 1 Jun – 31 Aug 2025". Kinds
 * that came after this page was written are shown as they were typed.
 */
export function partInWords(part: ChipPart, locale?: string): string {
	const words = affirmed(part, locale);
	return "negated" in part && part.negated ? `not ${words}` : words;
}

function affirmed(part: ChipPart, locale: string | undefined): string {
	switch (part.kind) {
		case "exclude":
			return `without ${part.text}`;
		case "date":
			return dateInWords(part.words, whenInWords(part.when, locale));
		case "place":
			return placeInWords(part.place, locale);
		case "folder":
			return `folder: ${part.text}`;
		case "words":
			return `with the words “${part.text}”`;
		case "name":
			return `named “${part.text}”`;
		case "tag":
			return `tag: ${part.path}`;
		case "tagged":
			return "with tags";
		case "rating":
			return ratingInWords(part.from, part.to);
		case "camera":
			return `camera: ${part.text}`;
		case "lens":
			return `lens: ${part.text}`;
		case "format":
			return part.format === "webp" ? "WebP" : part.format.toUpperCase();
		case "shape":
			return `${part.shape} (${shapes[part.shape]})`;
		case "offline":
			return "drive not connected";
		case "generated":
			return part.negated ? "drawn pictures" : "drawn pictures only";
		case "refused":
			return part.message;
		default:
			return unknownWords(part);
	}
}

/** Such as "4 stars", "3 stars or more", "no stars". */
function ratingInWords(from: number | null, to: number | null): string {
	if (to === null) return from === 1 ? "with stars" : `${starsCounted(from ?? 0)} or more`;
	if (from === null) return `${starsCounted(to)} or fewer`;
	return from === to ? starsCounted(from) : `${from} to ${starsCounted(to)}`;
}

function starsCounted(count: number): string {
	if (count === 0) return "no stars";
	return count === 1 ? "1 star" : `${count} stars`;
}

function unknownWords(part: { words: string }): string {
	return part.words;
}

/** The words typed, where they are words, and the days they were read as. */
function dateInWords(words: string, read: string): string {
	const typed = words.replace(/^-?(?:date:)?/u, "").replace(/^["“](.*)["”]$/u, "$1");
	return typed.toLowerCase() === read.toLowerCase() ? read : `${typed} · ${read}`;
}

/** Such as "1 Jun – 31 Aug 2025", "until 31 Dec 2018", "July or August of any year". */
export function whenInWords(when: When, locale?: string): string {
	if (when.type === "months") {
		const month = new Intl.DateTimeFormat(locale, { month: "long", timeZone: "UTC" });
		const names = when.months.map((number) => month.format(Date.UTC(2000, number - 1)));
		return `${new Intl.ListFormat(locale, { type: "disjunction" }).format(names)} of any year`;
	}
	const day = new Intl.DateTimeFormat(locale, {
		day: "numeric",
		month: "short",
		year: "numeric",
		timeZone: "UTC",
	});
	const from = when.from === null ? null : new Date(`${when.from}T00:00:00Z`);
	const to = when.to === null ? null : new Date(`${when.to}T00:00:00Z`);
	if (from !== null && to !== null) return day.formatRange(from, to);
	if (from !== null) return `from ${day.format(from)}`;
	return to === null ? "any day" : `until ${day.format(to)}`;
}

function placeInWords(place: Place, locale: string | undefined): string {
	switch (place.type) {
		case "area":
			return `in ${place.name}`;
		case "region":
			return `in ${place.name}, ${countryName(place.country, locale)}`;
		case "city": {
			const country = countryName(place.country, locale);
			const around = place.region === null ? country : `${place.region}, ${country}`;
			const reach = place.near ? ` (within ${Math.round(place.radiusKm)} km)` : "";
			return `${place.near ? "near" : "in"} ${place.name}, ${around}${reach}`;
		}
	}
}

function countryName(code: string, locale: string | undefined): string {
	try {
		return new Intl.DisplayNames(locale, { type: "region" }).of(code) ?? code;
	} catch {
		// Not every code of the gazetteer is one of the standard's.
		return code;
	}
}

/** More on a chip: the words it was read from, and what was assumed. */
export function partHint(part: ChipPart): string {
	const typed = `Read from “${part.words}”.`;
	return part.kind === "date" && part.assumption !== null ? `${typed} ${part.assumption}` : typed;
}
