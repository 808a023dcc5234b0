/** @file What encoders that do not search have embedded: kept, so that going back takes no time, until it is discarded. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { KeptEncoder } from "../../contract/encoder-change.ts";
import { Refusal } from "../../contract/errors.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { EncoderChoice } from "./encoder-choice.ts";

export interface KeptEncodersParts {
	catalogue: Catalogue;
	choice: EncoderChoice;
	/** Folder of the index files of every encoder. */
	indexesPath: string;
}

export class KeptEncoders {
	readonly #parts: KeptEncodersParts;

	constructor(parts: KeptEncodersParts) {
		this.#parts = parts;
	}

	/** @param busy keys of encoders that search or are about to */
	async list(busy: ReadonlySet<string | null>): Promise<KeptEncoder[]> {
		const { catalogue, choice } = this.#parts;
		const known = await choice.known();
		const kept = (await catalogue.embeddings.encoders()).filter(({ key }) => !busy.has(key));
		return kept.map(({ key, photos, sizeBytes }) => {
			const { model, title } = known.get(key) ?? { model: null, title: key };
			return { key, model, title, photos, sizeBytes };
		});
	}

	/** @throws Refusal MODEL_BUSY for one of the busy, MODEL_NOT_FOUND where nothing is kept. */
	async discard(key: string, busy: ReadonlySet<string | null>): Promise<void> {
		const { catalogue, indexesPath } = this.#parts;
		if (busy.has(key)) {
			throw new Refusal(
				"MODEL_BUSY",
				"That search model is in use. Change to another one first, or stop the change.",
			);
		}
		const known = (await catalogue.embeddings.encoders()).some((encoder) => encoder.key === key);
		if (!known) throw new Refusal("MODEL_NOT_FOUND", "Nothing is kept of that search model.");
		await catalogue.embeddings.discard(key);
		await rm(join(indexesPath, key), { recursive: true, force: true });
	}
}
