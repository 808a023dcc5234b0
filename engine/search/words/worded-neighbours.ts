/** @file Photos to rank for a text: those that look like it, and those whose words speak of it. */
import type { LibraryIndex } from "../../index/library-index.ts";
import { innerProduct } from "../../index/similarity-scores.ts";
import type { Neighbour } from "../../index/vector-index.ts";
import { type JudgedNeighbours, searchExcluding } from "../excluding-search.ts";
import type { WordMatches } from "./word-search.ts";

/** What was asked, and what was found by looks. */
export interface LooksAsked {
	/** Float32 [dimensions], unit length. */
	vector: Float32Array;
	/** Float32 [dimensions] each: what must not be shown. */
	unwanted: readonly Float32Array[];
	neighbours: readonly Neighbour[];
	/** Where something must not be shown: as it was judged, candidates too. */
	judged: JudgedNeighbours | null;
	/** How many hits are wanted. */
	count: number;
}

/** Every photo once, with its similarity as it counts in the ranking. */
export async function wordedNeighbours(
	index: LibraryIndex,
	matches: WordMatches,
	asked: LooksAsked,
): Promise<{ found: Neighbour[]; cosines: ReadonlyMap<number, number> }> {
	const found = new Map(asked.neighbours.map((one) => [one.label, one]));
	const cosines = new Map(asked.judged?.cosines);
	const add = (neighbours: readonly Neighbour[]) => {
		for (const one of neighbours) if (!found.has(one.label)) found.set(one.label, one);
	};
	if (asked.judged !== null) add(asked.judged.besides);
	else add(similaritiesOf(index, asked.vector, matches.candidates));
	if (matches.crowd !== null) {
		const { vector, unwanted, count } = asked;
		if (unwanted.length === 0) add(await index.search(vector, count, matches.crowd));
		else {
			const judged = await searchExcluding(index, vector, unwanted, count, matches.crowd);
			add(judged.neighbours);
			for (const [label, cosine] of judged.cosines) cosines.set(label, cosine);
		}
	}
	return { found: [...found.values()], cosines };
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
