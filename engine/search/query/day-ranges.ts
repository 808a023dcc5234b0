/** @file Several days of one or two months: 12 to 14 May 2019, May 12–14, 2019, 28 April to 3 May 2019. */
import { type Days, existingDay, monthNumber, yearOf } from "./calendar.ts";

const betweenDays: ReadonlySet<string> = new Set(["to", "until", "till", "through", "-", "–", "—"]);
const dayForm = "(\\d{1,2})(?:st|nd|rd|th)?";

/**
 * Null where the year is missing or a day does not exist. Of two months the first may be the later one:
 * it is then of the year before.
 * @param words in lower case without punctuation behind them, from where the range would begin.
 * @param today `2019-06-30`.
 * @param joints what may stand between the days.
 */
export function readDayRange(
	given: readonly string[],
	today: string,
	joints: ReadonlySet<string> = betweenDays,
): { days: Days; count: number } | null {
	const words = joints.has("-") ? apart(given) : given;
	const first = readDayOfMonth(words, 0);
	if (first === null || !joints.has(words[first.end] ?? "")) return null;
	const last = readDayOfMonth(words, first.end + 1);
	const year = last === null ? null : yearOf(words[last.end] ?? "", today);
	if (last === null || year === null) return null;
	const lastMonth = last.month ?? first.month;
	const firstMonth = first.month ?? last.month;
	if (firstMonth === null || lastMonth === null) return null;
	const from = existingDay(firstMonth > lastMonth ? year - 1 : year, firstMonth, first.day);
	const to = existingDay(year, lastMonth, last.day);
	if (from === null || to === null || from > to) return null;
	return { days: { from, to }, count: last.end + 1 - (words.length - given.length) };
}

/** `12-14` in three words, where it is the first or, behind a month, the second. */
function apart(words: readonly string[]): readonly string[] {
	const at = monthNumber(words[0] ?? "") === null ? 0 : 1;
	const glued = new RegExp(`^${dayForm}([-–—])${dayForm}$`, "u").exec(words[at] ?? "");
	if (glued === null) return words;
	const [, first = "", joint = "", last = ""] = glued;
	return [...words.slice(0, at), first, joint, last, ...words.slice(at + 1)];
}

/** `12`, `the 12th of May`, `May 12`; `end` is the position behind it. */
function readDayOfMonth(
	words: readonly string[],
	start: number,
): { day: number; month: number | null; end: number } | null {
	const at = words[start] === "the" ? start + 1 : start;
	const monthBefore = monthNumber(words[at] ?? "");
	const dayAt = monthBefore === null ? at : at + 1;
	const day = new RegExp(`^${dayForm}$`, "u").exec(words[dayAt] ?? "")?.[1];
	if (day === undefined) return null;
	if (monthBefore !== null) return { day: Number(day), month: monthBefore, end: dayAt + 1 };
	const monthAt = words[dayAt + 1] === "of" ? dayAt + 2 : dayAt + 1;
	const month = monthNumber(words[monthAt] ?? "");
	return { day: Number(day), month, end: month === null ? dayAt + 1 : monthAt + 1 };
}
