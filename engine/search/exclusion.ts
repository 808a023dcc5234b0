/**
 * @file `X -Y` in the ranking.
 *
 * Subtracting the vector of Y turns the query towards nothing in particular, and any fixed similarity to
 * Y is too much for one word and too little for another. So a photo's similarity to Y is measured
 * against all photos of the library (its z-score), and whoever looks more like Y than most loses
 * similarity to X in steps of the spread that X itself has over the library. Chosen with
 * `npm run eval` on one half of the captioned pairs (eval/exclusion.ts), reported on the other.
 */
import type { DualEncoder } from "../encoder/dual-encoder.ts";

/** Below this z-score to Y a photo is left alone: it is among the third that look least like Y. */
const toleratedDeviation = -0.5;
/** How many deviations of X one deviation of Y costs. */
const costOfOne = 1;
/** From this z-score on, a photo counts as showing Y where nothing else ranks the photos. */
const showsItDeviation = 0.5;

/**
 * Similarities to X, lowered for photos that look like anything excluded.
 * @param wanted Float32 [photos].
 * @param excluded Float32 [photos] for each excluded thing, in the same order of photos.
 * @returns Float32 [photos], nowhere above `wanted`.
 */
export function lowerExcluded(
	wanted: Float32Array,
	excluded: readonly Float32Array[],
): Float32Array {
	const unit = costOfOne * spread(wanted).deviation;
	const lowered = wanted.slice();
	for (const similarities of excluded) {
		const { mean, deviation } = spread(similarities);
		if (deviation === 0) continue;
		for (const [photo, similarity] of similarities.entries()) {
			const excess = (similarity - mean) / deviation - toleratedDeviation;
			if (excess <= 0) continue;
			const left = (wanted[photo] ?? 0) - unit * excess;
			lowered[photo] = Math.min(lowered[photo] ?? 0, left);
		}
	}
	return lowered;
}

/**
 * Whether each photo shows something excluded, where there is no X to weigh it against.
 * @param excluded as for `lowerExcluded`.
 * @returns one flag a photo.
 */
export function showsExcluded(photos: number, excluded: readonly Float32Array[]): Uint8Array {
	const shows = new Uint8Array(photos);
	for (const similarities of excluded) {
		const { mean, deviation } = spread(similarities);
		for (const [photo, similarity] of similarities.entries()) {
			if (similarity > mean + showsItDeviation * deviation) shows[photo] = 1;
		}
	}
	return shows;
}

/** Single words fit photos better inside a sentence: the mean of both, unit length, Float32 [dimensions]. */
export async function embedExcluded(text: string, encoder: DualEncoder): Promise<Float32Array> {
	const [word, sentence] = await encoder.embedTexts([text, `a photo of ${text}`]);
	if (word === undefined || sentence === undefined) throw new Error("The encoder left a text out.");
	const sum = word.vector.map((value, at) => value + (sentence.vector[at] ?? 0));
	const length = Math.hypot(...sum);
	return length === 0 ? word.vector : sum.map((value) => value / length);
}

function spread(values: Float32Array): { mean: number; deviation: number } {
	let sum = 0;
	for (const value of values) sum += value;
	const mean = values.length === 0 ? 0 : sum / values.length;
	let squares = 0;
	for (const value of values) squares += (value - mean) ** 2;
	return { mean, deviation: values.length === 0 ? 0 : Math.sqrt(squares / values.length) };
}
