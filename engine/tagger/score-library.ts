/** @file Many labels on many photos, in pieces, so that the engine answers others in between. */
import { setImmediate } from "node:timers/promises";
import type { PhotoId } from "../../contract/ids.ts";
import type { LibraryIndex } from "../index/library-index.ts";
import {
	type LabelDirection,
	type Neutral,
	photosToScore,
	probability,
	scorePhotos,
	sharedOut,
} from "./label-score.ts";

/** Photos at once: some 50 ms with a whole vocabulary. */
const pieceSize = 1000;

/** Labels to score together; `exclusive` holds the columns of each group of which one fits at most. */
export interface LabelColumns {
	labels: readonly LabelDirection[];
	exclusive: readonly (readonly number[])[];
}

/** Scores of some photos. */
export interface ScoredPiece {
	ids: PhotoId[];
	/** Float32 [photos, labels], 0 to 1. */
	confidences: Float32Array;
	/** Photos looked at so far, with these. */
	done: number;
}

/** Photos that have no embedding (any more) are left out. Ends early when the signal says so. */
export async function* scoreLibrary(
	index: LibraryIndex,
	ids: readonly number[],
	columns: LabelColumns,
	neutral: Neutral,
	signal?: AbortSignal,
): AsyncGenerator<ScoredPiece> {
	const count = columns.labels.length;
	for (let first = 0; first < ids.length; first += pieceSize) {
		signal?.throwIfAborted();
		const { labels, vectors } = index.gather(ids.slice(first, first + pieceSize));
		const photos = await photosToScore(vectors, neutral);
		const { similarities, logOdds } = await scorePhotos(photos, columns.labels, neutral);
		const confidences = logOdds.map(probability);
		for (let row = 0; row < labels.length; row++) {
			for (const group of columns.exclusive) {
				const of = (values: Float32Array) => group.map((at) => values[row * count + at] ?? 0);
				const shares = sharedOut(of(similarities), of(logOdds), neutral.logitScale);
				for (const [place, at] of group.entries())
					confidences[row * count + at] = shares[place] ?? 0;
			}
		}
		// The index holds photo ids and nothing else.
		yield { ids: labels as PhotoId[], confidences, done: Math.min(ids.length, first + pieceSize) };
		await setImmediate();
	}
}

/** At most `count` of the labels, spread evenly. */
export function spreadSample(labels: Float64Array, count: number): number[] {
	if (labels.length <= count) return [...labels];
	return Array.from(
		{ length: count },
		(_, at) => labels[Math.floor((at * labels.length) / count)] ?? 0,
	);
}
