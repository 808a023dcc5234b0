/** @file The engine's progress as one truthful line. */
import type { Progress } from "../../contract/activity.ts";

const count = new Intl.NumberFormat();

/** A count with separators, such as "20,113". */
export function formatCount(value: number): string {
	return count.format(value);
}

/** A count with its noun: "1 photo", "20,113 photos". */
export function photosCounted(value: number): string {
	return `${formatCount(value)} ${value === 1 ? "photo" : "photos"}`;
}

/** Photos and pictures that a program drew, together. */
export function picturesCounted(value: number): string {
	return `${formatCount(value)} ${value === 1 ? "picture" : "pictures"}`;
}

/** Pictures that a program drew. */
export function drawnCounted(value: number): string {
	return `${formatCount(value)} drawn ${value === 1 ? "picture" : "pictures"}`;
}

/** Parts of the line, to be joined with a middle dot. */
export function progressParts(progress: Progress): string[] {
	const { phase, photos, searchable, failed, waiting } = progress;
	if (photos === 0) return [phase === "scanning" ? "Looking for photos" : "No photos yet"];
	const done = `${formatCount(searchable)} of ${formatCount(photos)} searchable`;
	switch (phase) {
		case "scanning":
			return ["Looking for photos", done];
		case "paused":
			return ["Paused", done];
		case "indexing": {
			const parts = [done];
			if (progress.photosPerSecond !== null)
				parts.push(`${formatRate(progress.photosPerSecond)}/s`);
			if (progress.secondsLeft !== null) parts.push(`${formatDuration(progress.secondsLeft)} left`);
			return parts;
		}
		case "idle":
			if (waiting > 0 || searchable + failed < photos) return [done];
			return [
				searchable === photos ? `${photosAndDrawings(progress)}, all searchable` : done,
				...encoderParts(progress.encoder),
				...textParts(progress.text),
			];
	}
}

/** All pictures of a library: whoever counts photos does not count what was drawn. */
export function photosAndDrawings({ photos, drawn }: Pick<Progress, "photos" | "drawn">): string {
	const drawings = `${formatCount(drawn)} ${drawn === 1 ? "drawing" : "drawings"}`;
	if (drawn === 0) return photosCounted(photos);
	return drawn === photos ? drawings : `${photosCounted(photos - drawn)} and ${drawings}`;
}

/** A coming search model reads photos while nothing more important does. */
function encoderParts(encoder: Progress["encoder"]): string[] {
	if (encoder?.running !== true) return [];
	const { title, done, photos, secondsLeft } = encoder;
	const time = secondsLeft === null ? "" : `, about ${formatRoughly(secondsLeft)} left`;
	return [`Changing to ${title}: ${formatCount(done)} of ${formatCount(photos)}${time}`];
}

/** Reading the text in pictures is told only while it runs and nothing more important does. */
function textParts(text: Progress["text"]): string[] {
	if (text?.running !== true) return [];
	const { done, photos, secondsLeft } = text;
	const time = secondsLeft === null ? "" : `, about ${formatRoughly(secondsLeft)} left`;
	return [`Reading text: ${formatCount(done)} of ${formatCount(photos)}${time}`];
}

/** "40 s", "3 min", "2 h": an estimate, so no finer than that. */
function formatRoughly(seconds: number): string {
	if (seconds < 60) return `${Math.max(5, Math.ceil(seconds / 5) * 5)} s`;
	if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
	return `${Math.round(seconds / 3600)} h`;
}

function formatRate(perSecond: number): string {
	return perSecond < 10 ? perSecond.toFixed(1) : formatCount(Math.round(perSecond));
}

/** "40 s", "1 min 21 s", "2 h 5 min". */
export function formatDuration(seconds: number): string {
	const whole = Math.max(0, Math.round(seconds));
	if (whole < 60) return `${whole} s`;
	if (whole < 3600) {
		const rest = whole % 60;
		return rest === 0 ? `${whole / 60} min` : `${Math.floor(whole / 60)} min ${rest} s`;
	}
	const minutes = Math.round(whole / 60);
	return minutes % 60 === 0
		? `${minutes / 60} h`
		: `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
