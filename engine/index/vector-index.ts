/**
 * @file What every nearest-neighbour index offers. Labels are photo ids; vectors are unit length, so
 * the inner product is the cosine similarity.
 */

/** One found vector, most similar first in a result. */
export interface Neighbour {
	label: number;
	/** Cosine similarity to the query, -1 to 1. */
	similarity: number;
}

/** Which labels a search may return: a bitmap, or any set that can tell its size. */
export interface AllowedLabels {
	readonly size: number;
	has(label: number): boolean;
	[Symbol.iterator](): Iterator<number>;
}

/** Identity of the vectors, written into every index file; vectors of two encoders never meet. */
export interface VectorSpace {
	/** Encoder id, version and preprocessing in one string. */
	encoderKey: string;
	dimensions: number;
}

/** A mutable set of labelled unit vectors that finds the nearest. */
export interface VectorIndex {
	readonly kind: "exact" | "hnsw";
	readonly space: VectorSpace;
	readonly size: number;
	has(label: number): boolean;
	/** Adds a vector, or replaces the one with this label. Throws RangeError on a wrong length. */
	set(label: number, vector: Float32Array): void;
	/** Returns false when there was nothing to remove. */
	remove(label: number): boolean;
	/** At most `count` neighbours, best first; only labels in `allowed` when it is given. */
	search(query: Float32Array, count: number, allowed?: AllowedLabels): Promise<Neighbour[]>;
	/** Written beside, checked by reading back, then renamed: an old file survives any failure. */
	save(filePath: string): Promise<void>;
	close(): void;
}

/** Why an index file was not loaded. The caller rebuilds from the catalogue. */
export class IndexFileError extends Error {
	readonly reason: "missing" | "truncated" | "foreign" | "newer-format" | "other-space";

	constructor(reason: IndexFileError["reason"], message: string) {
		super(message);
		this.name = "IndexFileError";
		this.reason = reason;
	}
}
