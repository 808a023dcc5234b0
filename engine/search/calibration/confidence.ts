/** @file From what a search found to how sure it may be: statistics, as pure functions. */

/** What one query's search found, in the terms the confidence is made of. */
export interface Evidence {
	/** Greatest cosine similarity found. */
	best: number;
	/** How many vectors could have been found. */
	searched: number;
	/** Where similarities of things that have nothing to do with one another lie, and how widely. */
	background: Background;
	/** `logOddsAmongPrompts` of the best photos; null where there are no prompts to compare with. */
	logOdds: number | null;
}

/** Mean and standard deviation of cosine similarities. */
export interface Background {
	mean: number;
	spread: number;
}

/** Weights of a logistic regression over the evidence; all evidence is dimensionless. */
export interface ConfidenceWeights {
	/** Mean similarity of unrelated pairs, where it is known; the background's own when null. */
	centre: number | null;
	/** Per standard deviation by which the best exceeds what chance would bring. */
	excess: number;
	/** Per unit of log odds among the neutral prompts. */
	logOdds: number;
	bias: number;
}

/** Confidence as a function of similarity, for one query. */
export interface ConfidenceCurve {
	/** The similarity at which the log odds of a match are `atBest`. */
	best: number;
	atBest: number;
	/** Log odds per unit of similarity; positive. */
	slope: number;
}

/** A library of equal pictures has no spread; this keeps the arithmetic finite. */
const leastSpread = 0.01;

/**
 * What the greatest of `count` independent standard normal draws comes to, to first order:
 * sqrt(2 ln n) (Fisher and Tippett 1928; Leadbetter, Lindgren and Rootzen 1983, theorem 1.5.3). The
 * best similarity of a query that fits nothing grows like this with the library.
 */
export function expectedMaximum(count: number): number {
	return Math.sqrt(2 * Math.log(Math.max(1, count)));
}

/** Of any number of similarities; zero and the least spread for none. */
export function backgroundOf(similarities: Iterable<number>): Background {
	let count = 0;
	let mean = 0;
	let squares = 0;
	// Welford 1962: one pass, without the cancellation of sum of squares minus square of sums.
	for (const similarity of similarities) {
		count += 1;
		const step = similarity - mean;
		mean += step / count;
		squares += step * (similarity - mean);
	}
	const spread = count < 2 ? 0 : Math.sqrt(squares / count);
	return { mean, spread: Math.max(leastSpread, spread) };
}

/**
 * The other direction: would this photo, asked which of many neutral phrases fits it, choose the
 * query? The logarithm of exp(s q) / sum of exp(s p) over the phrases, as in CLIP's zero-shot
 * classification (arXiv:2103.00020, section 3.1.2).
 * @param similarity of photo and query.
 * @param promptSimilarities of the photo and every phrase; at least one.
 * @param logitScale the encoder's, the inverse of its temperature.
 */
export function logOddsAmongPrompts(
	similarity: number,
	promptSimilarities: readonly number[],
	logitScale: number,
): number {
	// Taken out of the sum, the greatest keeps every exponential within range.
	const greatest = Math.max(...promptSimilarities);
	const sum = promptSimilarities.reduce(
		(total, prompt) => total + Math.exp(logitScale * (prompt - greatest)),
		0,
	);
	return logitScale * (similarity - greatest) - Math.log(sum);
}

/** The best hit stands for the query; lesser hits are judged as if its photo had matched less. */
export function confidenceCurve(
	evidence: Evidence,
	weights: ConfidenceWeights,
	logitScale: number,
): ConfidenceCurve {
	const { best, searched, background, logOdds } = evidence;
	const centre = weights.centre ?? background.mean;
	const excess = (best - centre) / background.spread - expectedMaximum(searched);
	const oddsWeight = logOdds === null ? 0 : weights.logOdds;
	return {
		best,
		atBest: weights.bias + weights.excess * excess + oddsWeight * (logOdds ?? 0),
		slope: weights.excess / background.spread + oddsWeight * logitScale,
	};
}

/** Log odds of a match, never falling as the similarity rises. */
export function logOddsAt(curve: ConfidenceCurve, similarity: number): number {
	return curve.atBest + curve.slope * (similarity - curve.best);
}

/** 0 to 1. */
export function probability(logOdds: number): number {
	return 1 / (1 + Math.exp(-logOdds));
}

/** 0 to 1, never falling as the similarity rises. */
export function confidenceAt(curve: ConfidenceCurve, similarity: number): number {
	return probability(logOddsAt(curve, similarity));
}
