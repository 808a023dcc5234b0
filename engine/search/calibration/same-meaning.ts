/** @file From which similarity on two phrases say the same, in an encoder's own scale. */

/** The way from unrelated to identical phrases; 0.7 for the bundled encoder, whose unrelated phrases lie near 0.1. */
const share = 0.674;

/**
 * A phrase this similar to the words of a query is no rival to them. Encoders put unrelated phrases anywhere from 0 to
 * 0.8 (the cone effect: Liang et al. 2022, arXiv:2203.02053), so one number for all would take every phrase for the
 * same, or none.
 * @param phrases about different things, unit length
 */
export function sameMeaningAmong(phrases: readonly Float32Array[]): number {
	const count = phrases.length;
	if (count < 2) return share;
	const sum = new Float64Array(phrases[0]?.length ?? 0);
	for (const phrase of phrases) {
		for (const [at, value] of phrase.entries()) sum[at] = (sum[at] ?? 0) + value;
	}
	// The squared length of the sum holds every pair twice and each phrase with itself, which is 1.
	const squared = sum.reduce((total, value) => total + value * value, 0);
	const unrelated = (squared - count) / (count * (count - 1));
	return unrelated + share * (1 - unrelated);
}
