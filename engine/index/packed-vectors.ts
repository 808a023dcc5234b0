/** @file Labelled vectors side by side in one buffer. */

/** Capacity grows by half, which keeps both copying and unused memory small. */
const growth = 1.5;
const leastCapacity = 64;

/** The rows have no order: removing moves the last row into the gap. */
export class PackedVectors {
	readonly dimensions: number;
	readonly #rows = new Map<number, number>();
	#labels = new Float64Array(0);
	#matrix = new Float32Array(0);
	#removals = 0;

	constructor(dimensions: number) {
		this.dimensions = dimensions;
	}

	get size(): number {
		return this.#rows.size;
	}

	/** Raised by every removal, the only change after which a row may hold another label. */
	get removals(): number {
		return this.#removals;
	}

	/** Float32 [size, dimensions]: a view, valid until the next change. */
	get matrix(): Float32Array {
		return this.#matrix.subarray(0, this.size * this.dimensions);
	}

	/** Float64 [size], the label of each row: a view, valid until the next change. */
	get labels(): Float64Array {
		return this.#labels.subarray(0, this.size);
	}

	/** Undefined for an unknown label. */
	rowOf(label: number): number | undefined {
		return this.#rows.get(label);
	}

	/** Float32 [dimensions]: a copy; null for an unknown label. */
	vectorOf(label: number): Float32Array | null {
		const row = this.#rows.get(label);
		if (row === undefined) return null;
		return this.#matrix.slice(row * this.dimensions, (row + 1) * this.dimensions);
	}

	/** The vectors of those labels that are known, side by side: Float32 [labels, dimensions], copied. */
	gather(wanted: Iterable<number>): { labels: number[]; vectors: Float32Array } {
		const labels = [...wanted].filter((label) => this.#rows.has(label));
		const vectors = new Float32Array(labels.length * this.dimensions);
		for (const [at, label] of labels.entries()) {
			const start = (this.#rows.get(label) ?? 0) * this.dimensions;
			vectors.set(this.#matrix.subarray(start, start + this.dimensions), at * this.dimensions);
		}
		return { labels, vectors };
	}

	/** @throws RangeError on a wrong length, a number that is not finite, or an impossible label. */
	set(label: number, vector: Float32Array): void {
		if (vector.length !== this.dimensions) {
			throw new RangeError(
				`A vector of ${vector.length} numbers does not fit an index of ${this.dimensions}.`,
			);
		}
		if (!Number.isSafeInteger(label) || label < 0) {
			throw new RangeError(`${label} cannot be a label: labels are whole numbers from 0.`);
		}
		// One comparison a vector: any NaN or infinity makes the sum of squares not finite.
		let sum = 0;
		for (const value of vector) sum += value * value;
		if (!Number.isFinite(sum)) throw new RangeError(`The vector of ${label} is not finite.`);
		const row = this.#rows.get(label) ?? this.#append(label);
		this.#matrix.set(vector, row * this.dimensions);
	}

	/** Returns false when there was nothing to remove. */
	remove(label: number): boolean {
		const row = this.#rows.get(label);
		if (row === undefined) return false;
		const last = this.size - 1;
		const lastLabel = this.#labels[last] ?? label;
		this.#matrix.copyWithin(
			row * this.dimensions,
			last * this.dimensions,
			(last + 1) * this.dimensions,
		);
		this.#labels[row] = lastLabel;
		this.#rows.set(lastLabel, row);
		this.#rows.delete(label);
		this.#removals++;
		return true;
	}

	/** Makes room for `count` vectors in all, so that many can be added without copying. */
	reserve(count: number): void {
		if (count <= this.#labels.length) return;
		const labels = new Float64Array(count);
		labels.set(this.labels);
		const matrix = new Float32Array(count * this.dimensions);
		matrix.set(this.matrix);
		this.#labels = labels;
		this.#matrix = matrix;
	}

	clear(): void {
		this.#rows.clear();
		this.#labels = new Float64Array(0);
		this.#matrix = new Float32Array(0);
		this.#removals++;
	}

	#append(label: number): number {
		const row = this.size;
		if (row === this.#labels.length) {
			this.reserve(Math.max(leastCapacity, Math.ceil(row * growth)));
		}
		this.#labels[row] = label;
		this.#rows.set(label, row);
		return row;
	}
}
