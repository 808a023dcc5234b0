/** @file Where a picture's own words come among all of them, by views that drawing did not use. */
import type { DualEncoder } from "../../engine/encoder/dual-encoder.ts";
import { cosineSimilarity } from "../embed-photos.ts";
import { freshViews } from "./fresh-views.ts";

export interface RankFigures {
	pictures: number;
	/** Share of pictures whose own words come first, and among the first five. */
	first: number;
	firstFive: number;
	/** Mean over pictures of one over the place of their own words. */
	meanReciprocalRank: number;
	similarityToOwn: number;
	similarityToOthers: number;
	/** Words whose picture they do not come among the first five for. */
	missed: string[];
}

/** @param paths one picture for each of `texts`, in their order; null where there is none */
export async function rankOwnWords(
	paths: readonly (string | null)[],
	texts: readonly string[],
	encoder: DualEncoder,
): Promise<RankFigures> {
	const vectors = (await encoder.embedTexts(texts)).map(({ vector }) => vector);
	const ranks: number[] = [];
	const own: number[] = [];
	const others: number[] = [];
	const missed: string[] = [];
	for (const [at, path] of paths.entries()) {
		if (path === null) continue;
		const [, ...views] = await encoder.embedPictures(await freshViews(path, at));
		const similarities = vectors.map((vector) =>
			mean(views.map((view) => cosineSimilarity(view, vector))),
		);
		const ownSimilarity = similarities[at] ?? -1;
		const rank = 1 + similarities.filter((value) => value > ownSimilarity).length;
		ranks.push(rank);
		own.push(ownSimilarity);
		others.push(mean(similarities.filter((_, place) => place !== at)));
		if (rank > 5) missed.push(texts[at] ?? "");
	}
	return {
		pictures: ranks.length,
		first: mean(ranks.map((rank) => (rank === 1 ? 1 : 0))),
		firstFive: mean(ranks.map((rank) => (rank <= 5 ? 1 : 0))),
		meanReciprocalRank: mean(ranks.map((rank) => 1 / rank)),
		similarityToOwn: mean(own),
		similarityToOthers: mean(others),
		missed,
	};
}

export const mean = (values: readonly number[]): number =>
	values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
