/** @file One period that a few words name: a day, a month, a season, a year, or one told from today. */
import { en as english } from "chrono-node";
import {
	type Days,
	day,
	existingDay,
	type Hemisphere,
	monthDays,
	monthNumber,
	seasonDays,
	seasonNamed,
	yearDays,
	yearOf,
} from "./calendar.ts";
import { readDayRange } from "./day-ranges.ts";
import { readRelative } from "./relative-dates.ts";

export interface Calendar {
	/** `2019-06-30`, where the person is. */
	today: string;
	hemisphere: Hemisphere;
}

/** `year`, `month` and `decade` are read only where something else says that a date is meant. */
export type PeriodKind =
	| "relative"
	| "season"
	| "month-of-year"
	| "day"
	| "years"
	| "year"
	| "decade";

export interface Period {
	days: Days;
	kind: PeriodKind;
	/** How many words it took. */
	count: number;
	isSeason: boolean;
}

const dash = "[-–—]";

/** @param words in lower case without punctuation behind them, from where the period would begin. */
export function readPeriod(words: readonly string[], calendar: Calendar): Period | null {
	const relative = readRelative(words, calendar.today, calendar.hemisphere);
	// The last week of June, the last year of college: not told from today.
	if (relative !== null && words[relative.count] !== "of") {
		return { ...relative, kind: "relative" };
	}
	return (
		readSeason(words, calendar) ??
		readMonthOfYear(words, calendar) ??
		readDays(words, calendar) ??
		readDay(words, calendar) ??
		readYears(words, calendar)
	);
}

function readSeason(words: readonly string[], calendar: Calendar): Period | null {
	const season = seasonNamed(words[0] ?? "");
	if (season === null) return null;
	const at = words[1] === "of" ? 2 : 1;
	const [, first = "", second] =
		new RegExp(`^(\\d{4})(?:(?:/|${dash})(\\d{2}|\\d{4}))?$`, "u").exec(words[at] ?? "") ?? [];
	const year = yearOf(first, calendar.today);
	if (year === null) return null;
	if (second !== undefined && Number(second) % 100 !== (year + 1) % 100) return null;
	const days = seasonDays(season, year, calendar.hemisphere);
	return { days, kind: "season", count: at + 1, isSeason: true };
}

function readMonthOfYear(words: readonly string[], calendar: Calendar): Period | null {
	const named = monthNumber(words[0] ?? "");
	const at = words[1] === "of" ? 2 : 1;
	const year = yearOf(words[at] ?? "", calendar.today);
	if (named !== null && year !== null) {
		return { days: monthDays(year, named), kind: "month-of-year", count: at + 1, isSeason: false };
	}
	const written = /^(\d{4})[-/.](\d{1,2})$/.exec(words[0] ?? "");
	const writtenYear = yearOf(written?.[1] ?? "", calendar.today);
	const month = Number(written?.[2]);
	if (writtenYear === null || !(month >= 1 && month <= 12)) return null;
	const days = monthDays(writtenYear, month);
	return { days, kind: "month-of-year", count: 1, isSeason: false };
}

function readDays(words: readonly string[], calendar: Calendar): Period | null {
	const range = readDayRange(words, calendar.today);
	return range === null ? null : { ...range, kind: "day", isSeason: false };
}

/**
 * Whole dates go through chrono. Numbers alone count where they can be read in one way only: year
 * first, dots (day first, as where dots are used), or a number above 12.
 */
function readDay(words: readonly string[], calendar: Calendar): Period | null {
	const numeric = /^(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})$/.exec(words[0] ?? "");
	if (numeric !== null) {
		const written = readNumericDay(numeric, calendar);
		return written === null
			? null
			: { days: { from: written, to: written }, kind: "day", count: 1, isSeason: false };
	}
	if (!words.slice(0, 5).some((word) => monthNumber(word) !== null)) return null;
	for (let count = Math.min(6, words.length); count >= 3; count -= 1) {
		const text = words.slice(0, count).join(" ").replace(/^the /, "");
		if (text.length > 60) continue;
		const [result] = english.strict.parse(text, {
			instant: new Date(`${calendar.today}T12:00:00Z`),
			timezone: 0,
		});
		if (result === undefined || result.index !== 0 || result.text.length !== text.length) continue;
		const { start, end } = result;
		if (end != null || start.isCertain("hour")) continue;
		const whole = (["year", "month", "day"] as const).every((part) => start.isCertain(part));
		const year = yearOf(String(start.get("year")), calendar.today);
		if (!whole || year === null) continue;
		const from = day(year, start.get("month") ?? 1, start.get("day") ?? 1);
		return { days: { from, to: from }, kind: "day", count, isSeason: false };
	}
	return null;
}

function readNumericDay(numbers: RegExpExecArray, calendar: Calendar): string | null {
	const [, first = "", mark = "", second = "", third = ""] = numbers;
	if (first.length === 4)
		return existingDay(yearOf(first, calendar.today), Number(second), Number(third));
	const year = yearOf(third, calendar.today);
	const [one, two] = [Number(first), Number(second)];
	if (mark === "." || one > 12 || one === two) return existingDay(year, two, one);
	return two > 12 ? existingDay(year, one, two) : null;
}

function readYears(words: readonly string[], calendar: Calendar): Period | null {
	const [first = "", second = "", third = ""] = words;
	const joined = new RegExp(`^(\\d{4})(?:${dash}|\\.\\.)(\\d{4})$`, "u").exec(first);
	const apart = new RegExp(`^(?:${dash}|to)$`, "u").test(second) ? ["", first, third] : null;
	const pair = joined ?? apart;
	const from = yearOf(pair?.[1] ?? "", calendar.today);
	const to = yearOf(pair?.[2] ?? "", calendar.today);
	if (from !== null && to !== null && from <= to) {
		const days = { from: day(from, 1, 1), to: day(to, 12, 31) };
		return { days, kind: "years", count: joined === null ? 3 : 1, isSeason: false };
	}
	const decade = yearOf(/^(\d{3}0)['’]?s$/u.exec(first)?.[1] ?? "", calendar.today);
	if (decade !== null) {
		const days = { from: day(decade, 1, 1), to: day(decade + 9, 12, 31) };
		return { days, kind: "decade", count: 1, isSeason: false };
	}
	const year = yearOf(first, calendar.today);
	return year === null ? null : { days: yearDays(year), kind: "year", count: 1, isSeason: false };
}
