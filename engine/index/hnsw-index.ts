/** @file The index that looks at a small part of the vectors: a graph, leaning on an exact index. */
import { ExactIndex } from "./exact-index.ts";
import { HnswGraph, type HnswOptions } from "./hnsw-graph.ts";
import { loadGraph, saveGraph } from "./hnsw-graph-file.ts";
import type { AllowedLabels, Neighbour, VectorIndex, VectorSpace } from "./vector-index.ts";

/** Below this share of allowed labels, passing over the others costs more than exact search. */
const selectiveShare = 1 / 4;

/** For more neighbours than this the graph is slower than looking at everything. */
const mostNeighbours = 1000;

/** Asked for beyond the wanted, so that of equally similar vectors the lower labels are found. */
const spareNeighbours = 10;

/**
 * The exact index holds the vectors and answers what the graph is bad at: a selective filter, very
 * many neighbours, and anything at all while vectors wait to be linked.
 */
export class HnswIndex implements VectorIndex {
	readonly kind = "hnsw";
	readonly space: VectorSpace;
	readonly #exact: ExactIndex;
	readonly #options: HnswOptions;
	#graph: HnswGraph;
	/** Labels the graph may not hold as they are. */
	readonly #waiting = new Set<number>();
	#unsaved = false;

	private constructor(exact: ExactIndex, graph: HnswGraph, options: HnswOptions) {
		this.space = exact.space;
		this.#exact = exact;
		this.#graph = graph;
		this.#options = options;
	}

	/**
	 * @param exact shared with the caller, who then changes it through this index only. Its vectors
	 * wait for `catchUp`.
	 * @throws HnswUnavailableError where the library is not installed.
	 */
	static async create(
		space: VectorSpace,
		options: HnswOptions = {},
		exact: ExactIndex = new ExactIndex(space),
	): Promise<HnswIndex> {
		const graph = await HnswGraph.create(space.dimensions, options, exact.size);
		const index = new HnswIndex(exact, graph, options);
		index.reconcile();
		return index;
	}

	/**
	 * @param exact what the index should hold; every vector waits for `catchUp`, which links only what
	 * the file does not hold as it is. Without it, the index holds what the file holds.
	 * @throws IndexFileError when the file is of no use for this space.
	 * @throws HnswUnavailableError where the library is not installed.
	 */
	static async load(
		filePath: string,
		space: VectorSpace,
		options: HnswOptions = {},
		exact?: ExactIndex,
	): Promise<HnswIndex> {
		const graph = await loadGraph(filePath, space);
		if (exact !== undefined) {
			const index = new HnswIndex(exact, graph, options);
			index.reconcile();
			return index;
		}
		const own = new ExactIndex(space);
		for (const label of graph.labels()) {
			const vector = graph.vectorOf(label);
			if (vector !== null) own.set(label, vector);
		}
		return new HnswIndex(own, graph, options);
	}

	get size(): number {
		return this.#exact.size;
	}

	/** True when every vector is linked, so that searches use the graph. */
	get complete(): boolean {
		return this.#waiting.size === 0;
	}

	/** Candidates kept in a search: more is better recall and slower. */
	get searchWidth(): number {
		return this.#graph.searchWidth;
	}

	set searchWidth(width: number) {
		this.#graph.searchWidth = width;
		this.#unsaved = true;
	}

	/** True when the graph is not as it was last saved or loaded. */
	get unsaved(): boolean {
		return this.#unsaved;
	}

	/** True when over half of the graph is removed vectors: time for `startAgain`. */
	get worn(): boolean {
		return this.#graph.goneCount > Math.max(1000, this.#graph.size);
	}

	has(label: number): boolean {
		return this.#exact.has(label);
	}

	set(label: number, vector: Float32Array): void {
		this.#exact.set(label, vector);
		if (this.complete) this.#link(label, vector);
		else this.#waiting.add(label);
	}

	remove(label: number): boolean {
		this.#waiting.delete(label);
		if (this.#graph.remove(label)) this.#unsaved = true;
		return this.#exact.remove(label);
	}

	/**
	 * Links waiting vectors for about `budgetMs`; one takes a millisecond or so.
	 * @returns true when none is left.
	 */
	catchUp(budgetMs: number): boolean {
		const end = performance.now() + budgetMs;
		for (const label of this.#waiting) {
			const vector = this.#exact.vectorOf(label);
			if (vector !== null && !equal(vector, this.#graph.vectorOf(label))) {
				this.#link(label, vector);
			}
			this.#waiting.delete(label);
			if (performance.now() >= end) break;
		}
		return this.complete;
	}

	/** Begins a new graph of what is there; `catchUp` fills it. */
	async startAgain(): Promise<void> {
		const options = { ...this.#options, searchWidth: this.searchWidth };
		const graph = await HnswGraph.create(this.space.dimensions, options, this.size);
		this.#graph = graph;
		this.reconcile();
	}

	/** Takes the exact index as it is now for the truth, after it was changed by itself. */
	reconcile(): void {
		for (const label of [...this.#graph.labels()]) {
			if (!this.#exact.has(label) && this.#graph.remove(label)) this.#unsaved = true;
		}
		for (const label of this.#exact.labels()) this.#waiting.add(label);
	}

	async search(query: Float32Array, count: number, allowed?: AllowedLabels): Promise<Neighbour[]> {
		const selective = allowed !== undefined && allowed.size < this.size * selectiveShare;
		const unfit = query.length !== this.space.dimensions || !(count > 0) || this.size === 0;
		if (unfit || selective || count > mostNeighbours || !this.complete) {
			return this.#exact.search(query, count, allowed);
		}
		const labels = this.#graph.search(query, count + spareNeighbours, allowed);
		// A node can become unreachable when its neighbours go: then only looking at all finds it.
		if (labels.length < Math.min(count, allowed?.size ?? this.size, this.size)) {
			return this.#exact.search(query, count, allowed);
		}
		return this.#exact.searchAmong(query, count, new Set(labels));
	}

	/** Blocks while the graph is written; see [Note: HNSW hazards]. */
	async save(filePath: string): Promise<void> {
		this.#unsaved = false;
		try {
			await saveGraph(filePath, this.#graph, this.space);
		} catch (error) {
			this.#unsaved = true;
			throw error;
		}
	}

	close(): void {
		this.#waiting.clear();
		this.#exact.close();
	}

	#link(label: number, vector: Float32Array): void {
		this.#graph.set(label, vector);
		this.#unsaved = true;
	}
}

function equal(a: Float32Array, b: Float32Array | null): boolean {
	return b !== null && a.every((value, at) => value === b[at]);
}
