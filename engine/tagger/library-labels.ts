/**
 * @file Labels as they are scored on this library: wordings embedded, answers learned from, thresholds
 * set. What is made is kept for as long as the label's version and the library stay as they are.
 */

import type { PhotoId } from "../../contract/ids.ts";
import type { Answer } from "../../contract/label.ts";
import type { LabelTable } from "../catalogue/label-table.ts";
import type { DualEncoder } from "../encoder/dual-encoder.ts";
import type { LibraryIndex } from "../index/library-index.ts";
import {
	type LabelDirection,
	type Neutral,
	photosToScore,
	phrasesLike,
	scoreLine,
} from "./label-score.ts";
import { type AnsweredPhoto, learnFromAnswers } from "./learn-label.ts";

/** Few enough that a search's words never wait long for their turn. */
const textsAtOnce = 16;
/** Embedded wordings kept; a vocabulary has some 700. */
const rememberedWordings = 4000;
/** Labels kept; what is typed in the editor passes through here too. */
const rememberedLabels = 2000;

/** What a label is made of. */
export interface LabelMaterial {
	wordings: readonly string[];
	answers: readonly { contentHash: string; answer: Answer }[];
}

/** A label ready to be scored. */
export interface PreparedLabel {
	/** With the answers. */
	learned: LabelDirection;
	/** By the wordings alone. */
	worded: LabelDirection;
	/** Answers that could be used, and those whose picture is not in this library. */
	answered: ReadonlyMap<PhotoId, Answer>;
	unused: number;
	/** A wording was longer than the encoder reads. */
	shortened: boolean;
}

interface WordedLabel {
	label: LabelDirection;
	shortened: boolean;
}

export interface LibraryLabelsParts {
	encoder: DualEncoder;
	index: LibraryIndex;
	labels: LabelTable;
	/** Embeddings of the neutral phrases, Float32 [dimensions] each; asked for at the first use. */
	neutralVectors(): Promise<readonly Float32Array[]>;
}

export class LibraryLabels {
	readonly #parts: LibraryLabelsParts;
	readonly #wordings = new Map<string, { vector: Float32Array; shortened: boolean }>();
	/** By their wordings in one string: new photos come every second or two, labels seldom change. */
	readonly #worded = new Map<string, WordedLabel>();
	#neutral: Promise<Neutral> | null = null;

	constructor(parts: LibraryLabelsParts) {
		this.#parts = parts;
	}

	/** @throws Refusal MODEL_UNAVAILABLE. */
	neutral(): Promise<Neutral> {
		this.#neutral ??= this.#packNeutral().catch((error: unknown) => {
			this.#neutral = null;
			throw error;
		});
		return this.#neutral;
	}

	/** In the order of the materials. @throws Refusal MODEL_UNAVAILABLE. */
	async prepare(materials: readonly LabelMaterial[]): Promise<PreparedLabel[]> {
		const neutral = await this.neutral();
		const missing = materials.filter(({ wordings }) => !this.#worded.has(keyOf(wordings)));
		await this.#embedAll(missing.flatMap(({ wordings }) => wordings));
		const prepared: PreparedLabel[] = [];
		for (const material of materials) prepared.push(await this.#prepareOne(material, neutral));
		return prepared;
	}

	async #prepareOne(material: LabelMaterial, neutral: Neutral): Promise<PreparedLabel> {
		const { label: worded, shortened } = await this.#word(material.wordings, neutral);
		if (material.answers.length === 0) {
			return { learned: worded, worded, answered: new Map(), unused: 0, shortened };
		}
		const photos = await this.#parts.labels.photosOf(
			material.answers.map(({ contentHash }) => contentHash),
		);
		const answered = new Map<PhotoId, Answer>();
		for (const { contentHash, answer } of material.answers) {
			const id = photos.get(contentHash);
			if (id !== undefined) answered.set(id, answer);
		}
		const examples = await this.#examples(answered, worded, neutral);
		const learned = { ...worded, ...learnFromAnswers(worded.direction, examples) };
		const unused = material.answers.length - examples.length;
		return { learned, worded, answered, unused, shortened };
	}

	async #word(wordings: readonly string[], neutral: Neutral): Promise<WordedLabel> {
		const key = keyOf(wordings);
		const known = this.#worded.get(key);
		if (known !== undefined) return known;
		const embedded = wordings.flatMap((wording) => this.#wordings.get(wording) ?? []);
		const direction = unitMean(
			embedded.map(({ vector }) => vector),
			neutral.dimensions,
		);
		const label = { direction, bias: 0, same: await phrasesLike(direction, neutral) };
		const worded = { label, shortened: embedded.some((one) => one.shortened) };
		this.#worded.set(key, worded);
		for (const oldest of this.#worded.keys()) {
			if (this.#worded.size <= rememberedLabels) break;
			this.#worded.delete(oldest);
		}
		return worded;
	}

	async #examples(
		answered: ReadonlyMap<PhotoId, Answer>,
		label: LabelDirection,
		neutral: Neutral,
	): Promise<AnsweredPhoto[]> {
		const { labels, vectors } = this.#parts.index.gather(answered.keys());
		const photos = await photosToScore(vectors, neutral);
		return labels.map((id, row) => ({
			vector: vectors.subarray(row * neutral.dimensions, (row + 1) * neutral.dimensions),
			...scoreLine(photos, row, label, neutral),
			// The index holds photo ids and nothing else.
			fits: answered.get(id as PhotoId) === "yes",
		}));
	}

	async #packNeutral(): Promise<Neutral> {
		const { dimensions, logitScale } = this.#parts.encoder.manifest;
		const phrases = await this.#parts.neutralVectors();
		const vectors = new Float32Array(phrases.length * dimensions);
		for (const [at, vector] of phrases.entries()) vectors.set(vector, at * dimensions);
		return { vectors, count: phrases.length, dimensions, logitScale };
	}

	async #embedAll(wordings: readonly string[]): Promise<void> {
		const missing = [...new Set(wordings)].filter((wording) => !this.#wordings.has(wording));
		for (let first = 0; first < missing.length; first += textsAtOnce) {
			const texts = missing.slice(first, first + textsAtOnce);
			const embedded = await this.#parts.encoder.embedTexts(texts);
			for (const [at, text] of texts.entries()) {
				const one = embedded[at];
				if (one !== undefined) this.#wordings.set(text, one);
			}
		}
		for (const oldest of this.#wordings.keys()) {
			if (this.#wordings.size <= Math.max(rememberedWordings, wordings.length)) break;
			if (!wordings.includes(oldest)) this.#wordings.delete(oldest);
		}
	}
}

function keyOf(wordings: readonly string[]): string {
	return JSON.stringify(wordings);
}

/** Prompt ensemble (arXiv:2103.00020, section 3.1.4): the mean of the wordings, unit length again. */
export function unitMean(vectors: readonly Float32Array[], dimensions: number): Float32Array {
	const sum = new Float32Array(dimensions);
	for (const vector of vectors) {
		for (const [at, value] of vector.entries()) sum[at] = (sum[at] ?? 0) + value;
	}
	const length = Math.hypot(...sum);
	return length === 0 ? sum : sum.map((value) => value / length);
}
