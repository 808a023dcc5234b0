/** @file Judges what a search found against this library and against neutral phrases. */
import type { ModelManifest } from "../../encoder/model-manifest.ts";
import type { LibraryIndex } from "../../index/library-index.ts";
import { innerProduct } from "../../index/similarity-scores.ts";
import type { Neighbour } from "../../index/vector-index.ts";
import type { Backdrop, ComposedQuery } from "../examples/compose-query.ts";
import {
	type Background,
	type ConfidenceCurve,
	type ConfidenceWeights,
	confidenceCurve,
	logOddsAmongPrompts,
} from "./confidence.ts";
import { defaultCalibration } from "./default-calibration.ts";
import { type LibraryBackground, measureBackground } from "./library-background.ts";
import type { NeutralPrompts } from "./neutral-prompts.ts";
import { sameMeaningAmong } from "./same-meaning.ts";

/** What was asked and what was found. */
export interface Found {
	/** Float32 [dimensions], unit length: the query. */
	vector: Float32Array;
	/** Best first. */
	neighbours: readonly Neighbour[];
	/** How many photos could have been found. */
	searched: number;
}

/** The reverse check asks the best few: the first alone is too often a picture of everything. */
const askedPhotos = 3;

/** The background is taken again when the library has grown or shrunk by this share. */
const staleShare = 0.2;

/** So few prompts and photos are judged for a query that it takes under a millisecond. */
export class Calibrator {
	readonly #index: LibraryIndex;
	readonly #manifest: ModelManifest;
	readonly #prompts: NeutralPrompts;
	#background: Promise<LibraryBackground> | null = null;
	#measuredSize = 0;

	/** @param manifest of the encoder of the index and the prompts. */
	constructor(index: LibraryIndex, manifest: ModelManifest, prompts: NeutralPrompts) {
		this.#index = index;
		this.#manifest = manifest;
		this.#prompts = prompts;
	}

	/** Null when nothing was found. Throws what the encoder throws. */
	async forText({ vector, neighbours, searched }: Found): Promise<ConfidenceCurve | null> {
		const best = neighbours[0];
		if (best === undefined) return null;
		const prompts = await this.#prompts.vectors();
		const { words } = await this.#measure();
		return this.#curve("text", best, searched, words, this.#logOdds(vector, neighbours, prompts));
	}

	/** For a query that is itself a picture. Null when nothing was found. */
	async forPicture({ neighbours, searched }: Omit<Found, "vector">) {
		const best = neighbours[0];
		if (best === undefined) return null;
		const { pictures } = await this.#measure();
		return this.#curve("picture", best, searched, pictures, null);
	}

	/**
	 * For a query made of words and pictures: what holds for either, in proportion. The reverse check
	 * is of the words alone, and counts as far as they do. Null when nothing was found.
	 * @param words Float32 [dimensions], unit length; null where there are none.
	 */
	async forComposed(
		{ spread, wordsShare }: ComposedQuery,
		words: Float32Array | null,
		{ neighbours, searched }: Omit<Found, "vector">,
	): Promise<ConfidenceCurve | null> {
		const best = neighbours[0];
		if (best === undefined) return null;
		const { calibration = defaultCalibration, logitScale } = this.#manifest;
		const { text, picture } = calibration;
		const mixed = (of: (weights: ConfidenceWeights) => number) =>
			wordsShare * of(text) + (1 - wordsShare) * of(picture);
		const weights: ConfidenceWeights = {
			centre: 0,
			excess: mixed(({ excess }) => excess),
			logOdds: wordsShare * text.logOdds,
			bias: mixed(({ bias }) => bias),
		};
		const logOdds =
			words === null
				? null
				: this.#logOdds(words, neighbours, await this.#prompts.vectors(), (photo) =>
						innerProduct(words, 0, photo),
					);
		const background = { mean: 0, spread };
		const evidence = { best: best.similarity, searched, background, logOdds };
		return confidenceCurve(evidence, weights, logitScale);
	}

	/** The encoder's: the inverse of its temperature. */
	get logitScale(): number {
		return this.#manifest.logitScale;
	}

	/** The neutral phrases. Throws what the encoder throws. */
	phrases(): Promise<readonly Float32Array[]> {
		return this.#prompts.vectors();
	}

	/** Where words and this library's photos lie. Throws what the encoder throws. */
	async backdrop(): Promise<Backdrop> {
		return (await this.#measure()).backdrop();
	}

	#curve(
		kind: "text" | "picture",
		{ similarity: best }: Neighbour,
		searched: number,
		background: Background,
		logOdds: number | null,
	): ConfidenceCurve {
		const { calibration = defaultCalibration, logitScale } = this.#manifest;
		return confidenceCurve({ best, searched, background, logOdds }, calibration[kind], logitScale);
	}

	#logOdds(
		query: Float32Array,
		neighbours: readonly Neighbour[],
		prompts: readonly Float32Array[],
		ownSimilarity = (_photo: Float32Array, ranked: number) => ranked,
	): number | null {
		const sameMeaning = sameMeaningAmong(prompts);
		const rivals = prompts.filter((prompt) => innerProduct(prompt, 0, query) < sameMeaning);
		if (rivals.length === 0) return null;
		const odds = neighbours.slice(0, askedPhotos).flatMap(({ label, similarity }) => {
			const photo = this.#index.vectorOf(label);
			if (photo === null) return [];
			const similarities = rivals.map((rival) => innerProduct(rival, 0, photo));
			const own = ownSimilarity(photo, similarity);
			return [logOddsAmongPrompts(own, similarities, this.#manifest.logitScale)];
		});
		return odds.length === 0 ? null : Math.max(...odds);
	}

	async #measure(): Promise<LibraryBackground> {
		const change = Math.abs(this.#index.size - this.#measuredSize);
		if (this.#background === null || change > this.#measuredSize * staleShare) {
			this.#measuredSize = this.#index.size;
			this.#background = this.#prompts
				.vectors()
				.then((prompts) => measureBackground(this.#index, prompts))
				.catch((error: unknown) => {
					this.#background = null;
					throw error;
				});
		}
		return this.#background;
	}
}
