/** @file From a confidence and a strictness to a band and a verdict. */
import type { Band, Verdict } from "../../../contract/search.ts";

/**
 * The share of the way from the strictness to certainty above which a hit is called strong. At the
 * shipped strictness that is a confidence of about two in three.
 */
const strongShare = 0.5;

/**
 * Strictness is the least confidence that counts: at 0 everything is at least a maybe, at 1 hardly
 * anything is.
 */
export function bandOf(confidence: number, strictness: number): Band {
	if (confidence < strictness) return "rest";
	return confidence >= strictness + (1 - strictness) * strongShare ? "strong" : "maybe";
}

/** @param confidence of the query's best hit; null when there was none. */
export function verdictOf(confidence: number | null, strictness: number): Verdict {
	return confidence === null || confidence < strictness ? "nothing" : "match";
}
