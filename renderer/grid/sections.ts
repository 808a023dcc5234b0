/** @file Runs of photos under a heading; lists in order of time are cut into months or years. */

/** A run of photos under one heading. */
export interface Section {
	/** Index of its first photo. */
	readonly first: number;
	/** Index after its last photo. */
	readonly end: number;
	/** What stands over it, such as "August 2021" or "Strong · 38". */
	readonly title: string;
	/** True or false where the person opens and closes it; empty while it is closed. */
	readonly open?: boolean;
}

/** Photos of one month or year. */
export interface TimeSection extends Section {
	/** For the date scrubber. */
	readonly year: number;
}

/** Below this many photos a month, headings would outweigh the photos: years then. */
const fewestPerMonth = 8;

const dayMs = 86_400_000;

/**
 * @param days whole days since 1970-01-01, one for each photo, in either direction of time
 * @param locale of the titles; the browser's own when left out
 */
export function sectionsOf(days: ArrayLike<number>, locale?: string): TimeSection[] {
	const months = cut(days, monthOf);
	if (days.length >= months.length * fewestPerMonth) {
		const format = new Intl.DateTimeFormat(locale, {
			month: "long",
			year: "numeric",
			timeZone: "UTC",
		});
		return months.map(({ first, end, key }) => ({
			first,
			end,
			title: format.format(Date.UTC(Math.floor(key / 12), key % 12)),
			year: Math.floor(key / 12),
		}));
	}
	return cut(days, (day) => Math.floor(monthOf(day) / 12)).map(({ first, end, key }) => ({
		first,
		end,
		title: String(key),
		year: key,
	}));
}

interface Cut {
	readonly first: number;
	readonly end: number;
	readonly key: number;
}

function cut(days: ArrayLike<number>, keyOf: (day: number) => number): Cut[] {
	const cuts: Cut[] = [];
	let first = 0;
	let key = 0;
	let lastDay = Number.NaN;
	for (let index = 0; index < days.length; index += 1) {
		const day = days[index] ?? 0;
		if (day === lastDay) continue;
		lastDay = day;
		const own = keyOf(day);
		if (index > 0 && own !== key) {
			cuts.push({ first, end: index, key });
			first = index;
		}
		key = own;
	}
	if (days.length > 0) cuts.push({ first, end: days.length, key });
	return cuts;
}

/** Months since the year 0. */
function monthOf(day: number): number {
	const date = new Date(day * dayMs);
	return date.getUTCFullYear() * 12 + date.getUTCMonth();
}
