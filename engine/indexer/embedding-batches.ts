/** @file Gathers decoded pictures into batches for the encoder. */
import type { DualEncoder } from "../encoder/dual-encoder.ts";

/** Batches handed to the encoder at once: one runs while the next waits at its door. */
const batchesAtOnce = 2;

/**
 * Embeddings kept by content: a copy looked up before the first one was stored still finds it. More
 * than are ever under way at once.
 */
const rememberedContents = 256;

interface Waiting {
	pixels: Uint8Array;
	resolve(vector: Float32Array): void;
	reject(error: unknown): void;
}

/**
 * Full batches go at once; a partial one goes when no decode is under way that could fill it.
 * Pictures with the same content hash that come soon after one another are embedded once.
 */
export class EmbeddingBatches {
	readonly #encoder: DualEncoder;
	readonly #byContent = new Map<string, Promise<Float32Array>>();
	#waiting: Waiting[] = [];
	#running = 0;
	#decoding = 0;

	constructor(encoder: DualEncoder) {
		this.#encoder = encoder;
	}

	/** How many decoded pictures it holds without the encoder ever waiting. */
	get capacity(): number {
		return this.#encoder.batchSize * (batchesAtOnce + 1);
	}

	/** Runs a decode, so that partial batches wait for its picture. */
	async whileDecoding<T>(decode: () => Promise<T>): Promise<T> {
		this.#decoding += 1;
		try {
			return await decode();
		} finally {
			this.#decoding -= 1;
			// After the caller had its chance to hand in the picture just decoded.
			setImmediate(() => this.#run());
		}
	}

	/** @returns Float32 [dimensions], unit length. */
	embed(contentHash: string, pixels: Uint8Array): Promise<Float32Array> {
		const known = this.#byContent.get(contentHash);
		if (known !== undefined) return known;
		const { promise, resolve, reject } = Promise.withResolvers<Float32Array>();
		this.#byContent.set(contentHash, promise);
		promise.catch(() => this.#byContent.delete(contentHash));
		for (const oldest of this.#byContent.keys()) {
			if (this.#byContent.size <= rememberedContents) break;
			this.#byContent.delete(oldest);
		}
		this.#waiting.push({ pixels, resolve, reject });
		this.#run();
		return promise;
	}

	#run(): void {
		const { batchSize } = this.#encoder;
		while (this.#running < batchesAtOnce && this.#waiting.length > 0) {
			const mayFill = this.#decoding > 0 && this.#running > 0;
			if (this.#waiting.length < batchSize && mayFill) return;
			void this.#embedBatch(this.#waiting.splice(0, batchSize));
		}
	}

	async #embedBatch(batch: readonly Waiting[]): Promise<void> {
		this.#running += 1;
		try {
			const vectors = await this.#encoder.embedPictures(batch.map((item) => item.pixels));
			for (const [position, item] of batch.entries()) {
				const vector = vectors[position];
				if (vector === undefined) item.reject(new Error("The encoder left a picture out."));
				else item.resolve(vector);
			}
		} catch (error) {
			for (const item of batch) item.reject(error);
		} finally {
			this.#running -= 1;
			this.#run();
		}
	}
}
