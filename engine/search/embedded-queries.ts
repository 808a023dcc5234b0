/** @file Embeddings of what is asked in words, remembered: stepping back through searches costs nothing. */
import type { DualEncoder, TextEmbedding } from "../encoder/dual-encoder.ts";
import { costOfWords, embedExcluded, type Unwanted } from "./exclusion.ts";

const rememberedAtMost = 200;

export class EmbeddedQueries {
	readonly #encoder: DualEncoder;
	/** Least recently asked first. */
	readonly #remembered = new Map<string, Promise<TextEmbedding>>();

	constructor(encoder: DualEncoder) {
		this.#encoder = encoder;
	}

	/** What photos should show. */
	wanted(text: string): Promise<TextEmbedding> {
		return this.#remember(text, async () => {
			const [first] = await this.#encoder.embedTexts([text]);
			if (first === undefined) throw new Error("The encoder left a text out.");
			return first;
		});
	}

	/** What photos should not show. */
	async unwanted(thing: string): Promise<Unwanted> {
		// A text has no tabs: the two kinds never share an entry.
		const { vector } = await this.#remember(`not\t${thing}`, async () => ({
			vector: await embedExcluded(thing, this.#encoder),
			shortened: false,
		}));
		return { vector, cost: costOfWords };
	}

	#remember(key: string, embed: () => Promise<TextEmbedding>): Promise<TextEmbedding> {
		const known = this.#remembered.get(key);
		if (known !== undefined) {
			this.#remembered.delete(key);
			this.#remembered.set(key, known);
			return known;
		}
		const embedding = embed();
		this.#remembered.set(key, embedding);
		embedding.catch(() => this.#remembered.delete(key));
		for (const oldest of this.#remembered.keys()) {
			if (this.#remembered.size <= rememberedAtMost) break;
			this.#remembered.delete(oldest);
		}
		return embedding;
	}
}
