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
import { sameMeaningAmong } from "../../search/calibration/same-meaning.ts";
import type { SeenPairs } from "./known-pairs.ts";

/** Evidence of one search of which is known whether what was asked for is there. */
interface Trial {
	excess: number;
	logOdds: number;
	present: boolean;
}

/** As in the search itself: the best few photos are asked. */
const askedPhotos = 3;

/**
 * [Note: Easier than a library] The known photos show one plain thing each, so whatever is fitted to them alone is too
 * sure of itself. How much too sure is known from the bundled encoder: its weights were fitted to 1,800 other
 * photos, and the same measuring takes them away from that by `easier`, which is therefore taken off again. A test
 * holds these figures against the bundled encoder's `model.json`.
 */
const bundled = {
	weights: { excess: 0.85, logOdds: 0.18, bias: -0.38 },
	/** Of its centre from the mean of neutral phrases and known photos, in their standard deviations. */
	centre: -0.493,
	easier: { excess: 0.032, logOdds: -0.0036, bias: 0.653 },
};

/**
 * How far the weights may lie from those of the bundled encoder, as standard deviations. The evidence is
 * dimensionless, and a few dozen photos may move the weights and not replace them.
 */
const freedom = { excess: 0.15, logOdds: 0.05, bias: 0.5 };

/**
 * Logistic regression on searches for the known pairs, once with the photo among the others and once
 * without it, with the bundled encoder's weights as a Gaussian prior (MAP; Bishop 2006, Pattern Recognition and
 * Machine Learning, section 4.5). See [Note: Easier than a library]. The centre is measured outright. Queries that
 * are pictures keep the usual weights, which hold no scale.
 * @param logitScale the encoder's, the inverse of its temperature.
 */
export function measureCalibration(seen: SeenPairs, logitScale: number): Calibration {
	const background = backgroundOf(
		seen.pictures.flatMap((picture) =>
			seen.neutral.map((phrase) => innerProduct(picture, 0, phrase)),
		),
	);
	const sameMeaning = sameMeaningAmong(seen.neutral);
	const trials = seen.words.flatMap((words, at) => {
		const rivals = seen.neutral.filter((phrase) => innerProduct(phrase, 0, words) < sameMeaning);
		const asked = { words, rivals, background, logitScale };
		return [trial(asked, seen.pictures, true), trial(asked, seen.pictures.toSpliced(at, 1), false)];
	});
	const fitted = fitWeights(trials);
	const { easier } = bundled;
	const rounded = (value: number) => Number(value.toFixed(4));
	return {
		text: {
			centre: rounded(background.mean + bundled.centre * background.spread),
			excess: rounded(Math.max(0.05, fitted.excess - easier.excess)),
			logOdds: rounded(Math.max(0, fitted.logOdds - easier.logOdds)),
			bias: rounded(fitted.bias - easier.bias),
		},
		picture: defaultCalibration.picture,
	};
}

/** What is asked of the known photos. */
interface Asked {
	words: Float32Array;
	/** Neutral phrases that say something else. */
	rivals: readonly Float32Array[];
	background: Background;
	logitScale: number;
}

function trial(
	{ words, rivals, background, logitScale }: Asked,
	photos: readonly Float32Array[],
	present: boolean,
): Trial {
	const found = photos
		.map((photo) => ({ photo, similarity: innerProduct(photo, 0, words) }))
		.sort((a, b) => b.similarity - a.similarity);
	const best = found[0]?.similarity ?? 0;
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
	const prior = bundled.weights;
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
