/** @file Changing and comparing search models in words. */
import { assertNever } from "../../../contract/assert-never.ts";
import type {
	EncoderChange,
	EvaluationEvent,
	KeptEncoder,
	ShareRange,
	TrialEvent,
	WrittenKind,
} from "../../../contract/encoder-change.ts";
import { tellingQueries } from "../../../contract/encoder-change.ts";
import { formatCount, formatDuration, photosCounted } from "../../shell/progress-words.ts";
import { byteSizeInWords } from "../../viewer/photo-facts.ts";

/** Where a change stands. */
export function changeInWords(change: EncoderChange): string {
	const { phase, done, photos, secondsLeft, photosPerSecond, problem } = change;
	const so = `${formatCount(done)} of ${photosCounted(photos)}`;
	switch (phase) {
		case "embedding": {
			const speed = photosPerSecond === null ? "" : ` · ${photosPerSecond.toFixed(1)}/s`;
			const left = secondsLeft === null ? "" : ` · ${formatDuration(secondsLeft)} left`;
			return `${so}${speed}${left}`;
		}
		case "waiting":
			return `${so} · waits for new photos to be read`;
		case "paused":
			return `${so} · paused`;
		case "finishing":
			return "All photos are read. Getting search ready.";
		case "stopped":
			return problem ?? "It stopped.";
		default:
			return assertNever(phase);
	}
}

/** What is left behind after a change; null where nothing is. */
export function unreadableInWords({ unreadable, title }: EncoderChange): string | null {
	if (unreadable === 0) return null;
	return `${photosCounted(unreadable)} cannot be read now. ${title} will not find them until they are there again.`;
}

/** What is kept of a model that does not search. */
export function keptInWords({ photos, sizeBytes }: KeptEncoder): string {
	return `Has read ${photosCounted(photos)} · ${byteSizeInWords(sizeBytes)}`;
}

/** While a sample is read for a comparison. */
export function readingInWords(
	event: Extract<TrialEvent | EvaluationEvent, { phase: "embedding" }>,
): string {
	const { done, photos, secondsLeft } = event;
	const who = "title" in event ? ` by ${event.title}` : "";
	const left = secondsLeft === null ? "" : ` · ${formatDuration(secondsLeft)} left`;
	return `${formatCount(done)} of ${photosCounted(photos)} read${who}${left}`;
}

const kinds: Record<WrittenKind, string> = {
	captions: "Captions",
	keywords: "Keywords",
	names: "File names",
};

/** Heading of what was asked. */
export function kindInWords(kind: WrittenKind): string {
	return kinds[kind];
}

/** How often a photo was found: a share, or a plain count where too few were asked for a share to tell anything. */
export function foundInWords(share: number, asked: number): string {
	if (asked < tellingQueries) return `${Math.round(share * asked)} of ${asked}`;
	return `${Math.round(share * 100)} %`;
}

/** Where the share would lie with many more questions; null where too few were asked. Rounded outwards. */
export function rangeInWords({ from, to }: ShareRange, asked: number): string | null {
	if (asked < tellingQueries) return null;
	return `${Math.floor(from * 100)} to ${Math.ceil(to * 100)} %`;
}

/** The share by chance, which is small, in the terms of what was found. */
export function chanceInWords(share: number, asked: number): string {
	if (asked < tellingQueries) return foundInWords(share, asked);
	const percent = share * 100;
	return `${percent < 10 ? percent.toFixed(1) : Math.round(percent)} %`;
}

/** Heading of a kind's table, with how much its figures tell. */
export function askedInWords(asked: number): string {
	return asked < tellingQueries
		? `${formatCount(asked)} asked: too few to tell, ${tellingQueries} would do`
		: `${formatCount(asked)} asked`;
}
