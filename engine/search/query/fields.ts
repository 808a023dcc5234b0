/** @file What `field:value` and quoted words mean. A value that cannot be used is refused with a sentence. */
import { assertNever } from "../../../contract/assert-never.ts";
import { type FileFormat, fileFormatSchema, type QueryPart } from "../../../contract/query.ts";
import { nearby, type PlaceNames } from "../places/gazetteer.ts";
import { readDateValue } from "./date-phrases.ts";
import type { Calendar } from "./periods.ts";
import { type Token, tidy } from "./tokens.ts";

/** A part without where it stands. Distributes over the union. */
export type Reading = QueryPart extends infer Part
	? Part extends QueryPart
		? Omit<Part, "span" | "words">
		: never
	: never;

const otherFormats: Readonly<Record<string, FileFormat>> = {
	jpg: "jpeg",
	jpe: "jpeg",
	tif: "tiff",
	heif: "heic",
	bitmap: "bmp",
};

/** The part a quoted word or a field stands for. */
export function readField(token: Token, calendar: Calendar, places: PlaceNames): Reading {
	const { negated } = token;
	const text = tidy(token.text);
	if (token.field === undefined) {
		return negated ? { kind: "exclude", text } : { kind: "words", negated, text };
	}
	switch (token.field) {
		case "date":
			return readWhen(text, text, token, calendar);
		case "before":
		case "after":
		case "since":
			return readWhen(`${token.field} ${text}`, text, token, calendar);
		case "place":
		case "near": {
			const found = places.find(text);
			if (found !== null) {
				const place = token.field === "near" ? nearby(found.place) : found.place;
				return { kind: "place", negated, place };
			}
			return refused(token, `No country, region or town called “${text}” is known.`);
		}
		case "folder": {
			const path = text.replaceAll("\\", "/").replace(/\/+$/u, "");
			if (path !== "") return { kind: "folder", negated, text: path };
			return refused(token, `“${text}” is no folder. Write part of its path, such as folder:2019.`);
		}
		case "name":
		case "camera":
		case "lens":
			return { kind: token.field, negated, text };
		case "type": {
			const name = text.toLowerCase().replace(/^\./u, "");
			const format = fileFormatSchema.safeParse(otherFormats[name] ?? name);
			if (format.success) return { kind: "format", negated, format: format.data };
			const known = fileFormatSchema.options.join(", ");
			return refused(token, `“${text}” is no type of picture file. These are: ${known}.`);
		}
		case "is":
			return readIs(text.toLowerCase(), token);
		case "tag": {
			const path = tidyPath(text);
			if (path !== "") return { kind: "tag", negated, path };
			return refused(token, `“${text}” is no tag. Write its name, such as tag:dog.`);
		}
		case "rating":
			return readRating(text, token);
		default:
			return assertNever(token.field);
	}
}

function readWhen(value: string, shown: string, token: Token, calendar: Calendar): Reading {
	const read = readDateValue(value, calendar);
	if (read === null) {
		const examples = "2019, may 2020, 2019-05-12, “last summer”, 2019-01-01..2020-06-30";
		return refused(token, `“${shown}” is no date that can be read. These are: ${examples}.`);
	}
	const { when, assumption } = read;
	return { kind: "date", negated: token.negated, when, assumption };
}

function readIs(value: string, token: Token): Reading {
	const { negated } = token;
	switch (value) {
		case "portrait":
		case "landscape":
		case "square":
			return { kind: "shape", negated, shape: value };
		case "offline":
			return { kind: "offline", negated };
		case "tagged":
		case "untagged":
			return { kind: "tagged", negated: negated !== (value === "untagged") };
		case "rated":
			return { kind: "rating", negated, from: 1, to: null };
		case "unrated":
			return { kind: "rating", negated, from: 0, to: 0 };
		case "generated":
		case "photographed":
			return { kind: "generated", negated: negated !== (value === "photographed") };
		default:
			return refused(
				token,
				`is: takes portrait, landscape, square, offline, tagged, untagged, rated, unrated, generated or photographed, not “${value}”.`,
			);
	}
}

/** `animal / dog /` is `animal/dog`. */
function tidyPath(text: string): string {
	const names = text.split("/").map((name) => name.trim());
	return names.filter((name) => name !== "").join("/");
}

const ratingForms: readonly [
	RegExp,
	(stars: number, to: number) => [number | null, number | null],
][] = [
	[/^(\d)$/, (stars) => [stars, stars]],
	[/^(?:>=|≥)\s?(\d)$/, (stars) => [stars, null]],
	[/^(\d)(?:\+|\.\.)$/, (stars) => [stars, null]],
	[/^>\s?(\d)$/, (stars) => [stars + 1, null]],
	[/^(?:(?:<=|≤)\s?|\.\.)(\d)$/, (stars) => [null, stars]],
	[/^<\s?(\d)$/, (stars) => [null, stars - 1]],
	[/^(\d)\.\.(\d)$/, (from, to) => [Math.min(from, to), Math.max(from, to)]],
];

/** `4`, `>=3`, `3..5`, `..2`. */
function readRating(text: string, token: Token): Reading {
	for (const [form, read] of ratingForms) {
		const match = form.exec(text);
		if (match === null) continue;
		const [from, to] = read(Number(match[1]), Number(match[2]));
		if ([from, to].every((stars) => stars === null || (stars >= 0 && stars <= 5))) {
			return { kind: "rating", negated: token.negated, from, to };
		}
	}
	return refused(token, `“${text}” is no rating. These are: 4, >=3, 3..5, from 0 to 5 stars.`);
}

function refused(token: Token, message: string): Reading {
	return { kind: "refused", field: token.field ?? "", text: tidy(token.text), message };
}
