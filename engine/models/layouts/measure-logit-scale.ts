/** @file Measures the temperature a new encoder was trained with. */
import { innerProduct } from "../../index/similarity-scores.ts";
import { sameMeaningAmong } from "../../search/calibration/same-meaning.ts";
import type { SeenPairs } from "./known-pairs.ts";

/** Beyond these no encoder was trained; CLIP's own limit is 100 (arXiv:2103.00020, section 2.5). */
const least = 5;
const most = 100;

/**
 * The inverse temperature under which each known photo most likely chooses its own words among all others
 * and the neutral phrases: temperature scaling (Guo et al. 2017, arXiv:1706.04599). An export keeps the
 * trained value inside its graph or not at all. For the bundled encoder, trained at 22, this gives 22.
 */
export function measureLogitScale(seen: SeenPairs): number {
	const sameMeaning = sameMeaningAmong(seen.neutral);
	const choices = seen.pictures.flatMap((picture, at) => {
		const own = seen.words[at];
		if (own === undefined) return [];
		const rivals = [...seen.words.toSpliced(at, 1), ...seen.neutral].filter(
			(phrase) => innerProduct(phrase, 0, own) < sameMeaning,
		);
		const similarity = innerProduct(picture, 0, own);
		return [rivals.map((rival) => innerProduct(rival, 0, picture) - similarity)];
	});
	const likelihood = (scale: number) =>
		choices.reduce(
			(sum, lead) =>
				sum - Math.log1p(lead.reduce((total, one) => total + Math.exp(scale * one), 0)),
			0,
		);
	// The log likelihood is concave in the scale, so halving by thirds closes in on its maximum.
	let [low, high] = [least, most];
	while (high - low > 0.05) {
		const third = (high - low) / 3;
		if (likelihood(low + third) < likelihood(high - third)) low += third;
		else high -= third;
	}
	return Number(((low + high) / 2).toFixed(1));
}
