/** @file A question of words, pictures and judged hits, ready for the index. */
import { Refusal } from "../../../contract/errors.ts";
import type { Composition, Example } from "../../../contract/example.ts";
import type { PhotoId } from "../../../contract/ids.ts";
import type { LibraryIndex } from "../../index/library-index.ts";
import type { AllowedLabels } from "../../index/vector-index.ts";
import {
	type Backdrop,
	type ComposedQuery,
	composeQuery,
	type Ingredient,
	meanOf,
} from "./compose-query.ts";
import type { ExampleEmbeddings } from "./example-embeddings.ts";

/** Where embeddings of examples and of judged hits come from. */
type Embeddings = Pick<ExampleEmbeddings, "vectorOf" | "ofPhotos">;

/** The pictures of a question. */
export interface Pictures {
	examples: readonly Example[];
	liked: readonly PhotoId[];
	disliked: readonly PhotoId[];
}

/** What is asked in words beside them. */
export interface Words {
	text: string;
	/** Float32 [dimensions], unit length. */
	vector: Float32Array;
}

export interface ComposedQuestion extends ComposedQuery {
	composition: Composition;
	/** The examples themselves: nobody looks for what they have in hand. */
	leaveOut: ReadonlySet<PhotoId>;
}

/**
 * What each counts against words, which count 1. Chosen on one half of the captioned and labelled
 * photos (eval/composition.ts); see README.md.
 */
export const weights = {
	/** An example of weight 1; one of weight 0.5 makes two fifths beside words. */
	example: 4 / 3,
	liked: 2 / 3,
	disliked: 1 / 2,
} as const;

/** What is found first without them: a hit that was judged wrong differs from these. */
export const comparedHits = 10;

/** True when there is any picture in the question. */
export function hasPictures({ examples, liked, disliked }: Pictures): boolean {
	return examples.length + liked.length + disliked.length > 0;
}

export class QueryComposer {
	readonly #index: LibraryIndex;
	readonly #embeddings: Embeddings;
	readonly #backdrop: () => Promise<Backdrop>;

	/** @param backdrop of the encoder and the library of `index`. */
	constructor(index: LibraryIndex, embeddings: Embeddings, backdrop: () => Promise<Backdrop>) {
		this.#index = index;
		this.#embeddings = embeddings;
		this.#backdrop = backdrop;
	}

	/**
	 * @throws Refusal INVALID_QUERY when nothing is asked for but what is not wanted, or when examples
	 * cancel one another out; and what `ExampleEmbeddings.vectorOf` throws.
	 */
	async compose(
		words: Words | null,
		pictures: Pictures,
		allowed?: AllowedLabels,
	): Promise<ComposedQuestion> {
		const backdrop = await this.#backdrop();
		const { ingredients, composition } = await this.#ingredients(words, pictures);
		if (!ingredients.some(({ weight }) => weight > 0)) {
			throw refused("Say what to look for as well: in words, or with a picture like it.");
		}
		const unjudged = composeQuery(ingredients, backdrop) ?? cancelled();
		const disliked = await this.#disliked(pictures.disliked, unjudged, allowed);
		if (disliked !== null) {
			ingredients.push(disliked);
			composition.push({
				kind: "disliked",
				photos: pictures.disliked.length,
				share: disliked.weight,
			});
		}
		const query =
			disliked === null ? unjudged : (composeQuery(ingredients, backdrop) ?? cancelled());
		return {
			...query,
			composition: inShares(composition),
			leaveOut: new Set(pictures.examples.flatMap(photosShown)),
		};
	}

	async #ingredients(words: Words | null, { examples, liked }: Pictures) {
		const ingredients: Ingredient[] = [];
		const composition: Composition = [];
		if (words !== null) {
			ingredients.push({ kind: "words", vector: words.vector, weight: 1 });
			composition.push({ kind: "words", text: words.text, share: 1 });
		}
		const vectors = await Promise.all(
			examples.map(({ source }) => this.#embeddings.vectorOf(source)),
		);
		for (const [at, { source, weight: given }] of examples.entries()) {
			const vector = vectors[at];
			if (vector === undefined || given === 0) continue;
			const weight = given * weights.example;
			ingredients.push({ kind: "pictures", vector, weight });
			composition.push({ kind: "example", at, source, share: weight });
		}
		if (liked.length > 0) {
			const vector = await this.#embeddings.ofPhotos(liked);
			ingredients.push({ kind: "pictures", vector, weight: weights.liked });
			composition.push({ kind: "liked", photos: liked.length, share: weights.liked });
		}
		return { ingredients, composition };
	}

	/** Rocchio's subtraction, of only what sets the wrong hits apart from what else is found. */
	async #disliked(
		ids: readonly PhotoId[],
		unjudged: ComposedQuery,
		allowed: AllowedLabels | undefined,
	): Promise<Ingredient | null> {
		if (ids.length === 0) return null;
		const vector = await this.#embeddings.ofPhotos(ids);
		const first = await this.#index.search(unjudged.vector, comparedHits, allowed);
		const origin = meanOf(first.flatMap(({ label }) => this.#index.vectorOf(label) ?? []));
		const weight = -weights.disliked;
		return { kind: "pictures", vector, weight, ...(origin === null ? {} : { origin }) };
	}
}

/** Of 1 for all that is asked for. */
function inShares(composition: Composition): Composition {
	const total = composition.reduce((sum, { share }) => sum + Math.max(0, share), 0);
	return composition.map((part) => ({
		...part,
		share: Math.round((part.share / total) * 10_000) / 10_000,
	}));
}

function photosShown({ source }: Example): readonly PhotoId[] {
	switch (source.kind) {
		case "photos":
			return source.ids;
		case "region":
			return [source.id];
		case "picture":
			return [];
	}
}

function refused(message: string): Refusal {
	return new Refusal("INVALID_QUERY", message, { field: "examples" });
}

function cancelled(): never {
	throw refused("These examples cancel one another out. Remove one, or change how much it counts.");
}
