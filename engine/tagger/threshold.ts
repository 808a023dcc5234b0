/** @file Where a label begins to suggest, unless the person has said. */

/** Of what is suggested, so many should be right by the label's own account. */
const expectedPrecision = 0.85;
/** Nothing that is more likely wrong than right is suggested; lower confidences decide nothing. */
export const leastConfidence = 0.5;
/** Where nothing reaches the precision. */
const mostConfidence = 0.85;

/**
 * The lowest confidence at which the photos above it are expected to be right often enough: the mean of
 * their confidences is the expected precision. So a label with many sure photos in this library reaches
 * further down than one with only doubtful ones.
 * @param confidences Of all photos, or an even sample; any order.
 */
export function automaticThreshold(confidences: Iterable<number>): number {
	const sorted = Float64Array.from(confidences).sort().reverse();
	let sum = 0;
	let threshold = mostConfidence;
	for (const [at, confidence] of sorted.entries()) {
		if (confidence < leastConfidence) break;
		sum += confidence;
		if (sum / (at + 1) < expectedPrecision) break;
		threshold = Math.min(threshold, confidence);
	}
	return threshold;
}
