/** @file Photos against labels without a library: what the command line and the evaluation use. */
import type { DualEncoder } from "../encoder/dual-encoder.ts";
import { promptsOf } from "./label-prompts.ts";
import {
	type LabelDirection,
	type Neutral,
	photosToScore,
	phrasesLike,
	probability,
	scorePhotos,
	sharedOut,
} from "./label-score.ts";
import { unitMean } from "./library-labels.ts";
import type { VocabularyGroupLines, VocabularyLabel } from "./vocabulary-lines.ts";

/** One label of a classifier, with the group it came from. */
export interface ClassifierLabel extends VocabularyLabel {
	group: VocabularyGroupLines;
}

export class LabelClassifier {
	readonly labels: readonly ClassifierLabel[];
	readonly #directions: readonly LabelDirection[];
	readonly #neutral: Neutral;
	/** Columns of each group of which one label fits at most. */
	readonly #exclusive: readonly number[][];

	private constructor(
		labels: readonly ClassifierLabel[],
		directions: readonly LabelDirection[],
		neutral: Neutral,
	) {
		this.labels = labels;
		this.#directions = directions;
		this.#neutral = neutral;
		const columns = Map.groupBy(labels.keys(), (column) => labels[column]?.group);
		this.#exclusive = [...columns]
			.filter(([group]) => group?.choose === "one-of")
			.map(([, ofGroup]) => ofGroup);
	}

	/**
	 * @param phrases the neutral phrases that labels are compared with.
	 * @throws Refusal MODEL_UNAVAILABLE.
	 */
	static async create(
		encoder: DualEncoder,
		phrases: readonly string[],
		groups: readonly VocabularyGroupLines[],
	): Promise<LabelClassifier> {
		const { dimensions, logitScale } = encoder.manifest;
		const vectors = packed(await embed(encoder, phrases), dimensions);
		const neutral: Neutral = { vectors, count: phrases.length, dimensions, logitScale };
		const labels = groups.flatMap((group) => group.labels.map((label) => ({ ...label, group })));
		const prompts = labels.map((label) => promptsOf(label.wordings, label.path));
		const embedded = await embed(encoder, prompts.flat());
		const directions: LabelDirection[] = [];
		let first = 0;
		for (const { length } of prompts) {
			const own = embedded.slice(first, first + length);
			first += length;
			const direction = unitMean(own, dimensions);
			directions.push({ direction, bias: 0, same: await phrasesLike(direction, neutral) });
		}
		return new LabelClassifier(labels, directions, neutral);
	}

	/**
	 * @param vectors Float32 [dimensions] per photo, unit length.
	 * @returns Float32 [labels] per photo: the probability that the label fits. What the labels of a
	 * `one of` group leave over is "none of these".
	 */
	async classify(vectors: readonly Float32Array[]): Promise<Float32Array[]> {
		const { dimensions, logitScale } = this.#neutral;
		const photos = await photosToScore(packed(vectors, dimensions), this.#neutral);
		const { similarities, logOdds } = await scorePhotos(photos, this.#directions, this.#neutral);
		const count = this.labels.length;
		return vectors.map((_, row) => {
			const ofPhoto = similarities.subarray(row * count, (row + 1) * count);
			const odds = logOdds.subarray(row * count, (row + 1) * count);
			const confidences = odds.map(probability);
			for (const columns of this.#exclusive) {
				const at = (values: Float32Array) => columns.map((column) => values[column] ?? 0);
				const shares = sharedOut(at(ofPhoto), at(odds), logitScale);
				for (const [place, column] of columns.entries()) confidences[column] = shares[place] ?? 0;
			}
			return confidences;
		});
	}
}

/** At once, so many texts wait for one answer of the encoder. */
const textsAtOnce = 64;

async function embed(encoder: DualEncoder, texts: readonly string[]): Promise<Float32Array[]> {
	const vectors: Float32Array[] = [];
	for (let first = 0; first < texts.length; first += textsAtOnce) {
		const answers = await encoder.embedTexts(texts.slice(first, first + textsAtOnce));
		vectors.push(...answers.map(({ vector }) => vector));
	}
	return vectors;
}

function packed(vectors: readonly Float32Array[], dimensions: number): Float32Array {
	const all = new Float32Array(vectors.length * dimensions);
	for (const [at, vector] of vectors.entries()) all.set(vector, at * dimensions);
	return all;
}
