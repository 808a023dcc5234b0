/**
 * @file The pipeline that makes photos searchable: waiting -> decoded -> embedded -> stored.
 *
 * [Note: Nothing twice, nothing lost] The catalogue alone says what is done. A photo waits until its
 * facts and its embedding are stored in one transaction, after its thumbnail is on disk; killed at
 * any moment, the next start finds it either waiting or complete. Bytes that were embedded before
 * (a copy, a touched or moved file) take the embedding that exists.
 */

import { Refusal } from "../../contract/errors.ts";
import type { FileMetadata } from "../../contract/file-metadata.ts";
import type { PhotoId } from "../../contract/ids.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { PhotoRecord, ReadPhoto } from "../catalogue/records.ts";
import type { DecodedPhoto, Decoder, PixelRule } from "../decoder/decoder.ts";
import type { DualEncoder } from "../encoder/dual-encoder.ts";
import { pictureRule } from "../encoder/picture-rule.ts";
import type { ThumbnailStore } from "../library/thumbnail-store.ts";
import { EmbeddingBatches } from "./embedding-batches.ts";
import { PhotoQueue } from "./photo-queue.ts";
import { RateMeter } from "./rate-meter.ts";
import { ReadBatches } from "./read-batches.ts";

/** What the indexer needs from the rest of the engine. */
export interface IndexerParts {
	catalogue: Catalogue;
	decoder: Decoder;
	/** The first; `use` takes another. */
	encoder: DualEncoder;
	thumbnails: ThumbnailStore;
	/** Absolute path of a photo, or null while its folder is offline. */
	locate(photo: PhotoRecord): Promise<string | null>;
	/** Looks whether the photo's folder is still there (and marks it offline if not). */
	confirmFolder(photo: PhotoRecord): Promise<boolean>;
	/** Photos became searchable: the vectors to add to the index. */
	onStored(photos: readonly { id: PhotoId; vector: Float32Array }[]): void;
	/** A photo was read: what its file says in words. What fails here is read again later by whoever takes it. */
	onFileMetadata?(
		photo: PhotoRecord,
		contentHash: string,
		said: { metadata: FileMetadata; drawn: boolean },
	): Promise<void>;
	/** A photo failed, so that its old vector, if any, leaves the index. */
	onFailed(id: PhotoId): void;
	/** Something a progress line shows has changed. */
	onProgress(): void;
}

/** Where the indexer stands. */
export interface IndexerState {
	paused: boolean;
	busy: boolean;
	photosPerSecond: number | null;
	/** Why work stopped by itself, in words for the person; null when all is well. */
	trouble: string | null;
}

/** All that hangs on the encoder. */
interface Target {
	encoderKey: string;
	batches: EmbeddingBatches;
	reads: ReadBatches;
	pixels: PixelRule;
}

/** A condition of the whole computer (full disk, model that cannot run) is tried again after this. */
const troubleRetryMs = 15_000;

/** Reads waiting photos until none is left; decoding, inference and writing overlap. */
export class Indexer {
	readonly #parts: IndexerParts;
	readonly #queue: PhotoQueue;
	readonly #rate = new RateMeter();
	#target: Target;
	/** Photos wait while it is set; `wanted` when someone came to have them read meanwhile. */
	#rest: { wanted: boolean } | null = null;
	readonly #inFlight = new Map<PhotoId, Promise<void>>();
	#refilling: Promise<void> | null = null;
	#paused: boolean;
	#closed = false;
	#trouble: string | null = null;
	#troubleTimer: NodeJS.Timeout | null = null;

	constructor(parts: IndexerParts, options: { paused: boolean }) {
		this.#parts = parts;
		this.#paused = options.paused;
		this.#queue = new PhotoQueue(parts.catalogue.photos);
		this.#target = this.#targetOf(parts.encoder);
	}

	state(): IndexerState {
		return {
			paused: this.#paused,
			busy: this.#inFlight.size > 0 || this.#refilling !== null,
			photosPerSecond: this.#rate.perSecond(),
			trouble: this.#trouble,
		};
	}

