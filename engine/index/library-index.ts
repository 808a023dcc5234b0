/** @file The index of one library: exact, and beside it a graph once there are too many photos. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { IndexStatus } from "../../contract/library.ts";
import { ExactIndex } from "./exact-index.ts";
import type { HnswOptions } from "./hnsw-graph.ts";
import { HnswIndex } from "./hnsw-index.ts";
import { HnswUnavailableError } from "./hnsw-library.ts";
import { measureRecallAt10 } from "./recall.ts";
import type { AllowedLabels, Neighbour, VectorSpace } from "./vector-index.ts";

export interface LibraryIndexOptions {
	space: VectorSpace;
	/** Folder of this encoder's index files; made when first needed. */
	folderPath: string;
	/** Above this many vectors a graph is built; exact search is fast enough below. */
	hnswAbove?: number;
	hnsw?: HnswOptions;
	/** How long building may hold up everything else at a time. */
	sliceMs?: number;
}

export interface LabelledVector {
	label: number;
	/** Float32 [dimensions], unit length. */
	vector: Float32Array;
}

/** Least recall at 10 a graph must show; its search width rises until it does. */
const leastRecall = 0.98;
const greatestSearchWidth = 2048;

/** The graph goes when the library shrinks below this share of the size at which it came. */
const shrinkShare = 0.8;

/** Measured again when the library has grown or shrunk by this share. */
const measureAgainShare = 0.1;

/** Between two slices, so that searches, imports and the page get their turn. */
const pauseMs = 4;

/**
 * [Note: Exact until complete] The exact index is always there and always right. The graph is built
 * beside it in slices and answers only once it holds every vector, so search never goes away and
 * never misses a photo because of building.
 */
export class LibraryIndex {
	readonly space: VectorSpace;
	readonly #options: Required<LibraryIndexOptions>;
	readonly #exact: ExactIndex;
	#hnsw: HnswIndex | null = null;
	#building: Promise<void> | null = null;
	#measuring: Promise<number> | null = null;
	#measured: { recall: number; size: number } | null = null;
	/** Set where the library for graphs is missing or failed: exact search serves for good. */
	#staysExact = false;
	#closed = false;
	/** Labels set or removed by others while `load` runs; what it reads of them is out of date. */
	#touched: Set<number> | null = null;

	constructor(options: LibraryIndexOptions) {
		this.space = options.space;
		this.#options = { hnswAbove: 200_000, hnsw: {}, sliceMs: 8, ...options };
		this.#exact = new ExactIndex(options.space);
	}

	get size(): number {
		return this.#exact.size;
	}

	has(label: number): boolean {
		return this.#exact.has(label);
	}

	/** Float32 [dimensions]: a copy; null for an unknown label. */
	vectorOf(label: number): Float32Array | null {
		return this.#exact.vectorOf(label);
	}

	/** Adds or replaces. Throws RangeError on a wrong length. */
	set(label: number, vector: Float32Array): void {
		this.#touched?.add(label);
		this.#put(label, vector);
		this.#buildIfLarge();
	}

	/** Returns false when there was nothing to remove. */
	remove(label: number): boolean {
		this.#touched?.add(label);
		return this.#take(label);
	}

