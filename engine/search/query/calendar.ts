/** @file Days, months, seasons as ranges of days. Days are `2019-06-30`: no hours, no time zones. */

/** Both days included. */
export interface Days {
	from: string;
	to: string;
}

export type Hemisphere = "north" | "south";

export const monthNames = [
	"january",
	"february",
	"march",
	"april",
	"may",
	"june",
	"july",
	"august",
	"september",
	"october",
	"november",
	"december",
] as const;

/** First month of each season north of the equator; south of it, half a year later. */
const firstMonthNorth = { spring: 3, summer: 6, autumn: 9, winter: 12 } as const;
export type Season = keyof typeof firstMonthNorth;

/** 1 to 12; null for what is no month. `abbreviated`: also `dec`, `sept`. */
export function monthNumber(word: string): number | null {
	const name = word.toLowerCase();
	const at = monthNames.findIndex(
		(month) =>
			month === name ||
			(name !== "mar" && name.length === 3 && month.startsWith(name)) ||
			(name === "sept" && month === "september"),
	);
	return at < 0 ? null : at + 1;
}

/** Null for what is no season. */
export function seasonNamed(word: string): Season | null {
	if (word === "fall") return "autumn";
	return word === "spring" || word === "summer" || word === "autumn" || word === "winter"
		? word
		: null;
}

/** `2019-06-30`; months and days past the end go on into the next. */
export function day(year: number, month: number, dayOfMonth: number): string {
	const date = new Date(0);
	date.setUTCFullYear(year, month - 1, dayOfMonth);
	return date.toISOString().slice(0, 10);
}

export function parts(of: string): { year: number; month: number; dayOfMonth: number } {
	const [year = 0, month = 1, dayOfMonth = 1] = of.split("-").map(Number);
	return { year, month, dayOfMonth };
}

const earliestYear = 1826;

/** A year in which photographs were taken, by its four digits; null for anything else. */
export function yearOf(word: string, today: string): number | null {
	if (!/^\d{4}$/.test(word)) return null;
	const year = Number(word);
	return year >= earliestYear && year <= parts(today).year + 1 ? year : null;
}

/** Null where the year has no such day. */
export function existingDay(year: number | null, month: number, dayOfMonth: number): string | null {
	if (year === null || !(month >= 1 && month <= 12) || dayOfMonth < 1) return null;
	return dayOfMonth > parts(monthDays(year, month).to).dayOfMonth
		? null
		: day(year, month, dayOfMonth);
}

export function addDays(to: string, count: number): string {
	const { year, month, dayOfMonth } = parts(to);
	return day(year, month, dayOfMonth + count);
}

/** 0 for Monday. */
export function weekdayOf(of: string): number {
	return (new Date(`${of}T00:00:00Z`).getUTCDay() + 6) % 7;
}

export function yearDays(year: number): Days {
	return { from: day(year, 1, 1), to: day(year, 12, 31) };
}

export function monthDays(year: number, month: number): Days {
	return { from: day(year, month, 1), to: day(year, month + 1, 0) };
}

/** Monday to Sunday. */
export function weekDays(within: string): Days {
	const from = addDays(within, -weekdayOf(within));
	return { from, to: addDays(from, 6) };
}

/** The season that begins in `year`: winter 2019 in the north is December 2019 to February 2020. */
export function seasonDays(season: Season, year: number, hemisphere: Hemisphere): Days {
	const first = seasonMonths(season, hemisphere)[0] ?? 1;
	return { from: day(year, first, 1), to: day(year, first + 3, 0) };
}

export function seasonMonths(season: Season, hemisphere: Hemisphere): number[] {
	const first = firstMonthNorth[season] + (hemisphere === "north" ? 0 : 6);
	return [0, 1, 2].map((later) => ((first - 1 + later) % 12) + 1);
}
