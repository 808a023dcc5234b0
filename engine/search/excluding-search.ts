/** @file Neighbours of a query among photos that should not show something. */
import type { LibraryIndex } from "../index/library-index.ts";
import { Nearest } from "../index/nearest.ts";
import type { AllowedLabels, Neighbour } from "../index/vector-index.ts";
import { lowerExcluded, showsExcluded } from "./exclusion.ts";

export interface JudgedNeighbours {
	/** Best first; `similarity` is what is left of it after what was excluded. */
	neighbours: Neighbour[];
	/** Those that were to be judged too and are not among the neighbours, in no order. */
	besides: Neighbour[];
	/** The plain cosine similarity of each of them. */
	cosines: Map<number, number>;
}

/**
 * At most `count` neighbours; only labels in `allowed` when it is given. Looks at every vector.
 * @param besides labels to judge however far they are.
 */
export async function searchExcluding(
	index: LibraryIndex,
	vector: Float32Array,
	unwanted: readonly Float32Array[],
	count: number,
	allowed?: AllowedLabels,
	besides: ReadonlySet<number> = new Set(),
): Promise<JudgedNeighbours> {
	const { labels, similarities } = await index.similarities(vector);
	const lowered = lowerExcluded(similarities, await similaritiesTo(index, unwanted, labels));
	const nearest = new Nearest(count);
	for (const [row, label] of labels.entries()) {
		if (allowed === undefined || allowed.has(label)) nearest.offer(label, lowered[row] ?? 0);
	}
	const neighbours = nearest.take();
	const wanted = new Set(neighbours.map(({ label }) => label));
	const cosines = new Map<number, number>();
	const judgedToo: Neighbour[] = [];
	for (const [row, label] of labels.entries()) {
		const isNear = wanted.has(label);
		if (!isNear && !besides.has(label)) continue;
		if (!isNear) judgedToo.push({ label, similarity: lowered[row] ?? 0 });
		cosines.set(label, similarities[row] ?? 0);
	}
	return { neighbours, besides: judgedToo, cosines };
}

/** Labels of photos that show something unwanted. */
export async function labelsShowing(
	index: LibraryIndex,
	unwanted: readonly Float32Array[],
): Promise<Set<number>> {
	const [first] = unwanted;
	if (first === undefined) return new Set();
	const { labels } = await index.similarities(first);
	const shows = showsExcluded(labels.length, await similaritiesTo(index, unwanted, labels));
	return new Set(labels.filter((_, row) => shows[row] === 1));
}

/** Float32 [labels] for each vector, in the order of `labels`; 0 for what left the index meanwhile. */
async function similaritiesTo(
	index: LibraryIndex,
	vectors: readonly Float32Array[],
	labels: Float64Array,
): Promise<Float32Array[]> {
	const all: Float32Array[] = [];
	for (const vector of vectors) {
		const found = await index.similarities(vector);
		const same =
			found.labels.length === labels.length &&
			found.labels.every((label, row) => label === labels[row]);
		if (same) {
			all.push(found.similarities);
			continue;
		}
		const rows = new Map([...found.labels].map((label, row) => [label, row]));
		all.push(Float32Array.from(labels, (label) => found.similarities[rows.get(label) ?? -1] ?? 0));
	}
	return all;
}
