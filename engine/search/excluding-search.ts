/** @file Neighbours of a query among photos that should not show something. */
import type { LibraryIndex } from "../index/library-index.ts";
import { Nearest } from "../index/nearest.ts";
import type { AllowedLabels, Neighbour } from "../index/vector-index.ts";
import { lowerExcluded, showsExcluded, type Unwanted } from "./exclusion.ts";

/** Every photo of the library as it was judged once, for all that a search asks of them. */
export class JudgedPhotos {
	readonly #labels: Float64Array;
	readonly #similarities: Float32Array;
	readonly #lowered: Float32Array;

	private constructor(labels: Float64Array, similarities: Float32Array, lowered: Float32Array) {
		this.#labels = labels;
		this.#similarities = similarities;
		this.#lowered = lowered;
	}

	/** Looks at every vector. @param query Float32 [dimensions], unit length. */
	static async of(
		index: LibraryIndex,
		query: Float32Array,
		unwanted: readonly Unwanted[],
	): Promise<JudgedPhotos> {
		const vectors = [query, ...unwanted.map(({ vector }) => vector)];
		const { labels, columns } = await index.similaritiesToAll(vectors);
		const [similarities = new Float32Array(labels.length), ...others] = columns;
		return new JudgedPhotos(
			labels,
			similarities,
			lowerExcluded(similarities, scoresOf(unwanted, others)),
		);
	}

	/**
	 * At most `count`, best first; only labels in `allowed` when it is given. Their `similarity` is what
	 * is left of it after what was excluded.
	 */
	nearest(count: number, allowed?: AllowedLabels): Neighbour[] {
		const nearest = new Nearest(count);
		let { threshold } = nearest;
		for (let row = 0; row < this.#labels.length; row += 1) {
			const similarity = this.#lowered[row] ?? 0;
			if (similarity < threshold) continue;
			const label = this.#labels[row] ?? 0;
			if (allowed !== undefined && !allowed.has(label)) continue;
			nearest.offer(label, similarity);
			({ threshold } = nearest);
		}
		return nearest.take();
	}

	/** These photos, however far they are, in no order. */
	those(wanted: ReadonlySet<number>): Neighbour[] {
		return [...this.#rowsOf(wanted)].map(([label, row]) => ({
			label,
			similarity: this.#lowered[row] ?? 0,
		}));
	}

	/** The plain cosine similarity of each of these. */
	cosines(wanted: ReadonlySet<number>): Map<number, number> {
		return new Map(
			[...this.#rowsOf(wanted)].map(([label, row]) => [label, this.#similarities[row] ?? 0]),
		);
	}

	*#rowsOf(wanted: ReadonlySet<number>): Generator<[label: number, row: number]> {
		if (wanted.size === 0) return;
		for (let row = 0; row < this.#labels.length; row += 1) {
			const label = this.#labels[row] ?? 0;
			if (wanted.has(label)) yield [label, row];
		}
	}
}

/** Labels of photos that show something unwanted. */
export async function labelsShowing(
	index: LibraryIndex,
	unwanted: readonly Unwanted[],
): Promise<Set<number>> {
	if (unwanted.length === 0) return new Set();
	const { labels, columns } = await index.similaritiesToAll(unwanted.map(({ vector }) => vector));
	const shows = showsExcluded(labels.length, scoresOf(unwanted, columns));
	return new Set(labels.filter((_, row) => shows[row] === 1));
}

function scoresOf(unwanted: readonly Unwanted[], columns: readonly Float32Array[]) {
	return unwanted.map(({ cost }, at) => {
		const similarities = columns[at];
		if (similarities === undefined) throw new Error("Something unwanted was not compared.");
		return { similarities, cost };
	});
}
