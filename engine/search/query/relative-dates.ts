/** @file Days told from today: yesterday, last summer, the past three weeks, two years ago. */
import {
	addDays,
	type Days,
	day,
	type Hemisphere,
	monthDays,
	monthNumber,
	parts,
	seasonDays,
	seasonNamed,
	weekDays,
	weekdayOf,
	yearDays,
} from "./calendar.ts";

const numberWords: Readonly<Record<string, number>> = {
	a: 1,
	an: 1,
	one: 1,
	two: 2,
	three: 3,
	four: 4,
	five: 5,
	six: 6,
	seven: 7,
	eight: 8,
	nine: 9,
	ten: 10,
	twelve: 12,
};

const weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

export interface RelativeDays {
	days: Days;
	/** How many of the words were used. */
	count: number;
	/** A season, whose months depend on the hemisphere. */
	isSeason: boolean;
}

/**
 * @param words in lower case, from where the phrase would begin.
 * @param today `2019-06-30`.
 */
export function readRelative(
	words: readonly string[],
	today: string,
	hemisphere: Hemisphere,
): RelativeDays | null {
	const [first = "", second = "", third = ""] = words;
	const found = (days: Days, count: number, isSeason = false) => ({ days, count, isSeason });
	if (first === "today") return found({ from: today, to: today }, 1);
	if (first === "yesterday") {
		const from = addDays(today, -1);
		return found({ from, to: from }, 1);
	}
	if (first === "last" || first === "past" || first === "this") {
		const season = seasonNamed(second);
		if (season !== null && first !== "past") {
			return found(nearSeason(season, first, today, hemisphere), 2, true);
		}
		const named = first === "past" ? null : namedPeriod(first, second, today);
		if (named !== null) return found(named, 2);
		if (first === "this") return null;
		const unit = unitOf(third);
		const amount = amountOf(second);
		if (amount !== null && unit !== null && second !== "a" && second !== "an") {
			return found({ from: back(today, amount, unit), to: today }, 3);
		}
		const single = unitOf(second);
		if (first === "past" && single !== null && !second.endsWith("s")) {
			return found({ from: back(today, 1, single), to: today }, 2);
		}
		return null;
	}
	const amount = amountOf(first);
	const unit = unitOf(second);
	if (amount === null || unit === null || third !== "ago") return null;
	return found(aroundThen(back(today, amount, unit), unit), 3);
}

type Unit = "day" | "week" | "month" | "year";

function unitOf(word: string): Unit | null {
	const unit = /^(day|week|month|year)s?$/.exec(word)?.[1];
	return unit === "day" || unit === "week" || unit === "month" || unit === "year" ? unit : null;
}

function amountOf(word: string): number | null {
	if (/^\d{1,3}$/.test(word)) return Number(word);
	return numberWords[word] ?? null;
}

function back(from: string, amount: number, unit: Unit): string {
	const { year, month, dayOfMonth } = parts(from);
	switch (unit) {
		case "day":
			return addDays(from, -amount);
		case "week":
			return addDays(from, -7 * amount);
		case "month": {
			// A month before 31 March is the last day of February.
			const last = parts(day(year, month - amount + 1, 0)).dayOfMonth;
			return day(year, month - amount, Math.min(dayOfMonth, last));
		}
		case "year":
			return month === 2 && dayOfMonth === 29
				? day(year - amount, 3, 0)
				: day(year - amount, month, dayOfMonth);
	}
}

/** Two years ago is a whole year, two weeks ago a whole week. */
function aroundThen(then: string, unit: Unit): Days {
	const { year, month } = parts(then);
	if (unit === "year") return yearDays(year);
	if (unit === "month") return monthDays(year, month);
	return unit === "week" ? weekDays(then) : { from: then, to: then };
}

function namedPeriod(which: "last" | "this", word: string, today: string): Days | null {
	const { year, month } = parts(today);
	const earlier = which === "last" ? 1 : 0;
	if (word === "year") return yearDays(year - earlier);
	if (word === "month")
		return monthDays(
			parts(day(year, month - earlier, 1)).year,
			parts(day(year, month - earlier, 1)).month,
		);
	if (word === "week") return weekDays(addDays(today, -7 * earlier));
	if (word === "weekend") {
		const saturday = addDays(weekDays(today).from, 5);
		const begins = which === "this" || weekdayOf(today) === 6 ? saturday : addDays(saturday, -7);
		const from = which === "last" && weekdayOf(today) === 6 ? addDays(saturday, -7) : begins;
		return { from, to: addDays(from, 1) };
	}
	const weekday = weekdays.indexOf(word);
	if (weekday >= 0 && which === "last") {
		const before = ((weekdayOf(today) - weekday + 6) % 7) + 1;
		const from = addDays(today, -before);
		return { from, to: from };
	}
	const named = word.length > 3 ? monthNumber(word) : null;
	if (named === null) return null;
	if (which === "this") return monthDays(year, named);
	return monthDays(named < month ? year : year - 1, named);
}

/** `last`: the latest that is over; `this`: the latest that has begun. */
function nearSeason(
	season: Parameters<typeof seasonDays>[0],
	which: "last" | "this",
	today: string,
	hemisphere: Hemisphere,
): Days {
	const { year } = parts(today);
	for (const begins of [year, year - 1]) {
		const days = seasonDays(season, begins, hemisphere);
		if (which === "last" ? days.to < today : days.from <= today) return days;
	}
	return seasonDays(season, year - 2, hemisphere);
}
