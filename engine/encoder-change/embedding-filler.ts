/**
 * @file Has photos that can be searched already read by one more encoder. What is done stands in the
 * catalogue; killed at any moment, it goes on from there. See [Note: Nothing twice, nothing lost].
 */

import { existsSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import type { PhotoId } from "../../contract/ids.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { PhotoRecord } from "../catalogue/records.ts";
import type { DecodedPhoto, Decoder, PictureSource, PixelRule } from "../decoder/decoder.ts";
import type { DualEncoder } from "../encoder/dual-encoder.ts";
import { pictureRule } from "../encoder/picture-rule.ts";
import { EmbeddingBatches } from "../indexer/embedding-batches.ts";
import { RateMeter } from "../indexer/rate-meter.ts";

export interface EmbeddingFillerParts {
	catalogue: Catalogue;
	decoder: Decoder;
	/** Absolute path of a photo, or null while its folder is offline. */
	locate(photo: PhotoRecord): Promise<string | null>;
	thumbnailPath(contentHash: string): string;
}

export interface FillOptions {
	signal: AbortSignal;
	/** Resolves when it may read one more photo: at once, unless others come first. */
	turn?: () => Promise<void>;
	/** A photo is embedded and stored. */
	onAdded?: (id: PhotoId, vector: Float32Array) => void;
}

/** Photos looked up at once. */
const pageSize = 256;

export class EmbeddingFiller {
	readonly encoder: DualEncoder;
	readonly #parts: EmbeddingFillerParts;
	readonly #batches: EmbeddingBatches;
	readonly #pixels: PixelRule;
	readonly #rate = new RateMeter();
	/** Photos that can be had neither from their file nor from a thumbnail at the moment. */
	readonly #unreadable = new Set<PhotoId>();

	constructor(parts: EmbeddingFillerParts, encoder: DualEncoder) {
		this.#parts = parts;
		this.encoder = encoder;
		this.#batches = new EmbeddingBatches(encoder);
		this.#pixels = pictureRule(encoder.manifest);
	}

	/** Photos a second over the last ten seconds; null until there is something to measure. */
	get photosPerSecond(): number | null {
		return this.#rate.perSecond();
	}

	get unreadable(): number {
		return this.#unreadable.size;
	}

	/** Drives came back, or the person asks again. */
	retryUnreadable(): void {
		this.#unreadable.clear();
	}

	/** Time spent waiting does not count into the rate. */
	stopClock(): void {
		this.#rate.stop();
	}

	/**
	 * Resolves when every searchable photo is embedded that can be read now.
	 * @throws the signal's reason; Refusal MODEL_UNAVAILABLE or DISK_FULL, which are no photo's fault.
	 */
	async fillAll(options: FillOptions): Promise<void> {
		let added = 0;
		do {
			// A photo that changed while it was read is missing still, and newer ones have come.
			added = await this.#fill(this.#missing(), options);
		} while (added > 0);
	}

	/** The same for these photos. @param onDone told after each photo how many are done. */
	async fillThese(
		ids: readonly PhotoId[],
		options: FillOptions,
		onDone: (done: number) => void,
	): Promise<void> {
		const { embeddings, photos } = this.#parts.catalogue;
		const known = await embeddings.getMany(this.encoder.key, ids);
		const have = new Set(known.map(({ id }) => id));
		const records = await photos.getMany(ids.filter((id) => !have.has(id)));
		let done = have.size;
		onDone(done);
		await this.#fill(
			records.filter(({ state }) => state === "searchable"),
			options,
			() => onDone(++done),
		);
	}

	/** @returns how many were stored */
	async #fill(
		photos: Iterable<PhotoRecord> | AsyncIterable<PhotoRecord>,
		{ signal, turn, onAdded }: FillOptions,
		onDone?: () => void,
	): Promise<number> {
		let added = 0;
		// Enough under way that neither the decoder nor the encoder waits for the other.
		const width = this.#parts.decoder.parallelism + this.#batches.capacity;
		const failing = new AbortController();
		const stop = AbortSignal.any([signal, failing.signal]);
		const next = inTurn(photos);
		const work = async () => {
			for (;;) {
				// A copy of what is known takes no waiting at all: searches get their turn between any two photos.
				await setImmediate();
				await turn?.();
				stop.throwIfAborted();
				const photo = await next();
				if (photo === undefined) return;
				this.#rate.start();
				const vector = await this.#read(photo);
				if (vector !== null) {
					added += 1;
					onAdded?.(photo.id, vector);
				}
				onDone?.();
			}
		};
		const workers = Array.from({ length: width }, () =>
			work().catch((error: unknown) => {
				failing.abort(error);
				throw error;
			}),
		);
		const ends = await Promise.allSettled(workers);
		const failed = ends.find((end) => end.status === "rejected");
		if (failed !== undefined) throw failed.reason;
		return added;
	}

	/** The embedding that was stored; null where the photo cannot be read now. */
	async #read(photo: PhotoRecord): Promise<Float32Array | null> {
		const { embeddings } = this.#parts.catalogue;
		const { id, contentHash } = photo;
		const vector =
			contentHash === null
				? null
				: ((await embeddings.forContentHash(this.encoder.key, contentHash)) ??
					(await this.#embed(photo, contentHash)));
		if (vector === null || contentHash === null) {
			this.#unreadable.add(id);
			return null;
		}
		// Not stored where the photo has changed since: then it is read again by who noticed.
		if (!(await embeddings.add(this.encoder.key, { id, contentHash, vector }))) return null;
		this.#rate.add(1);
		return vector;
	}

	async #embed(photo: PhotoRecord, contentHash: string): Promise<Float32Array | null> {
		const path = await this.#parts.locate(photo);
		const original = path === null ? null : await this.#decode({ filePath: path });
		// Of a photo that is away, or has just changed, the thumbnail still shows what was read before.
		const picture =
			original?.contentHash === contentHash ? original : await this.#decodeThumbnail(contentHash);
		return picture === null ? null : this.#batches.embed(contentHash, picture.pixels);
	}

	async #decodeThumbnail(contentHash: string): Promise<DecodedPhoto | null> {
		const filePath = this.#parts.thumbnailPath(contentHash);
		return existsSync(filePath) ? this.#decode({ filePath }) : null;
	}

	async #decode(source: PictureSource): Promise<DecodedPhoto | null> {
		const outcome = await this.#batches.whileDecoding(() =>
			this.#parts.decoder.decode(source, { pixels: this.#pixels, thumbnail: false }),
		);
		return outcome.kind === "decoded" ? outcome : null;
	}

	async *#missing(): AsyncGenerator<PhotoRecord> {
		let after: PhotoRecord | null = null;
		for (;;) {
			const page: PhotoRecord[] = await this.#parts.catalogue.embeddings.missing(
				this.encoder.key,
				after,
				pageSize,
			);
			yield* page.filter(({ id }) => !this.#unreadable.has(id));
			after = page.at(-1) ?? null;
			if (after === null) return;
		}
	}
}

/** One item for each call, whoever calls; undefined when there are no more. */
function inTurn<Item>(
	items: Iterable<Item> | AsyncIterable<Item>,
): () => Promise<Item | undefined> {
	const iterator =
		Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
	return async () => {
		const { done, value } = await iterator.next();
		return done === true ? undefined : value;
	};
}