	/** Adds or replaces many; the event loop gets its turn whenever the source waits. */
	async addMany(source: AsyncIterable<LabelledVector> | Iterable<LabelledVector>): Promise<void> {
		for await (const { label, vector } of source) {
			if (!this.#touched?.has(label)) this.#put(label, vector);
		}
		this.#buildIfLarge();
	}

	/** Makes the index hold what `source` gives and what is set meanwhile, and nothing else. */
	async load(source: AsyncIterable<LabelledVector> | Iterable<LabelledVector>): Promise<void> {
		const touched = new Set<number>();
		const seen = new Set<number>();
		this.#touched = touched;
		try {
			for await (const { label, vector } of source) {
				if (touched.has(label)) continue;
				seen.add(label);
				this.#put(label, vector);
			}
		} finally {
			this.#touched = null;
		}
		for (const label of this.#exact.labels()) {
			if (!seen.has(label) && !touched.has(label)) this.#take(label);
		}
		this.#buildIfLarge();
	}

	/** At most `count` neighbours, best first; only labels in `allowed` when it is given. */
	search(query: Float32Array, count: number, allowed?: AllowedLabels): Promise<Neighbour[]> {
		return (this.#hnsw ?? this.#exact).search(query, count, allowed);
	}

	/** The labels as they are now, ascending: a copy. */
	labels(): Float64Array {
		return this.#exact.labels().sort();
	}

	/** The vectors of those of the labels that are here: Float32 [labels, dimensions], copied. */
	gather(wanted: Iterable<number>): { labels: number[]; vectors: Float32Array } {
		return this.#exact.gather(wanted);
	}

	/** The similarity of every vector, in no particular order; for calibrating a query. */
	similarities(query: Float32Array): Promise<{ labels: Float64Array; similarities: Float32Array }> {
		return this.#exact.similarities(query);
	}

	/** As `similarities` for several queries: Float32 [size] each, in the same order of labels. */
	similaritiesToAll(
		queries: readonly Float32Array[],
	): Promise<{ labels: Float64Array; columns: Float32Array[] }> {
		return this.#exact.similaritiesToAll(queries);
	}

	/** What is known now; recall is null while it was not measured yet. */
	status(): IndexStatus {
		const vectors = this.size;
		if (!this.#hnsw?.complete) {
			return { kind: "exact", vectors, recallAt10: 1, searchWidth: null };
		}
		const recallAt10 = this.#measured?.recall ?? null;
		return { kind: "hnsw", vectors, recallAt10, searchWidth: this.#hnsw.searchWidth };
	}

	/** As `status`, measured first where a graph serves and the last figure is out of date. */
	async measuredStatus(): Promise<IndexStatus> {
		const size = this.size;
		const change = Math.abs(size - (this.#measured?.size ?? 0));
		if (this.#hnsw?.complete && (this.#measured === null || change > size * measureAgainShare)) {
			await this.measureRecall();
		}
		return this.status();
	}

	/**
	 * Measures on this library's own vectors, and widens the graph's search until recall at 10 is at
	 * least 0.98 or nothing more is to be gained.
	 */
	measureRecall(): Promise<number> {
		this.#measuring ??= this.#measure().finally(() => {
			this.#measuring = null;
		});
		return this.#measuring;
	}

	/** Resolves when no building is under way. */
	async settled(): Promise<void> {
		await this.#building;
	}

	/**
	 * Writes the graph, which takes minutes to build; all else is in the catalogue. As far as it has
	 * been built, so that building goes on at the next start.
	 * @returns false when it could not be written: it is a cache, and the old one is still there.
	 */
	async save(): Promise<boolean> {
		if (!this.#hnsw?.unsaved) return true;
		try {
			await mkdir(this.#options.folderPath, { recursive: true });
			await this.#hnsw.save(this.#filePath);
			return true;
		} catch {
			return false;
		}
	}

	/** Stops building. Save first to keep the graph. */
	close(): void {
		this.#closed = true;
		this.#hnsw = null;
		this.#exact.close();
	}

	get #filePath(): string {
		return join(this.#options.folderPath, "graph.hnsw");
	}

	#put(label: number, vector: Float32Array): void {
		(this.#hnsw ?? this.#exact).set(label, vector);
	}

	#take(label: number): boolean {
		const removed = (this.#hnsw ?? this.#exact).remove(label);
		if (this.#hnsw !== null && this.size < this.#options.hnswAbove * shrinkShare) {
			this.#hnsw = null;
			this.#measured = null;
		}
		return removed;
	}

	#buildIfLarge(): void {
		if (this.#building !== null || this.#closed || this.#staysExact) return;
		const worn = this.#hnsw?.worn ?? false;
		const built = this.#hnsw?.complete && !worn;
		if (built || (this.#hnsw === null && this.size <= this.#options.hnswAbove)) return;
		this.#building = this.#build(worn)
			.catch(() => {
				this.#hnsw = null;
				this.#staysExact = true;
			})
			.finally(() => {
				this.#building = null;
			});
	}

	async #build(worn: boolean): Promise<void> {
		const hnsw = this.#hnsw ?? (await this.#open());
		if (hnsw === null || this.#closed) return;
		if (worn) await hnsw.startAgain();
		this.#hnsw = hnsw;
		// Until the line above, changes went to the exact index alone.
		hnsw.reconcile();
		while (this.#hnsw === hnsw && !hnsw.catchUp(this.#options.sliceMs)) {
			await pause(pauseMs);
		}
		if (this.#hnsw === hnsw) await this.measureRecall();
	}

	/** The saved graph where it is of use, else a new one; null where there is no library for it. */
	async #open(): Promise<HnswIndex | null> {
		const { hnsw: options } = this.#options;
		try {
			return await HnswIndex.load(this.#filePath, this.space, options, this.#exact);
		} catch {
			// Missing, damaged, unreadable or of another encoder: it is built anew.
		}
		try {
			return await HnswIndex.create(this.space, options, this.#exact);
		} catch (error) {
			if (!(error instanceof HnswUnavailableError)) throw error;
			this.#staysExact = true;
			return null;
		}
	}

	async #measure(): Promise<number> {
		const hnsw = this.#hnsw;
		if (hnsw === null || !hnsw.complete) return 1;
		let recall = await measureRecallAt10(hnsw, this.#exact);
		while (recall < leastRecall && hnsw.searchWidth < greatestSearchWidth && !this.#closed) {
			hnsw.searchWidth = Math.min(greatestSearchWidth, hnsw.searchWidth * 2);
			recall = await measureRecallAt10(hnsw, this.#exact);
		}
		if (this.#hnsw === hnsw) this.#measured = { recall, size: this.size };
		return recall;
	}
}
