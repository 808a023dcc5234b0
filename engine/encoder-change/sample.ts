/** @file A sample of a library's photos as one encoder sees them, for comparing encoders. */
import { EventPublisher } from "@orpc/server";
import type { PhotoId } from "../../contract/ids.ts";
import type { DualEncoder } from "../encoder/dual-encoder.ts";
import { innerProduct } from "../index/similarity-scores.ts";
import { EmbeddingFiller, type EmbeddingFillerParts } from "./embedding-filler.ts";

export interface SampleProgress {
	done: number;
	photos: number;
	secondsLeft: number | null;
	photosPerSecond: number | null;
}

/**
 * Embeds what of the sample this encoder has not embedded yet, and stores it: a later change of the encoder
 * need not do it again. Yields how it goes.
 * @throws the signal's reason; Refusal MODEL_UNAVAILABLE, DISK_FULL.
 */
export async function* embedSample(
	parts: EmbeddingFillerParts,
	encoder: DualEncoder,
	ids: readonly PhotoId[],
	signal: AbortSignal,
): AsyncGenerator<SampleProgress> {
	const filler = new EmbeddingFiller(parts, encoder);
	const photos = ids.length;
	let done = 0;
	const publisher = new EventPublisher<{ done: number }>({ maxBufferedEvents: 1 });
	const ending = new AbortController();
	const told = publisher.subscribe("done", { signal: ending.signal });
	const leaving = new AbortController();
	const until = AbortSignal.any([signal, leaving.signal]);
	const filled = filler
		.fillThese(ids, { signal: until }, (now) => {
			done = now;
			publisher.publish("done", now);
		})
		.finally(() => ending.abort());
	// Its failure is thrown below, where it is waited for.
	filled.catch(() => undefined);
	const progress = (): SampleProgress => {
		const { photosPerSecond } = filler;
		const secondsLeft =
			photosPerSecond === null ? null : Math.ceil((photos - done) / photosPerSecond);
		return { done, photos, secondsLeft, photosPerSecond };
	};
	try {
		for await (const _ of toTheEnd(told, ending.signal)) yield progress();
		await filled;
		yield progress();
	} finally {
		// Whoever listened has left: nothing goes on behind their back.
		leaving.abort();
		await filled.catch(() => undefined);
	}
}

async function* toTheEnd<Event>(events: AsyncIterable<Event>, end: AbortSignal) {
	try {
		yield* events;
	} catch (error) {
		if (!end.aborted) throw error;
	}
}

/** Vectors of one encoder side by side. */
export class PackedSample {
	readonly #ids: PhotoId[];
	readonly #vectors: Float32Array;
	readonly #dimensions: number;

	constructor(photos: readonly { id: PhotoId; vector: Float32Array }[], dimensions: number) {
		this.#ids = photos.map(({ id }) => id);
		this.#dimensions = dimensions;
		this.#vectors = new Float32Array(photos.length * dimensions);
		for (const [row, { vector }] of photos.entries()) this.#vectors.set(vector, row * dimensions);
	}

	get ids(): readonly PhotoId[] {
		return this.#ids;
	}

	/** The photos most similar to a query, best first. @param query Float32 [dimensions], unit length */
	nearest(query: Float32Array, count: number): PhotoId[] {
		const scored = this.#ids.map((id, row) => ({
			id,
			similarity: innerProduct(this.#vectors, row * this.#dimensions, query),
		}));
		scored.sort((a, b) => b.similarity - a.similarity || a.id - b.id);
		return scored.slice(0, count).map(({ id }) => id);
	}
}

/** At most `count` of the items, spread evenly, in their order. */
export function spread<Item>(items: readonly Item[], count: number): Item[] {
	if (items.length <= count) return [...items];
	return items.filter(
		(_, at) =>
			Math.floor((at * count) / items.length) !== Math.floor(((at - 1) * count) / items.length),
	);
}
