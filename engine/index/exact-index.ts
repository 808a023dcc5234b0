/** @file The index that looks at every vector: always right, and fast enough for most libraries. */
import { readIndexFile, writeIndexFile } from "./index-file.ts";
import { Nearest } from "./nearest.ts";
import { PackedVectors } from "./packed-vectors.ts";
import { innerProduct, similarityColumns, similarityScores } from "./similarity-scores.ts";
import type { AllowedLabels, Neighbour, VectorIndex, VectorSpace } from "./vector-index.ts";

/** Fewer allowed labels than this share are cheaper one by one than in the matrix product. */
const selectiveShare = 1 / 8;

/** More than the rounding of a float32 inner product of unit vectors with a thousand numbers. */
const mostRounding = 1e-5;

/** How often a search starts again because vectors were removed meanwhile. */
const attempts = 3;

export class ExactIndex implements VectorIndex {
	readonly kind = "exact";
	readonly space: VectorSpace;
	readonly #vectors: PackedVectors;

	constructor(space: VectorSpace) {
		this.space = space;
		this.#vectors = new PackedVectors(space.dimensions);
	}

	/** @throws IndexFileError when the file is of no use for this space. */
	static async load(filePath: string, space: VectorSpace): Promise<ExactIndex> {
		const file = await readIndexFile(filePath, space);
		const index = new ExactIndex(space);
		index.reserve(file.labels.length);
		for (const [row, label] of file.labels.entries()) {
			const start = row * space.dimensions;
			index.set(label, file.vectors.subarray(start, start + space.dimensions));
		}
		return index;
	}

	get size(): number {
		return this.#vectors.size;
	}

	has(label: number): boolean {
		return this.#vectors.rowOf(label) !== undefined;
	}

	/** Float32 [dimensions]: a copy; null for an unknown label. */
	vectorOf(label: number): Float32Array | null {
		return this.#vectors.vectorOf(label);
	}

	/** The vectors of those of the labels that are here: Float32 [labels, dimensions], copied. */
	gather(wanted: Iterable<number>): { labels: number[]; vectors: Float32Array } {
		return this.#vectors.gather(wanted);
	}

	/** The labels as they are now: a copy. */
	labels(): Float64Array {
		return this.#vectors.labels.slice();
	}

	/** Makes room for `count` vectors in all. */
	reserve(count: number): void {
		this.#vectors.reserve(count);
	}

	set(label: number, vector: Float32Array): void {
		this.#vectors.set(label, vector);
	}

	remove(label: number): boolean {
		return this.#vectors.remove(label);
	}

	async search(query: Float32Array, count: number, allowed?: AllowedLabels): Promise<Neighbour[]> {
		this.#check(query);
		if (!(count > 0) || this.size === 0 || allowed?.size === 0) return [];
		if (allowed !== undefined && allowed.size < this.size * selectiveShare) {
			return this.searchAmong(query, count, allowed);
		}
		for (let attempt = 0; attempt < attempts; attempt++) {
			const { removals } = this.#vectors;
			const scores = await similarityScores(this.#vectors.matrix, query);
			if (removals === this.#vectors.removals) return this.#select(scores, query, count, allowed);
		}
		return this.searchAmong(query, count, allowed ?? new Set(this.#vectors.labels));
	}

	/** Computes the similarities of the allowed alone, one by one; labels it does not hold are skipped. */
	searchAmong(query: Float32Array, count: number, allowed: AllowedLabels): Neighbour[] {
		const nearest = new Nearest(Math.min(count, allowed.size));
		const { matrix } = this.#vectors;
		for (const label of allowed) {
			const row = this.#vectors.rowOf(label);
			if (row === undefined) continue;
			nearest.offer(label, innerProduct(matrix, row * this.space.dimensions, query));
		}
		return nearest.take();
	}

	/**
	 * The similarity of every vector, for judging a query against the whole library.
	 * @returns Float64 [size] labels and Float32 [size] similarities, in no particular order.
	 */
	async similarities(
		query: Float32Array,
	): Promise<{ labels: Float64Array; similarities: Float32Array }> {
		const { labels, columns } = await this.similaritiesToAll([query]);
		return { labels, similarities: columns[0] ?? new Float32Array(labels.length) };
	}

	/**
	 * As `similarities` for several queries, all in the same order of labels.
	 * @returns Float64 [size] labels, and Float32 [size] similarities for each query.
	 */
	async similaritiesToAll(
		queries: readonly Float32Array[],
	): Promise<{ labels: Float64Array; columns: Float32Array[] }> {
		for (const query of queries) this.#check(query);
		const labels = this.labels();
		const { matrix, removals } = this.#vectors;
		const columns = await similarityColumns(matrix, queries);
		if (removals === this.#vectors.removals) return { labels, columns };
		// Removed from meanwhile: computed again in one go, which nothing can interrupt.
		const now = this.labels();
		return {
			labels: now,
			columns: queries.map((query) =>
				Float32Array.from(now, (_, row) =>
					innerProduct(this.#vectors.matrix, row * this.space.dimensions, query),
				),
			),
		};
	}

	/** @param element float16 halves the file and changes similarities by about 0.0002. */
	async save(filePath: string, element: "float32" | "float16" = "float32"): Promise<void> {
		const { encoderKey, dimensions } = this.space;
		const labels = this.#vectors.labels.slice();
		const vectors = this.#vectors.matrix.slice();
		const header = { kind: "exact" as const, encoderKey, dimensions, count: labels.length };
		await writeIndexFile(filePath, {
			header: { ...header, element, graph: null },
			labels,
			vectors,
		});
	}

	close(): void {
		this.#vectors.clear();
	}

	/**
	 * The matrix product adds a row's numbers in an order that depends on where the row lies, so equal
	 * vectors can differ in the last digits. It only finds the candidates; they are compared anew.
	 */
	#select(
		scores: Float32Array,
		query: Float32Array,
		count: number,
		allowed?: AllowedLabels,
	): Neighbour[] {
		const wanted = Math.min(count, scores.length);
		const { labels, matrix } = this.#vectors;
		const rough = new Nearest(wanted);
		let { threshold } = rough;
		for (let row = 0; row < scores.length; row++) {
			const score = scores[row] ?? 0;
			if (score < threshold) continue;
			const label = labels[row] ?? 0;
			if (allowed !== undefined && !allowed.has(label)) continue;
			rough.offer(label, score);
			threshold = rough.threshold;
		}
		const nearest = new Nearest(wanted);
		const lowest = threshold - mostRounding;
		for (let row = 0; row < scores.length; row++) {
			if ((scores[row] ?? 0) < lowest) continue;
			const label = labels[row] ?? 0;
			if (allowed !== undefined && !allowed.has(label)) continue;
			nearest.offer(label, innerProduct(matrix, row * this.space.dimensions, query));
		}
		return nearest.take();
	}

	#check(query: Float32Array): void {
		if (query.length !== this.space.dimensions) {
			throw new RangeError(
				`A query of ${query.length} numbers does not fit an index of ${this.space.dimensions}.`,
			);
		}
	}
}
