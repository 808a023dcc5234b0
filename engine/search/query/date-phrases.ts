/** @file Phrases that say when: what stands before a period decides what it means. See README.md. */
import type { When } from "../../../contract/query.ts";
import {
	addDays,
	type Days,
	monthDays,
	monthNumber,
	parts,
	seasonMonths,
	seasonNamed,
} from "./calendar.ts";
import { readDayRange } from "./day-ranges.ts";
import { type Calendar, type Period, readPeriod } from "./periods.ts";

export interface DatePhrase {
	when: When;
	/** How many words it took. */
	count: number;
	assumption: string | null;
}

/** What stands around the words. */
export interface Surroundings {
	/** Nothing, another part, or a comma follows the word at this position. */
	endsAt(position: number): boolean;
	/** The word at this position begins with a capital letter in a query that has small ones. */
	capitalAt(position: number): boolean;
	/** Nothing, or another part, comes before the first word. */
	begins: boolean;
}

/** Months that are words of their own: alone or after other words they need a capital or a preposition. */
const wordMonths: ReadonlySet<string> = new Set([
	"march",
	"may",
	"august",
	"mar",
	"aug",
	"jan",
	"jun",
	"dec",
	"sept",
]);
/** Bare years before this are more often the name of a thing (a 1967 car) than when it was taken. */
const earliestBareYear = 1990;

const within: ReadonlySet<string> = new Set([
	"in",
	"during",
	"from",
	"on",
	"of",
	"over",
	"throughout",
]);

/** @param words in lower case without punctuation behind them, from where the phrase would begin. */
export function readDatePhrase(
	words: readonly string[],
	calendar: Calendar,
	around: Surroundings,
): DatePhrase | null {
	const first = words[0] ?? "";
	const phrase = (
		days: { from: string | null; to: string | null },
		count: number,
		period: Period,
	) => ({
		when: { type: "days" as const, ...days },
		count,
		assumption: assumptionOf(period, calendar),
	});
	if (first === "before" || first === "until" || first === "till") {
		const period = afterArticle(words, 1, calendar);
		if (period === null) return null;
		const to = first === "before" ? addDays(period.days.from, -1) : period.days.to;
		return phrase({ from: null, to }, period.count, period);
	}
	if (first === "after" || first === "since") {
		const period = afterArticle(words, 1, calendar);
		if (period === null) return null;
		const from = first === "after" ? addDays(period.days.to, 1) : period.days.from;
		return phrase({ from, to: null }, period.count, period);
	}
	if (first === "between" || first === "from") {
		const range = readRange(
			words,
			calendar,
			first === "between" ? ["and"] : ["to", "until", "till", "through", "–", "-"],
		);
		if (range !== null) return phrase(range.days, range.count, range);
	}
	if (within.has(first)) return readWithin(words, calendar, around, phrase);
	const bareRange = readRange(["from", ...words], calendar, ["–", "-", "to"]);
	if (bareRange !== null && bareRange.kind === "month-of-year") {
		return phrase(bareRange.days, bareRange.count - 1, bareRange);
	}
	// "The past week", but "the summer 2019 collection".
	const period = first === "the" ? relativeAfterThe(words, calendar) : readPeriod(words, calendar);
	return period !== null && standsAlone(period, words, around)
		? phrase(period.days, period.count, period)
		: null;
}

/** A value of `date:`: any phrase, and also months and seasons of whatever year. */
export function readDateValue(text: string, calendar: Calendar): DatePhrase | null {
	const written = /^(\d{4}-\d\d-\d\d)?\.\.(\d{4}-\d\d-\d\d)?$/.exec(text);
	if (written !== null) return readWritten(written[1], written[2]);
	const words = text.split(/[\s,]+/u).map((word) => word.toLowerCase());
	const months = words.map(monthNumber);
	if (months.every((month) => month !== null)) {
		return { when: whenMonths(months), count: words.length, assumption: null };
	}
	const season = seasonNamed(words[0] ?? "");
	if (season !== null && words.length === 1) {
		const when = whenMonths(seasonMonths(season, calendar.hemisphere));
		return { when, count: 1, assumption: hemisphereWords(calendar) };
	}
	const around = { endsAt: () => true, capitalAt: () => true, begins: true };
	const phrase =
		readDatePhrase(words, calendar, around) ?? readDatePhrase(["in", ...words], calendar, around);
	if (phrase === null) return null;
	const isWhole = phrase.count === words.length || phrase.count === words.length + 1;
	return isWhole ? phrase : null;
}

/** Days as `date:` reads them back. */
export function writeWhen(when: When, monthNames: readonly string[]): string {
	if (when.type === "months") return when.months.map((month) => monthNames[month - 1]).join(",");
	return `${when.from ?? ""}..${when.to ?? ""}`;
}

