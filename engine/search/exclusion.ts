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

/** Something that should not be shown. */
export interface Unwanted {
	/** Float32 [dimensions]: photos that show it are similar to this. Only the direction matters. */
	vector: Float32Array;
	/** How many deviations of X one deviation of Y costs. */
	cost: number;
}

/** How similar each photo is to something unwanted. */
export interface UnwantedScores {
	/** Float32 [photos]. */
	similarities: Float32Array;
	cost: number;
}

/** The cost of what was excluded in words. */
export const costOfWords = 1;
/** Below this z-score to Y a photo is left alone: it is among the third that look least like Y. */
const toleratedDeviation = -0.5;
/** From this z-score on, a photo counts as showing Y where nothing else ranks the photos. */
const showsItDeviation = 0.5;

/**
 * Similarities to X, lowered for photos that look like anything excluded.
 * @param wanted Float32 [photos].
 * @param excluded in the same order of photos. Of several, the one that costs a photo most counts.
 * @returns Float32 [photos], nowhere above `wanted`.
 */
export function lowerExcluded(
	wanted: Float32Array,
	excluded: readonly UnwantedScores[],
): Float32Array {
	const lowered = wanted.slice();
	if (excluded.length === 0) return lowered;
	const unit = spread(wanted).deviation;
	for (const { similarities, cost } of excluded) {
		const { mean, deviation } = spread(similarities);
		if (deviation === 0) continue;
		const tolerated = mean + toleratedDeviation * deviation;
		const slope = (cost * unit) / deviation;
		// Indexed, since this runs over the whole library at every search: an iterator takes five times as long.
		for (let photo = 0; photo < lowered.length; photo += 1) {
			const excess = (similarities[photo] ?? 0) - tolerated;
			if (excess <= 0) continue;
			const left = (wanted[photo] ?? 0) - slope * excess;
			if (left < (lowered[photo] ?? 0)) lowered[photo] = left;
		}
	}
	return lowered;
}

/**
 * Whether each photo shows something excluded, where there is no X to weigh it against.
 * @param excluded as for `lowerExcluded`; what each costs does not matter here.
 * @returns one flag a photo.
 */
export function showsExcluded(photos: number, excluded: readonly UnwantedScores[]): Uint8Array {
	const shows = new Uint8Array(photos);
	for (const { similarities } of excluded) {
		const { mean, deviation } = spread(similarities);
		const least = mean + showsItDeviation * deviation;
		for (let photo = 0; photo < photos; photo += 1) {
			if ((similarities[photo] ?? 0) > least) shows[photo] = 1;
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
	const count = values.length;
	if (count === 0) return { mean: 0, deviation: 0 };
	let sum = 0;
	for (let at = 0; at < count; at += 1) sum += values[at] ?? 0;
	const mean = sum / count;
	let squares = 0;
	for (let at = 0; at < count; at += 1) squares += ((values[at] ?? 0) - mean) ** 2;
	return { mean, deviation: Math.sqrt(squares / count) };
}
