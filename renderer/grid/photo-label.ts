/** @file What a photo in the grid is called, for people who do not see it. */

import type { PhotoSummary } from "../../contract/photo.ts";
import { starsInWords } from "../state/descriptions.svelte.ts";

const dateFormat = new Intl.DateTimeFormat(undefined, { dateStyle: "long" });

/**
 * File name and date, with what is unusual about it. "Photo" until the facts are there.
 *
 * @param unsure maybe no match for what was searched for
 * @param byWords where the words stand that it was found by
 */
export function photoLabel(
	summary: PhotoSummary | undefined,
	unsure = false,
	byWords: string | null = null,
): string {
	if (summary === undefined) return "Photo";
	const parts = [summary.fileName, dateFormat.format(summary.takenAtMs)];
	if (summary.rating !== null) parts.push(starsInWords(summary.rating).toLowerCase());
	if (summary.generated) parts.push("drawn by a program");
	if (summary.state === "waiting") parts.push("not searchable yet");
	if (summary.state === "failed") parts.push("could not be read");
	if (unsure) parts.push("maybe a match");
	if (byWords !== null) parts.push(`found by its words: ${byWords}`);
	if (summary.offline) parts.push("drive not connected");
	return parts.join(", ");
}