function readWritten(from: string | undefined, to: string | undefined): DatePhrase | null {
	for (const given of [from, to]) {
		if (given === undefined) continue;
		const { year, month, dayOfMonth } = parts(given);
		const real = month >= 1 && month <= 12 && dayOfMonth >= 1 && year > 0;
		if (!real || given > monthDays(year, month).to) return null;
	}
	if (from === undefined && to === undefined) return null;
	return { when: { type: "days", from: from ?? null, to: to ?? null }, count: 1, assumption: null };
}

function whenMonths(months: readonly number[]): When {
	return { type: "months", months: [...new Set(months)].sort((a, b) => a - b) };
}

/** `in`, `during`, `from`… and a period; `in` also takes a month of whatever year. */
function readWithin(
	words: readonly string[],
	calendar: Calendar,
	around: Surroundings,
	phrase: (days: Days, count: number, period: Period) => DatePhrase,
): DatePhrase | null {
	const first = words[0] ?? "";
	const period = afterArticle(words, 1, calendar);
	if (period !== null) {
		const dayOnly = first === "on" && period.kind !== "day" && period.kind !== "relative";
		const vague = first === "of" && (period.kind === "year" || period.kind === "decade");
		// "from the 1960s" is how things look; "in the 1960s" is when.
		const style = first === "from" && period.kind === "decade";
		// "Over 2000 meters", "from 2000 feet": how high, where more words follow.
		const height =
			(first === "over" || first === "from") &&
			period.kind === "year" &&
			!around.endsAt(period.count - 1);
		if (!dayOnly && !vague && !style && !height) return phrase(period.days, period.count, period);
	}
	if (first !== "in" && first !== "during") return null;
	const month = monthNumber(words[1] ?? "");
	if (month === null) return null;
	const isWord = wordMonths.has(words[1] ?? "");
	if (isWord && !around.capitalAt(1) && !around.endsAt(1)) return null;
	return { when: whenMonths([month]), count: 2, assumption: null };
}

/** The period after position `at`, with or without an article; `count` is from the first word on. */
function afterArticle(words: readonly string[], at: number, calendar: Calendar): Period | null {
	const from = words[at] === "the" ? at + 1 : at;
	const period = readPeriod(words.slice(from), calendar);
	return period === null ? null : { ...period, count: period.count + from };
}

/**
 * `between A and B`, `from A to B`; a month without a year takes the year of the second, or the one
 * before where it comes after the second in the year.
 */
function readRange(
	words: readonly string[],
	calendar: Calendar,
	joints: readonly string[],
): Period | null {
	const glued = /^([a-z]+)[-–—]([a-z]+)$/u.exec(words[1] ?? "");
	if (glued !== null && joints.includes("–")) {
		const apart = readRange(
			["from", glued[1] ?? "", "–", glued[2] ?? "", ...words.slice(2)],
			calendar,
			joints,
		);
		return apart === null ? null : { ...apart, count: apart.count - 2 };
	}
	if (joints.includes("and")) {
		const range = readDayRange(words.slice(1), calendar.today, new Set(joints));
		if (range !== null) return { ...range, count: range.count + 1, kind: "day", isSeason: false };
	}
	const first = afterArticle(words, 1, calendar);
	const month = first === null ? monthNumber(words[1] ?? "") : null;
	const joint = first?.count ?? 2;
	if (first === null && month === null) return null;
	if (!joints.includes(words[joint] ?? "")) return null;
	const second = afterArticle(words, joint + 1, calendar);
	if (second === null) return null;
	const { year, month: lastMonth } = parts(second.days.from);
	if (first === null && second.kind !== "month-of-year") return null;
	const firstMonth = month ?? 1;
	const begin = first?.days ?? monthDays(firstMonth > lastMonth ? year - 1 : year, firstMonth);
	// Named in whichever order.
	const [from = begin.from] = [begin.from, second.days.from].toSorted();
	const [, to = begin.to] = [begin.to, second.days.to].toSorted();
	const isSeason = second.isSeason || (first?.isSeason ?? false);
	return { days: { from, to }, kind: second.kind, count: second.count, isSeason };
}

function relativeAfterThe(words: readonly string[], calendar: Calendar): Period | null {
	const period = afterArticle(words, 0, calendar);
	return period?.kind === "relative" ? period : null;
}

/** Whether a period without a preposition can only be a date. */
function standsAlone(period: Period, words: readonly string[], around: Surroundings): boolean {
	switch (period.kind) {
		case "relative":
		case "season":
		case "day":
			return true;
		case "years":
			return period.count === 1 || around.endsAt(period.count - 1);
		case "month-of-year":
			return !wordMonths.has(words[0] ?? "") || around.begins || around.capitalAt(0);
		case "year":
			return parts(period.days.from).year >= earliestBareYear && around.endsAt(0);
		case "decade":
			return false;
	}
}

function assumptionOf(period: Period, calendar: Calendar): string | null {
	return period.isSeason ? hemisphereWords(calendar) : null;
}

function hemisphereWords(calendar: Calendar): string {
	return `Seasons as they are ${calendar.hemisphere} of the equator.`;
}
