/** @file One ranking from what photos look like and what is written about them. */

import type { Neighbour } from "../../index/vector-index.ts";
import { type ConfidenceCurve, logOddsAt, probability } from "../calibration/confidence.ts";
import { type WordEvidence, withWords } from "./word-evidence.ts";

/** A hit before it is described. */
export interface RankedHit {
	label: number;
	/** As it was ranked by. */
	similarity: number;
	/** Of the picture alone, and with its words. */
	pictureConfidence: number;
	confidence: number;
}

/**
 * Best first: by the log odds of a match, in which picture and words add up (README.md). Without
 * evidence the order is that of the neighbours.
 * @param found photos with their similarities, each once.
 */
export function fuse(
	found: readonly Neighbour[],
	curve: ConfidenceCurve,
	evidence: (label: number) => WordEvidence | undefined,
	count: number,
): RankedHit[] {
	const ranked = found.map(({ label, similarity }) => {
		const picture = logOddsAt(curve, similarity);
		const words = evidence(label);
		return {
			label,
			similarity,
			picture,
			together: words === undefined ? picture : withWords(picture, words),
		};
	});
	ranked.sort(
		(a, b) => b.together - a.together || b.similarity - a.similarity || a.label - b.label,
	);
	return ranked.slice(0, count).map(({ label, similarity, picture, together }) => ({
		label,
		similarity,
		pictureConfidence: probability(picture),
		confidence: probability(together),
	}));
}
