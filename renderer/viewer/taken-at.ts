/** @file When a photo was taken, in words, by the clock of the place where it was taken. */

/** The part of a photo's detail that tells its time. */
export interface TakenAt {
	/** Milliseconds since the epoch; local time read as UTC when the offset is unknown. */
	takenAtMs: number;
	/** False when the time is the file's and not the photo's. */
	takenAtKnown: boolean;
	takenOffsetMinutes: number | null;
}

export interface TakenAtWords {
	/** Such as `Saturday, 14 June 2025`. */
	day: string;
	/** Such as `18:32`, with the offset when the photo tells it: `18:32 · UTC+2`. */
	time: string;
	/** Set when the photo itself does not say when it was taken. */
	note: string | null;
}

/**
 * @param locale BCP 47 tag; see {@link readingLocale}.
 * @param timeZone Used only for file times, which belong to this computer's clock.
 */
export function takenAtWords(taken: TakenAt, locale: string, timeZone?: string): TakenAtWords {
	const byPhoto = taken.takenAtKnown;
	const offset = byPhoto ? taken.takenOffsetMinutes : null;
	const instant = new Date(taken.takenAtMs + (offset ?? 0) * 60_000);
	if (Number.isNaN(instant.getTime())) {
		return { day: "Unknown day", time: "", note: "The date in this photo cannot be read." };
	}
	const zone = byPhoto ? { timeZone: "UTC" } : timeZone === undefined ? {} : { timeZone };
	const day = new Intl.DateTimeFormat(locale, {
		weekday: "long",
		day: "numeric",
		month: "long",
		year: "numeric",
		...zone,
	}).format(instant);
	const clock = new Intl.DateTimeFormat(locale, {
		timeStyle: "short",
		...zone,
	}).format(instant);
	return {
		day,
		time: offset === null ? clock : `${clock} · ${offsetWords(offset)}`,
		note: byPhoto ? null : "Date of the file; the photo does not say when it was taken.",
	};
}

/** Such as `UTC+2`, `UTC−3:30`, `UTC`. */
export function offsetWords(offsetMinutes: number): string {
	if (offsetMinutes === 0) return "UTC";
	const sign = offsetMinutes < 0 ? "−" : "+";
	const hours = Math.floor(Math.abs(offsetMinutes) / 60);
	const minutes = Math.abs(offsetMinutes) % 60;
	return `UTC${sign}${hours}${minutes === 0 ? "" : `:${String(minutes).padStart(2, "0")}`}`;
}

/** The page speaks English; among its regions the reader's own is taken, for 12 or 24 hours. */
export function readingLocale(languages: readonly string[]): string {
	return languages.find((language) => /^en(-|$)/i.test(language)) ?? "en-GB";
}
