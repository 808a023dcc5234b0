/** @file Keeps the best few of many similarities. */
import type { Neighbour } from "./vector-index.ts";

/**
 * A bounded heap with the worst of the kept on top, so that most candidates cost one comparison.
 * Ties go to the lower label: results never depend on the order of insertion.
 */
export class Nearest {
	readonly #count: number;
	readonly #heap: Neighbour[] = [];

	/** @param count how many to keep, at least 0. */
	constructor(count: number) {
		this.#count = count;
	}

	/** What a candidate must reach to be kept; -Infinity until there are `count`. */
	get threshold(): number {
		if (this.#heap.length < this.#count) return Number.NEGATIVE_INFINITY;
		return this.#heap[0]?.similarity ?? Number.POSITIVE_INFINITY;
	}

	offer(label: number, similarity: number): void {
		if (similarity < this.threshold) return;
		const candidate = { label, similarity: Math.max(-1, Math.min(1, similarity)) };
		const heap = this.#heap;
		if (heap.length < this.#count) {
			heap.push(candidate);
			this.#rise(heap.length - 1);
			return;
		}
		const worst = heap[0];
		if (worst === undefined || order(candidate, worst) >= 0) return;
		heap[0] = candidate;
		this.#sink();
	}

	/** The kept, best first. The heap is done with afterwards. */
	take(): Neighbour[] {
		return this.#heap.sort(order);
	}

	#rise(from: number): void {
		let at = from;
		while (at > 0) {
			const parent = (at - 1) >> 1;
			if (!this.#swapIfWorse(at, parent)) return;
			at = parent;
		}
	}

	#sink(): void {
		let at = 0;
		for (;;) {
			const left = 2 * at + 1;
			const right = left + 1;
			const child = this.#isWorse(right, left) ? right : left;
			if (!this.#swapIfWorse(child, at)) return;
			at = child;
		}
	}

	#isWorse(a: number, b: number): boolean {
		const first = this.#heap[a];
		const second = this.#heap[b];
		return first !== undefined && second !== undefined && order(first, second) > 0;
	}

	#swapIfWorse(child: number, parent: number): boolean {
		const lower = this.#heap[child];
		const upper = this.#heap[parent];
		if (lower === undefined || upper === undefined || order(lower, upper) <= 0) return false;
		this.#heap[child] = upper;
		this.#heap[parent] = lower;
		return true;
	}
}

/** Most similar first, then by label. */
export function order(a: Neighbour, b: Neighbour): number {
	return b.similarity - a.similarity || a.label - b.label;
}
