/** @file Photos to rank for a text: those that look like it, and those whose words speak of it. */
import type { LibraryIndex } from "../../index/library-index.ts";
import { innerProduct } from "../../index/similarity-scores.ts";
import type { Neighbour } from "../../index/vector-index.ts";
import type { JudgedPhotos } from "../excluding-search.ts";
import type { WordMatches } from "./word-search.ts";

/** What was asked, and what was found by looks. */
export interface LooksAsked {
	/** Float32 [dimensions], unit length. */
	vector: Float32Array;
	neighbours: readonly Neighbour[];
	/** Where something must not be shown: every photo as it was judged. */
	judged: JudgedPhotos | null;
	/** How many hits are wanted. */
	count: number;
}

/** Every photo once, with its similarity as it counts in the ranking. */
export async function wordedNeighbours(
	index: LibraryIndex,
	{ candidates, crowd }: Pick<WordMatches, "candidates" | "crowd">,
	{ vector, neighbours, judged, count }: LooksAsked,
): Promise<Neighbour[]> {
	const found = new Map(neighbours.map((one) => [one.label, one]));
	const add = (others: readonly Neighbour[]) => {
		for (const one of others) if (!found.has(one.label)) found.set(one.label, one);
	};
	add(judged?.those(candidates) ?? similaritiesOf(index, vector, candidates));
	if (crowd !== null) {
		add(judged?.nearest(count, crowd) ?? (await index.search(vector, count, crowd)));
	}
	return [...found.values()];
}

function* vectorsOf(index: LibraryIndex, labels: Iterable<number>) {
	for (const label of labels) {
		const vector = index.vectorOf(label);
		if (vector !== null) yield { label, vector };
	}
}

function similaritiesOf(
	index: LibraryIndex,
	query: Float32Array,
	labels: Iterable<number>,
): Neighbour[] {
	const found: Neighbour[] = [];
	for (const { label, vector } of vectorsOf(index, labels)) {
		found.push({ label, similarity: innerProduct(vector, 0, query) });
	}
	return found;
}
