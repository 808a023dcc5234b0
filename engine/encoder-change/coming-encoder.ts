/** @file The encoder a library is changing to: how far it is, and its side once that was opened. */
import type { EncoderChange as ChangeStatus } from "../../contract/encoder-change.ts";
import { Refusal } from "../../contract/errors.ts";
import type { PhotoId } from "../../contract/ids.ts";
import type { ModelId } from "../../contract/model-package.ts";
import { encoderKey } from "../encoder/encoder-key.ts";
import { EmbeddingFiller, type EmbeddingFillerParts } from "./embedding-filler.ts";
import type { EncoderPackages } from "./encoder-packages.ts";
import type { ChosenEncoder, SearchSide } from "./search-side.ts";
import type { Others } from "./turns.ts";

export interface ComingEncoderParts extends EmbeddingFillerParts {
	packages: EncoderPackages;
	openSide(chosen: ChosenEncoder): Promise<SearchSide>;
}

/** A side that is being filled, and what fills it. */
export interface ComingSide {
	readonly opened: SearchSide;
	readonly filler: EmbeddingFiller;
}

export class ComingEncoder {
	readonly model: ModelId;
	readonly title: string;
	paused: boolean;
	/** What its work does, where nothing holds it. */
	phase: "waiting" | "embedding" | "finishing" = "waiting";
	problem: string | null = null;
	/** Searchable photos it has not embedded, as last counted. */
	missing = 0;
	/** Ends its work when it is paused, cancelled or the library is closed. */
	stop = new AbortController();
	readonly #parts: ComingEncoderParts;
	#side: ComingSide | null = null;
	/** Follows photos that change while its index is complete. */
	#following: Promise<void> = Promise.resolve();

	constructor(
		parts: ComingEncoderParts,
		{ model, title, paused }: { model: ModelId; title: string; paused: boolean },
	) {
		this.#parts = parts;
		this.model = model;
		this.title = title;
		this.paused = paused;
	}

	/** Opens its side where it is not open yet. @throws Refusal MODEL_NOT_FOUND, MODEL_UNAVAILABLE. */
	async open(): Promise<ComingSide> {
		if (this.#side !== null) return this.#side;
		const chosen = await this.#parts.packages.find(this.model);
		const opened = await this.#parts.openSide(chosen);
		this.#side = { opened, filler: new EmbeddingFiller(this.#parts, opened.encoder) };
		return this.#side;
	}

	/** What its embeddings are kept under; null where its package is gone. */
	async key(): Promise<string | null> {
		if (this.#side !== null) return this.#side.opened.encoder.key;
		try {
			return encoderKey((await this.#parts.packages.find(this.model)).package.manifest);
		} catch (error) {
			if (!(error instanceof Refusal)) throw error;
			return null;
		}
	}

	/** Counts anew what is missing. */
	async count(): Promise<void> {
		const key = await this.key();
		this.missing = key === null ? 0 : await this.#parts.catalogue.embeddings.countMissing(key);
	}

	/** Photos were read anew by the present encoder: what this one knows of them may be gone. */
	noteStored(ids: readonly PhotoId[]): void {
		// Counted exactly before the change; until then each is one more to embed.
		this.missing += ids.length;
		const side = this.#side?.opened;
		if (side === undefined || side.index.size === 0) return;
		this.#following = this.#following.then(async () => {
			const found = await this.#parts.catalogue.embeddings.getMany(side.encoder.key, ids);
			const left = new Set(found.map(({ id }) => id));
			for (const id of ids) if (!left.has(id)) side.index.remove(id);
		});
		// What could not be looked up is looked up again, by its next change or the next start.
		this.#following.catch(() => undefined);
	}

	/** Photos are gone or cannot be read any more. */
	noteRemoved(ids: Iterable<PhotoId>): void {
		for (const id of ids) this.#side?.opened.index.remove(id);
	}

	/** Resolves when its index knows of every photo that was noted. */
	followed(): Promise<void> {
		return this.#following;
	}

	retryUnreadable(): void {
		this.#side?.filler.retryUnreadable();
	}

	/** @param photos that can be searched */
	describe(photos: number, others: Others): ChangeStatus {
		const rate = this.#rate;
		return {
			model: this.model,
			title: this.title,
			phase: this.phaseBeside(others),
			done: Math.max(0, photos - this.missing),
			photos,
			unreadable: this.#side?.filler.unreadable ?? 0,
			photosPerSecond: rate === null ? null : Math.round(rate * 10) / 10,
			secondsLeft: this.secondsLeft,
			problem: this.problem,
		};
	}

	phaseBeside({ othersBusy, isHeld }: Others): ChangeStatus["phase"] {
		if (this.problem !== null) return "stopped";
		if (this.paused || isHeld()) return "paused";
		return this.phase === "embedding" && othersBusy() ? "waiting" : this.phase;
	}

	/** Null until there is something to measure. */
	get secondsLeft(): number | null {
		const rate = this.#rate;
		return rate === null || rate <= 0 ? null : Math.ceil(this.missing / rate);
	}

	/** After its work has ended; the embeddings stay. */
	async close(): Promise<void> {
		await this.#following;
		await this.#side?.opened.close();
	}

	get #rate(): number | null {
		return this.#side?.filler.photosPerSecond ?? null;
	}
}