	/** There may be new work. Cheap; call it whenever photos start to wait. */
	wake(): void {
		if (this.#closed || this.#paused || this.#trouble !== null) return;
		this.#fill();
	}

	pause(): void {
		this.#paused = true;
		this.#rate.stop();
		this.#queue.clear();
		this.#parts.onProgress();
	}

	resume(): void {
		this.#paused = false;
		this.#tryAgain();
	}

	async prioritise(ids: readonly PhotoId[]): Promise<void> {
		await this.#queue.prioritise(ids);
		this.wake();
	}

	/** Photos were forgotten or changed: what was looked ahead may be stale. */
	forgetQueued(): void {
		this.#queue.clear();
	}

	/**
	 * Runs `work` while no photo is under way: those that are come to their end first, others wait.
	 * One at a time.
	 */
	async whileAtRest<Result>(work: () => Promise<Result>): Promise<Result> {
		const rest = { wanted: this.#inFlight.size > 0 };
		this.#rest = rest;
		try {
			await this.#refilling;
			while (this.#inFlight.size > 0) await Promise.allSettled(this.#inFlight.values());
			return await work();
		} finally {
			this.#rest = null;
			if (rest.wanted) this.wake();
		}
	}

	/** Photos are embedded by this encoder from now on. Only while at rest. */
	use(encoder: DualEncoder): void {
		this.#target = this.#targetOf(encoder);
	}

	/** Stops taking photos and waits for those under way. */
	async close(): Promise<void> {
		this.#closed = true;
		this.#clearTrouble();
		await this.#refilling;
		while (this.#inFlight.size > 0) await Promise.allSettled(this.#inFlight.values());
	}

	#targetOf(encoder: DualEncoder): Target {
		return {
			encoderKey: encoder.key,
			batches: new EmbeddingBatches(encoder),
			reads: new ReadBatches(this.#parts.catalogue.photos, encoder.key),
			pixels: pictureRule(encoder.manifest),
		};
	}

	/** Enough photos under way that neither the decoder nor the encoder ever waits for the other. */
	get #window(): number {
		return this.#parts.decoder.parallelism * 2 + this.#target.batches.capacity;
	}

	#fill(): void {
		if (this.#closed || this.#paused || this.#trouble !== null) return;
		if (this.#rest !== null) {
			this.#rest.wanted = true;
			return;
		}
		while (this.#inFlight.size < this.#window) {
			const photo = this.#queue.take();
			if (photo === undefined) {
				this.#refill();
				break;
			}
			this.#rate.start();
			const work = this.#read(photo)
				.catch((error: unknown) => this.#giveUp(photo, error))
				.finally(() => {
					this.#queue.release(photo.id);
					this.#inFlight.delete(photo.id);
					this.#fill();
				});
			this.#inFlight.set(photo.id, work);
		}
	}

	#refill(): void {
		this.#refilling ??= this.#queue
			.refill()
			.then((found) => {
				this.#refilling = null;
				if (found) this.#fill();
				else if (this.#inFlight.size === 0) {
					this.#rate.stop();
					this.#parts.onProgress();
				}
			})
			.catch((error: unknown) => {
				this.#refilling = null;
				this.#stumble(error);
			});
	}

	async #read(photo: PhotoRecord): Promise<void> {
		const { catalogue, decoder, thumbnails } = this.#parts;
		const path = await this.#parts.locate(photo);
		if (path === null) return;
		const { batches, pixels, reads } = this.#target;
		const outcome = await batches.whileDecoding(() =>
			decoder.decode({ filePath: path }, { pixels, thumbnail: true }),
		);
		if (this.#trouble !== null) return;
		if (outcome.kind === "failed") {
			if (outcome.reason === "vanished" && !(await this.#parts.confirmFolder(photo))) return;
			await catalogue.photos.storeFailure(photo.id, outcome.reason, outcome.message, photo);
			this.#parts.onFailed(photo.id);
			this.#parts.onProgress();
			return;
		}
		const [vector] = await Promise.all([
			this.#embedding(outcome),
			outcome.thumbnail === null
				? undefined
				: thumbnails.write(outcome.contentHash, outcome.thumbnail),
		]);
		if (!(await reads.store(asRead(photo, outcome, vector)))) return;
		// Stored without it, the photo is found again by those who read what is missing.
		await this.#parts.onFileMetadata?.(photo, outcome.contentHash, {
			metadata: outcome.fileMetadata,
			drawn: outcome.drawn,
		});
		this.#rate.add(1);
		this.#parts.onStored([{ id: photo.id, vector }]);
		this.#parts.onProgress();
	}

	async #embedding(photo: DecodedPhoto): Promise<Float32Array> {
		const known = await this.#parts.catalogue.embeddings.forContentHash(
			this.#target.encoderKey,
			photo.contentHash,
		);
		return known ?? this.#target.batches.embed(photo.contentHash, photo.pixels);
	}

	/** A defect on one photo is that photo's failure; a full disk or a model that cannot run is not. */
	async #giveUp(photo: PhotoRecord, error: unknown): Promise<void> {
		if (error instanceof Refusal || this.#closed) return this.#stumble(error);
		const cause = error instanceof Error ? error.message : String(error);
		try {
			await this.#parts.catalogue.photos.storeFailure(photo.id, "unknown", cause, photo);
			this.#parts.onFailed(photo.id);
			this.#parts.onProgress();
		} catch (second) {
			this.#stumble(second);
		}
	}

	/** Not the photo's fault: say so, keep every photo waiting, try again later. */
	#stumble(error: unknown): void {
		if (this.#closed || this.#trouble !== null) return;
		this.#trouble =
			error instanceof Refusal
				? error.message
				: `Reading photos stopped: ${error instanceof Error ? error.message : String(error)}`;
		this.#rate.stop();
		this.#queue.clear();
		this.#troubleTimer = setTimeout(() => this.#tryAgain(), troubleRetryMs);
		this.#troubleTimer.unref();
		this.#parts.onProgress();
	}

	/** What stopped the work may be over. Who paused it meanwhile still wants that. */
	#tryAgain(): void {
		this.#clearTrouble();
		this.wake();
		this.#parts.onProgress();
	}

	#clearTrouble(): void {
		this.#trouble = null;
		if (this.#troubleTimer !== null) clearTimeout(this.#troubleTimer);
		this.#troubleTimer = null;
	}
}

function asRead(photo: PhotoRecord, decoded: DecodedPhoto, embedding: Float32Array): ReadPhoto {
	return {
		id: photo.id,
		sizeBytes: photo.sizeBytes,
		modifiedAtMs: photo.modifiedAtMs,
		contentHash: decoded.contentHash,
		format: decoded.format,
		width: decoded.width,
		height: decoded.height,
		...decoded.metadata,
		perceptualHash: decoded.perceptualHash,
		embedding,
	};
}
