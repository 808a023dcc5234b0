/** @file Changing and comparing search models in words. */
import { assertNever } from "../../../contract/assert-never.ts";
import type {
	EncoderChange,
	EvaluationEvent,
	KeptEncoder,
	TrialEvent,
	WrittenKind,
} from "../../../contract/encoder-change.ts";
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

/**
 * A share with how far it may be off: 95 in 100 samples of this size lie within (Wilson, "Probable inference,
 * the law of succession, and statistical inference", 1927).
 */
export function shareInWords(share: number, asked: number): string {
	const z = 1.96;
	const centre = (share + (z * z) / (2 * asked)) / (1 + (z * z) / asked);
	const half =
		(z / (1 + (z * z) / asked)) *
		Math.sqrt((share * (1 - share)) / asked + (z * z) / (4 * asked * asked));
	const off = Math.max(share - (centre - half), centre + half - share);
	return `${Math.round(share * 100)} % ± ${Math.max(1, Math.round(off * 100))}`;
}

/** A share by chance, which is small. */
export function chanceInWords(share: number): string {
	const percent = share * 100;
	return `${percent < 10 ? percent.toFixed(1) : Math.round(percent)} %`;
}
