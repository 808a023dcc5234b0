/** @file Measures the weights of a search's confidence for a new encoder. */
import type { Calibration } from "../../encoder/model-manifest.ts";
import { innerProduct } from "../../index/similarity-scores.ts";
import {
	type Background,
	backgroundOf,
	expectedMaximum,
	logOddsAmongPrompts,
} from "../../search/calibration/confidence.ts";
import { defaultCalibration } from "../../search/calibration/default-calibration.ts";
import type { SeenPairs } from "./known-pairs.ts";

/** Evidence of one search of which is known whether what was asked for is there. */
interface Trial {
	excess: number;
	logOdds: number;
	present: boolean;
}

/** A phrase this similar to the words says the same and is no rival to them. */
const sameMeaning = 0.7;

/** As in the search itself: the best few photos are asked. */
const askedPhotos = 3;

/**
 * How far the weights may lie from the usual ones, as standard deviations. The evidence is dimensionless
 * and a few dozen photos with plain subjects are easier than a library, so they may move the weights and
 * not replace them.
 */
const freedom = { excess: 0.15, logOdds: 0.05, bias: 0.5 };

/**
 * Logistic regression on searches for the known pairs, once with the photo among the others and once
 * without it, with the usual weights as a Gaussian prior (MAP; Bishop 2006, Pattern Recognition and
 * Machine Learning, section 4.5). The centre is measured outright: the mean similarity of the neutral
 * phrases and the known photos. Queries that are pictures keep the usual weights, which hold no scale.
 * @param logitScale the encoder's, the inverse of its temperature.
 */
export function measureCalibration(seen: SeenPairs, logitScale: number): Calibration {
	const background = backgroundOf(
		seen.pictures.flatMap((picture) =>
			seen.neutral.map((phrase) => innerProduct(picture, 0, phrase)),
		),
	);
	const trials = seen.words.flatMap((words, at) => [
		trial(seen, words, seen.pictures, background, logitScale, true),
		trial(seen, words, seen.pictures.toSpliced(at, 1), background, logitScale, false),
	]);
	const { excess, logOdds, bias } = fitWeights(trials);
	const rounded = (value: number) => Number(value.toFixed(4));
	return {
		text: {
			centre: rounded(background.mean),
			excess: rounded(Math.max(0.05, excess)),
			logOdds: rounded(Math.max(0, logOdds)),
			bias: rounded(bias),
		},
		picture: defaultCalibration.picture,
	};
}

function trial(
	{ neutral }: SeenPairs,
	words: Float32Array,
	photos: readonly Float32Array[],
	background: Background,
	logitScale: number,
	present: boolean,
): Trial {
	const found = photos
		.map((photo) => ({ photo, similarity: innerProduct(photo, 0, words) }))
		.sort((a, b) => b.similarity - a.similarity);
	const best = found[0]?.similarity ?? 0;
	const rivals = neutral.filter((phrase) => innerProduct(phrase, 0, words) < sameMeaning);
	const odds = found.slice(0, askedPhotos).map(({ photo, similarity }) =>
		logOddsAmongPrompts(
			similarity,
			rivals.map((rival) => innerProduct(rival, 0, photo)),
			logitScale,
		),
	);
	return {
		excess: (best - background.mean) / background.spread - expectedMaximum(photos.length),
		logOdds: rivals.length === 0 ? 0 : Math.max(...odds),
		present,
	};
}

/** Gradient ascent on the log posterior, in units of the prior's deviations; it is concave. */
function fitWeights(trials: readonly Trial[]): { excess: number; logOdds: number; bias: number } {
	const prior = defaultCalibration.text;
	const moved = { excess: 0, logOdds: 0, bias: 0 };
	const now = () => ({
		excess: prior.excess + moved.excess * freedom.excess,
		logOdds: prior.logOdds + moved.logOdds * freedom.logOdds,
		bias: prior.bias + moved.bias * freedom.bias,
	});
	// The steepest curvature bounds the step: a quarter of the evidence's squares, and the prior's 1.
	const squares = trials.reduce(
		(sum, { excess, logOdds }) =>
			sum + (excess * freedom.excess) ** 2 + (logOdds * freedom.logOdds) ** 2 + freedom.bias ** 2,
		0,
	);
	const step = 1 / (1 + squares / 4);
	for (let round = 0; round < 2000; round++) {
		const weights = now();
		const rise = { excess: -moved.excess, logOdds: -moved.logOdds, bias: -moved.bias };
		for (const { excess, logOdds, present } of trials) {
			const odds = weights.bias + weights.excess * excess + weights.logOdds * logOdds;
			const error = (present ? 1 : 0) - 1 / (1 + Math.exp(-odds));
			rise.excess += error * excess * freedom.excess;
			rise.logOdds += error * logOdds * freedom.logOdds;
			rise.bias += error * freedom.bias;
		}
		moved.excess += step * rise.excess;
		moved.logOdds += step * rise.logOdds;
		moved.bias += step * rise.bias;
	}
	return now();
}
