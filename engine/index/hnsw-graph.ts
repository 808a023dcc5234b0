/**
 * @file A graph of neighbours over the vectors (HNSW, Malkov and Yashunin 2016, arXiv:1603.09320), as
 * hnswlib keeps it, made safe to use.
 *
 * [Note: HNSW hazards] What the library does silently or fatally, and what is done about it here:
 * - Labels wrap at 2^32, and updating a point in place wears the graph out. So it gets our own node
 *   numbers, a replaced vector becomes a new node, and the old one is marked deleted.
 * - A filter that throws aborts the process. Ours catches, refuses the node, and throws afterwards.
 * - It takes plain arrays only, of exactly the right length.
 * - Asking for more neighbours than there is capacity throws; capacity grows only when told.
 * - Writing reports no failure, and a file of other dimensions loads (see hnsw-graph-file.ts).
 */
import type { HierarchicalNSW } from "hnswlib-node";
import { loadHnswLibrary } from "./hnsw-library.ts";
import type { AllowedLabels } from "./vector-index.ts";

export interface HnswOptions {
	/** Links a node has on each level (M); more is better recall, slower and larger. Default 16. */
	links?: number;
	/** Candidates looked at when a node is linked (efConstruction). Default 200. */
	buildWidth?: number;
	/** Candidates kept in a search (ef). Default 128. */
	searchWidth?: number;
}

/** A node that was removed or replaced. */
const gone = -1;
const leastCapacity = 1024;
/** Room for vectors that are added or replaced later. */
const spareShare = 1.25;
const randomSeed = 100;

export class HnswGraph {
	readonly #native: HierarchicalNSW;
	readonly #nodes = new Map<number, number>();
	/** The label of each node, or `gone`. */
	readonly #labels: number[];
	#capacity: number;
	#searchWidth: number;

	private constructor(native: HierarchicalNSW, labels: number[], searchWidth: number) {
		this.#native = native;
		this.#labels = labels;
		this.#capacity = native.getMaxElements();
		for (const [node, label] of labels.entries()) if (label !== gone) this.#nodes.set(label, node);
		this.#searchWidth = searchWidth;
		native.setEf(searchWidth);
	}

	/**
	 * @param expected how many vectors will come, so that they need not be moved as the graph grows.
	 * @throws HnswUnavailableError where the library is not installed.
	 */
	static async create(
		dimensions: number,
		options: HnswOptions = {},
		expected = 0,
	): Promise<HnswGraph> {
		const Native = await loadHnswLibrary();
		const native = new Native("ip", dimensions);
		const capacity = Math.max(leastCapacity, Math.ceil(expected * spareShare));
		native.initIndex(capacity, options.links ?? 16, options.buildWidth ?? 200, randomSeed);
		return new HnswGraph(native, [], options.searchWidth ?? 128);
	}

	/**
	 * @param path of the library's own file, which the caller has verified.
	 * @param labels the label of each node, as `nodeLabels` gave them.
	 */
	static async read(
		path: string,
		dimensions: number,
		labels: Float64Array,
		searchWidth: number,
	): Promise<HnswGraph> {
		const Native = await loadHnswLibrary();
		const native = new Native("ip", dimensions);
		await native.readIndex(path);
		if (native.getCurrentCount() !== labels.length) {
			throw new Error(`The graph has ${native.getCurrentCount()} nodes, not ${labels.length}.`);
		}
		return new HnswGraph(native, Array.from(labels), searchWidth);
	}

	/** Vectors that can be found. */
	get size(): number {
		return this.#nodes.size;
	}

	/** Nodes that are only passed through: removed or replaced, still taking time and memory. */
	get goneCount(): number {
		return this.#labels.length - this.#nodes.size;
	}

	get searchWidth(): number {
		return this.#searchWidth;
	}

	set searchWidth(width: number) {
		this.#searchWidth = width;
		this.#native.setEf(width);
	}

	has(label: number): boolean {
		return this.#nodes.has(label);
	}

	/** The labels that can be found. */
	labels(): IterableIterator<number> {
		return this.#nodes.keys();
	}

	/** Float64 [nodes], for `read`. */
	nodeLabels(): Float64Array {
		return Float64Array.from(this.#labels);
	}

	/** Null for an unknown label. */
	vectorOf(label: number): Float32Array | null {
		const node = this.#nodes.get(label);
		return node === undefined ? null : Float32Array.from(this.#native.getPoint(node));
	}

	set(label: number, vector: Float32Array): void {
		this.remove(label);
		const node = this.#labels.length;
		if (node === this.#capacity) {
			this.#native.resizeIndex(this.#capacity * 2);
			this.#capacity *= 2;
		}
		this.#native.addPoint(Array.from(vector), node);
		this.#labels.push(label);
		this.#nodes.set(label, node);
	}

	/** Returns false when there was nothing to remove. */
	remove(label: number): boolean {
		const node = this.#nodes.get(label);
		if (node === undefined) return false;
		this.#native.markDelete(node);
		this.#labels[node] = gone;
		this.#nodes.delete(label);
		return true;
	}

	/** Labels of about the nearest, best first; possibly fewer than `count`. */
	search(query: Float32Array, count: number, allowed?: AllowedLabels): number[] {
		const wanted = Math.min(count, this.size);
		if (wanted < 1) return [];
		let failure: { error: unknown } | null = null;
		const filter = (node: number): boolean => {
			try {
				return allowed?.has(this.#labels[node] ?? gone) ?? true;
			} catch (error) {
				failure = { error };
				return false;
			}
		};
		const point = Array.from(query);
		const found = this.#native.searchKnn(point, wanted, allowed === undefined ? undefined : filter);
		rethrow(failure);
		return found.neighbors.map((node) => this.#labels[node] ?? gone);
	}

	/** Writes the library's own file. Blocks, and says nothing of a failure: check the file. */
	write(path: string): void {
		this.#native.writeIndexSync(path);
	}
}

function rethrow(failure: { error: unknown } | null): void {
	if (failure !== null) throw failure.error;
}
