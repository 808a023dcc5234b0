/** @file What is written about a photo, where words are only a part of the question. */
import type { WordEvidence } from "../words/word-evidence.ts";

/**
 * The evidence counts as far as words were asked for. Not even all of them are reason enough: a picture
 * was asked for as well, or something is not wanted that the photo may show.
 * @param wordsShare of what is asked for, 0 to 1.
 */
export function wordsInPart(
	evidence: WordEvidence | undefined,
	wordsShare: number,
): WordEvidence | undefined {
	return evidence && { weight: evidence.weight * wordsShare, all: null };
}
