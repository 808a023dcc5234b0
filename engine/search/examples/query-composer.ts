/** @file A question of words, pictures and judged hits, ready for the index. */
import { Refusal } from "../../../contract/errors.ts";
import type { Composition, Example } from "../../../contract/example.ts";
import type { PhotoId } from "../../../contract/ids.ts";
import type { LibraryIndex } from "../../index/library-index.ts";
import type { AllowedLabels } from "../../index/vector-index.ts";
import type { Unwanted } from "../exclusion.ts";
import {
	type Backdrop,
	type ComposedQuery,
	centred,
	composeQuery,
	type Ingredient,
	meanOf,
} from "./compose-query.ts";
import type { ExampleEmbeddings } from "./example-embeddings.ts";
import { alikePhotos, leastAlike, type Surroundings, unwantedOf } from "./unlike.ts";

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
	/** What the examples show that are to be unlike the hits. */
	unwanted: readonly Unwanted[];
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
const comparedHits = 10;

/** True when there is any picture in the question. */
export function hasPictures({ examples, liked, disliked }: Pictures): boolean {
	return examples.length + liked.length + disliked.length > 0;
}

export class QueryComposer {
	readonly #index: LibraryIndex;
	readonly #embeddings: Embeddings;
	readonly #surroundings: Surroundings;

	/** @param surroundings of the encoder and the library of `index`. */
	constructor(index: LibraryIndex, embeddings: Embeddings, surroundings: Surroundings) {
		this.#index = index;
		this.#embeddings = embeddings;
		this.#surroundings = surroundings;
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
		const backdrop = await this.#surroundings.backdrop();
		const { ingredients, unlike, unwanted, composition } = await this.#ingredients(
			words,
			pictures,
			backdrop,
		);
		if (ingredients.length === 0) {
			throw refused("Say what to look for as well: in words, or with a picture like it.");
		}
		if (composeQuery([...ingredients, ...unlike], backdrop) === null) cancelled();
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
			unwanted,
			leaveOut: new Set(pictures.examples.flatMap(photosShown)),
		};
	}

	async #ingredients(words: Words | null, { examples, liked }: Pictures, backdrop: Backdrop) {
		const ingredients: Ingredient[] = [];
		const unlike: Ingredient[] = [];
		const unwanted: Unwanted[] = [];
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
			(weight > 0 ? ingredients : unlike).push({ kind: "pictures", vector, weight });
			if (weight < 0) {
				unwanted.push(await this.#unlike(vector, photosShown({ source }), -given, backdrop));
			}
			composition.push({ kind: "example", at, source, share: weight });
		}
		if (liked.length > 0) {
			const vector = await this.#embeddings.ofPhotos(liked);
			ingredients.push({ kind: "pictures", vector, weight: weights.liked });
			composition.push({ kind: "liked", photos: liked.length, share: weights.liked });
		}
		return { ingredients, unlike, unwanted, composition };
	}

	/** @param own photos that the example is, which are no others like it. */
	async #unlike(
		picture: Float32Array,
		own: readonly PhotoId[],
		weight: number,
		backdrop: Backdrop,
	): Promise<Unwanted> {
		const { mean, spread } = backdrop.pictures;
		const nearest = await this.#index.search(centred(picture, mean), own.length + alikePhotos);
		const itself = new Set<number>(own);
		const alike = nearest
			.filter(({ label, similarity }) => similarity > leastAlike * spread && !itself.has(label))
			.slice(0, alikePhotos)
			.flatMap(({ label }) => this.#index.vectorOf(label) ?? []);
		const phrases = await this.#surroundings.phrases();
		const { logitScale } = this.#surroundings;
		return unwantedOf(picture, alike, phrases, { backdrop, logitScale, weight });
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

function photosShown({ source }: Pick<Example, "source">): readonly PhotoId[] {
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
