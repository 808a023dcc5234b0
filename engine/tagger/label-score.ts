/**
 * @file How sure a label is of a photo. The formula and how its weights were chosen: README.md.
 *
 * A label is a direction in the encoder's space. Its similarity to a photo means little by itself: some
 * photos are similar to everything. So it is judged against what the same photo scores for neutral
 * phrases, twice: as standard deviations above their mean, and as the log odds of the label among them
 * (the softmax of CLIP, arXiv:2103.00020, section 3.1, with the encoder's own logit scale).
 */
import { similarityMatrix } from "../index/similarity-scores.ts";

/** Fitted by logistic regression on one half of three sets of photos; see README.md. */
const weights = { deviations: 0.871, logOdds: 0.248, bias: -3.266 } as const;

/** Neutral phrases more similar than this to the label say the same: they are no background for it. */
const sameThing = 0.7;

/** A label as it is scored. */
export interface LabelDirection {
	/** Float32 [dimensions]; unit length until answers bend it. */
	direction: Float32Array;
	/** Added to the log odds; 0 until there are answers. */
	bias: number;
	/** Neutral phrases, by number, that say the same as its wordings. */
	same: readonly number[];
}

/** What all labels are compared with. */
export interface Neutral {
	/** Float32 [phrases, dimensions], unit rows. */
	vectors: Float32Array;
	count: number;
	dimensions: number;
	/** The inverse temperature the encoder was trained with. */
	logitScale: number;
}

/** What one photo scores for the neutral phrases. */
interface PhotoBackground {
	mean: number;
	deviation: number;
	/** Sum of exp(scale * similarity). */
	total: number;
}

/** Photos with their vectors and their similarities to the neutral phrases. */
export interface PhotosToScore {
	/** Float32 [photos, dimensions]. */
	vectors: Float32Array;
	/** Float32 [photos, phrases]. */
	neutral: Float32Array;
	backgrounds: readonly PhotoBackground[];
}

/** Which neutral phrases say the same as a label whose wordings point to `direction` (unit length). */
export async function phrasesLike(direction: Float32Array, neutral: Neutral): Promise<number[]> {
	const similarities = await similarityMatrix(neutral.vectors, direction, neutral.dimensions);
	const same: number[] = [];
	for (const [at, similarity] of similarities.entries()) if (similarity > sameThing) same.push(at);
	// A label as broad as most phrases still needs something to be compared with.
	return same.length > neutral.count / 2 ? [] : same;
}

/** @param vectors Float32 [photos, dimensions], unit rows. */
export async function photosToScore(
	vectors: Float32Array,
	neutral: Neutral,
): Promise<PhotosToScore> {
	const similarities = await similarityMatrix(vectors, neutral.vectors, neutral.dimensions);
	const backgrounds: PhotoBackground[] = [];
	for (let start = 0; start < similarities.length; start += neutral.count) {
		let sum = 0;
		let squares = 0;
		let total = 0;
		for (let at = start; at < start + neutral.count; at++) {
			const similarity = similarities[at] ?? 0;
			sum += similarity;
			squares += similarity * similarity;
			total += Math.exp(neutral.logitScale * similarity);
		}
		const mean = sum / neutral.count;
		const variance = Math.max(squares / neutral.count - mean * mean, 1e-6);
		backgrounds.push({ mean, deviation: Math.sqrt(variance), total });
	}
	return { vectors, neutral: similarities, backgrounds };
}

/** For one photo: log odds = `slope` * similarity + `offset`, before the label's own bias. */
export function scoreLine(
	photos: PhotosToScore,
	row: number,
	label: Pick<LabelDirection, "same">,
	neutral: Neutral,
): { slope: number; offset: number } {
	const { mean, deviation, total } = photos.backgrounds[row] ?? { mean: 0, deviation: 1, total: 1 };
	let others = total;
	for (const at of label.same) {
		const similarity = photos.neutral[row * neutral.count + at] ?? 0;
		others -= Math.exp(neutral.logitScale * similarity);
	}
	const slope = weights.deviations / deviation + weights.logOdds * neutral.logitScale;
	const offset =
		weights.bias -
		(weights.deviations * mean) / deviation -
		weights.logOdds * Math.log(Math.max(others, Number.MIN_VALUE));
	return { slope, offset };
}

/**
 * @returns Float32 [photos, labels] similarities and log odds that the label fits.
 */
export async function scorePhotos(
	photos: PhotosToScore,
	labels: readonly LabelDirection[],
	neutral: Neutral,
): Promise<{ similarities: Float32Array; logOdds: Float32Array }> {
	const directions = new Float32Array(labels.length * neutral.dimensions);
	for (const [at, { direction }] of labels.entries())
		directions.set(direction, at * direction.length);
	const similarities = await similarityMatrix(photos.vectors, directions, neutral.dimensions);
	const logOdds = new Float32Array(similarities.length);
	for (let row = 0; row < photos.backgrounds.length; row++) {
		for (const [column, label] of labels.entries()) {
			const at = row * labels.length + column;
			const { slope, offset } = scoreLine(photos, row, label, neutral);
			logOdds[at] = slope * (similarities[at] ?? 0) + offset + label.bias;
		}
	}
	return { similarities, logOdds };
}

/** Probability for log odds. */
export function probability(logOdds: number): number {
	return 1 / (1 + Math.exp(-logOdds));
}

/**
 * Labels of which one fits at most: the probability that any does, shared out by softmax of the
 * similarities with the encoder's logit scale. What is left over is "none of these".
 */
export function sharedOut(
	similarities: readonly number[],
	logOdds: readonly number[],
	logitScale: number,
): number[] {
	const anyFits = probability(Math.max(...logOdds));
	const greatest = Math.max(...similarities);
	const shares = similarities.map((similarity) => Math.exp(logitScale * (similarity - greatest)));
	const all = shares.reduce((sum, share) => sum + share, 0);
	return shares.map((share) => (anyFits * share) / all);
}
