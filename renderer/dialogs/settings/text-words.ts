/** @file Reading the text in pictures, in words. */
import type { TextReadingStatus } from "../../../contract/recognition.ts";
import { formatCount, formatDuration, photosCounted } from "../../shell/progress-words.ts";

/** How far it has come. */
export function doneInWords(
	status: Pick<TextReadingStatus, "enabled" | "photos" | "done" | "failed">,
): string {
	const { enabled, photos, done, failed } = status;
	if (photos === 0) return "There are no photos to read yet.";
	const unread = failed === 0 ? "" : ` ${photosCounted(failed)} of them could not be read.`;
	if (done >= photos) return `Read in all ${photosCounted(photos)}.${unread}`;
	const so = `${formatCount(done)} of ${photosCounted(photos)} read.${unread}`;
	return enabled ? so : `${so} What was read stays; the rest waits until you turn this on.`;
}

/** What it costs: measured where something was read since the start, else as measured elsewhere. */
export function costInWords(
	status: Pick<TextReadingStatus, "photos" | "done" | "secondsPerPhoto">,
): string {
	const { photos, done, secondsPerPhoto } = status;
	if (secondsPerPhoto === null) {
		return "It takes about a second for each photo, on one core of the processor, once.";
	}
	const each = Math.max(0.1, Math.round(secondsPerPhoto * 10) / 10);
	const left = photos - done;
	const rest = left > 0 ? ` The rest takes about ${formatDuration(left * secondsPerPhoto)}.` : "";
	return `It takes about ${each} s for each photo on this computer, on one core, once.${rest}`;
}
