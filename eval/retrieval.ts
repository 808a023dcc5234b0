/** @file Text-to-image retrieval: how often a caption finds its own photo. */
import type { DualEncoder } from "../engine/encoder/dual-encoder.ts";
import { cosineSimilarity } from "./embed-photos.ts";
import type { CaptionedSet } from "./photo-set.ts";

export interface RetrievalFigures {
	photos: number;
	queries: number;
	/** Percent of captions whose photo is among the first 1, 5, 10. */
	recallAt1: number;
	recallAt5: number;
	recallAt10: number;
	meanRank: number;
}

/** Ranks every photo of the set for every caption (CLIP, arXiv:2103.00020, section 3.1). */
export async function measureRetrieval(
	set: CaptionedSet,
	photoVectors: readonly Float32Array[],
	encoder: DualEncoder,
): Promise<RetrievalFigures> {
	const queries = set.photos.flatMap(({ captions }, photo) =>
		captions.map((caption) => ({ caption, photo })),
	);
	const texts = await encoder.embedTexts(queries.map(({ caption }) => caption));
	const ranks = queries.map(({ photo }, query) => {
		const text = texts[query];
		const own = photoVectors[photo];
		if (text === undefined || own === undefined) throw new Error("An embedding is missing.");
		const ownSimilarity = cosineSimilarity(text.vector, own);
		return photoVectors.filter((other) => cosineSimilarity(text.vector, other) > ownSimilarity)
			.length;
	});
	return {
		photos: set.photos.length,
		queries: queries.length,
		recallAt1: percentBelow(ranks, 1),
		recallAt5: percentBelow(ranks, 5),
		recallAt10: percentBelow(ranks, 10),
		meanRank: 1 + ranks.reduce((sum, rank) => sum + rank, 0) / ranks.length,
	};
}

function percentBelow(ranks: readonly number[], count: number): number {
	return (ranks.filter((rank) => rank < count).length / ranks.length) * 100;
}
