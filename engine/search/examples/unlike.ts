/**
 * @file "Less like this": from a picture to what it shows, as something to keep out of the hits.
 *
 * One photo shows many things, and what it has of its own (its light, its framing) says nothing about the
 * others. Two things bring out its subject: the photos most like it, whose mean keeps what they share,
 * and the neutral phrases it would choose, which put the subject into words. Both are one direction here,
 * and photos are judged by it as by excluded words (../exclusion.ts). Figures are in README.md.
 */
import { innerProduct } from "../../index/similarity-scores.ts";
import type { Unwanted } from "../exclusion.ts";
import { type Backdrop, centred, composeQuery, meanOf } from "./compose-query.ts";

/** What there is to compare a picture with. */
export interface Surroundings {
	/** Where words and this library's photos lie. */
	backdrop(): Promise<Backdrop>;
	/** Neutral phrases, Float32 [dimensions] each, unit length. */
	phrases(): Promise<readonly Float32Array[]>;
	/** The encoder's: the inverse of its temperature. */
	readonly logitScale: number;
}

/** So many photos of the library speak for the picture, besides itself. */
export const alikePhotos = 4;
/** Only photos so many spreads more like it than a chance one: a small library may have none. */
export const leastAlike = 3;
/** What the phrases count beside the photos. */
const phrasesWeight = 0.7;
/** The cost, in deviations, of an example of weight -1. An excluded word costs 1. */
const costOfWhole = 2.6;

/**
 * @param picture Float32 [dimensions], unit length.
 * @param alike photos of the library most like it, Float32 [dimensions] each.
 * @param phrases Float32 [dimensions] each, unit length.
 * @param weight of the example, above 0.
 */
export function unwantedOf(
	picture: Float32Array,
	alike: readonly Float32Array[],
	phrases: readonly Float32Array[],
	{ backdrop, logitScale, weight }: { backdrop: Backdrop; logitScale: number; weight: number },
): Unwanted {
	const photos = meanOf([picture, ...alike]) ?? picture;
	const said = chosenPhrases(picture, phrases, logitScale);
	const direction = composeQuery(
		[
			{ kind: "pictures", vector: photos, weight: 1 },
			...(said === null ? [] : [{ kind: "words" as const, vector: said, weight: phrasesWeight }]),
		],
		backdrop,
	);
	return {
		vector: direction?.vector ?? centred(picture, backdrop.pictures.mean),
		cost: weight * costOfWhole,
	};
}

/**
 * The phrases, each as far as the picture would choose it: softmax over their similarities, as in CLIP's
 * zero-shot classification (arXiv:2103.00020, section 3.1.2). Null for no phrases.
 */
function chosenPhrases(
	picture: Float32Array,
	phrases: readonly Float32Array[],
	logitScale: number,
): Float32Array | null {
	if (phrases.length === 0) return null;
	const logits = phrases.map((phrase) => logitScale * innerProduct(phrase, 0, picture));
	const greatest = Math.max(...logits);
	const shares = logits.map((logit) => Math.exp(logit - greatest));
	const total = shares.reduce((sum, share) => sum + share, 0);
	const mean = new Float32Array(picture.length);
	for (const [at, phrase] of phrases.entries()) {
		const share = (shares[at] ?? 0) / total;
		for (let position = 0; position < mean.length; position += 1) {
			mean[position] = (mean[position] ?? 0) + share * (phrase[position] ?? 0);
		}
	}
	return mean;
}
