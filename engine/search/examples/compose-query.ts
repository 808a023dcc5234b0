/**
 * @file Words, examples and judged hits as one direction to search along. The formula, where it comes
 * from and what it brings are in README.md.
 */
import { innerProduct } from "../../index/similarity-scores.ts";

/** Where the vectors of one kind lie, and how similar two things are that have nothing in common. */
export interface Modality {
	/** Float32 [dimensions]: the mean of many. */
	mean: Float32Array;
	/** Standard deviation of the similarity of a centred unit vector of this kind to the library's photos. */
	spread: number;
}

/** A dual encoder keeps words and pictures apart, and scores them on different scales. */
export interface Backdrop {
	words: Modality;
	pictures: Modality;
}

/** One thing that is asked for, or that is not wanted. */
export interface Ingredient {
	kind: keyof Backdrop;
	/** Float32 [dimensions]; the mean of unit vectors where several count as one. */
	vector: Float32Array;
	/** How much it counts beside the others; below 0 for what is not wanted. */
	weight: number;
	/** What it is compared with, where that is not the mean of its kind. */
	origin?: Float32Array;
}

export interface ComposedQuery {
	/** Float32 [dimensions], unit length. */
	vector: Float32Array;
	/**
	 * Standard deviation of this query's similarity to photos that have nothing to do with it. What is
	 * not wanted leaves the similarity of other photos as it was, counted in this.
	 */
	spread: number;
	/** Of what is asked for, the part that is words: 0 to 1. */
	wordsShare: number;
}

/** Below this a difference is rounding. */
const nothing = 1e-4;

/**
 * Sum of the ingredients, each centred, of unit length and divided by the spread of its kind. Only the
 * ratio of the weights matters.
 * @returns null when nothing is asked for, or when the ingredients cancel one another out.
 */
export function composeQuery(
	ingredients: readonly Ingredient[],
	backdrop: Backdrop,
): ComposedQuery | null {
	const asked = ingredients.filter(({ weight }) => weight > 0);
	const wanted = sum(asked, backdrop);
	const all = sum(ingredients, backdrop);
	const heaviest = Math.max(...ingredients.map(({ weight }) => Math.abs(weight)), 0);
	if (wanted === null || all === null || heaviest === 0) return null;
	const wantedLength = length(wanted);
	const allLength = length(all);
	if (Math.min(wantedLength, allLength) < nothing * heaviest) return null;
	const total = asked.reduce((weights, { weight }) => weights + weight, 0);
	const share = (kind: keyof Backdrop) =>
		asked.reduce((part, each) => part + (each.kind === kind ? each.weight : 0), 0) / total;
	const spread =
		share("words") * backdrop.words.spread + share("pictures") * backdrop.pictures.spread;
	return {
		vector: all.map((value) => value / allLength),
		spread: (spread * wantedLength) / allLength,
		wordsShare: share("words"),
	};
}

/** Unit length, Float32 [dimensions]: where `vector` lies as seen from `origin`; itself where it lies there. */
export function centred(vector: Float32Array, origin: Float32Array): Float32Array {
	const difference = vector.map((value, at) => value - (origin[at] ?? 0));
	const distance = length(difference);
	if (distance > nothing) return difference.map((value) => value / distance);
	const own = length(vector);
	return own > nothing ? vector.map((value) => value / own) : vector;
}

/** Float32 [dimensions]; null for none. */
export function meanOf(vectors: readonly Float32Array[]): Float32Array | null {
	const [first] = vectors;
	if (first === undefined) return null;
	const mean = new Float32Array(first.length);
	for (const vector of vectors) {
		for (let at = 0; at < mean.length; at += 1) {
			mean[at] = (mean[at] ?? 0) + (vector[at] ?? 0) / vectors.length;
		}
	}
	return mean;
}

function sum(ingredients: readonly Ingredient[], backdrop: Backdrop): Float32Array | null {
	let total: Float32Array | null = null;
	for (const { kind, vector, weight, origin } of ingredients) {
		const { mean, spread } = backdrop[kind];
		const direction = centred(vector, origin ?? mean);
		total ??= new Float32Array(vector.length);
		for (let at = 0; at < total.length; at += 1) {
			total[at] = (total[at] ?? 0) + (weight / spread) * (direction[at] ?? 0);
		}
	}
	return total;
}

function length(vector: Float32Array): number {
	return Math.sqrt(innerProduct(vector, 0, vector));
}
