/**
 * @file What a few yes and no answers add to a label. Each class is a label. Half of its photos may be
 * asked about, the other half is judged; how the halves fall is drawn anew for every repetition.
 */
import type { DualEncoder } from "../engine/encoder/dual-encoder.ts";
import type { NeutralPrompts } from "../engine/search/calibration/neutral-prompts.ts";
import { namePrompts } from "../engine/tagger/label-prompts.ts";
import {
	type LabelDirection,
	type Neutral,
	type PhotosToScore,
	photosToScore,
	phrasesLike,
	scoreLine,
	scorePhotos,
} from "../engine/tagger/label-score.ts";
import { learnFromAnswers } from "../engine/tagger/learn-label.ts";
import type { LabelledSet } from "./photo-set.ts";
import { seededRandom } from "./text-pictures.ts";
import { embedLabel } from "./zero-shot.ts";

const repetitions = 5;
const answerCounts = [0, 1, 2, 4, 8];

export interface FewAnswersFigures {
	/** Yes and no together: half of them yes, rounded up. */
	answers: number;
	/** Percent of judged photos whose class is the first, or among the first five. */
	top1: number;
	top5: number;
	/** How far top1 goes up and down between the repetitions: standard deviation. */
	top1Deviation: number;
}

/**
 * Yes answers are photos of the class drawn at random; no answers are those the label likes best among
 * the rest, as the app asks about them. Photos that may be asked about are never judged.
 */
export async function measureFewAnswers(
	set: LabelledSet,
	photoVectors: readonly Float32Array[],
	encoder: DualEncoder,
	prompts: NeutralPrompts,
): Promise<FewAnswersFigures[]> {
	const { dimensions, logitScale } = encoder.manifest;
	const phrases = await prompts.vectors();
	const neutral: Neutral = {
		vectors: packed(phrases, dimensions),
		count: phrases.length,
		dimensions,
		logitScale,
	};
	const photos = await photosToScore(packed(photoVectors, dimensions), neutral);
	const worded: LabelDirection[] = [];
	for (const name of set.labels) {
		const direction = await embedLabel(name, namePrompts, encoder);
		worded.push({ direction, bias: 0, same: await phrasesLike(direction, neutral) });
	}
	const { logOdds } = await scorePhotos(photos, worded, neutral);
	const classes = set.photos.map(({ label }) => set.labels.indexOf(label));

	const figures: FewAnswersFigures[] = [];
	for (const answers of answerCounts) {
		const rounds: { top1: number; top5: number }[] = [];
		for (let repetition = 0; repetition < repetitions; repetition += 1) {
			const random = seededRandom(repetition + 1);
			const pool = drawHalf(classes, random);
			const learned = worded.map((label, column) => {
				const yes = shuffled(
					[...pool].filter((row) => classes[row] === column),
					random,
				);
				const no = [...pool]
					.filter((row) => classes[row] !== column)
					.sort((a, b) => at(logOdds, b, column) - at(logOdds, a, column) || a - b);
				const asked = [
					...yes.slice(0, Math.ceil(answers / 2)).map((row) => ({ row, fits: true })),
					...no.slice(0, Math.floor(answers / 2)).map((row) => ({ row, fits: false })),
				];
				return learn(label, asked, photos, photoVectors, neutral);
			});
			const scores = (await scorePhotos(photos, learned, neutral)).logOdds;
			const judged = [...classes.keys()].filter((row) => !pool.has(row));
			const ranks = judged.map((row) => {
				const own = at(scores, row, classes[row] ?? 0);
				return learned.filter((_, column) => at(scores, row, column) > own).length;
			});
			const percentBelow = (count: number) =>
				(ranks.filter((rank) => rank < count).length / ranks.length) * 100;
			rounds.push({ top1: percentBelow(1), top5: percentBelow(5) });
		}
		const top1 = mean(rounds.map((round) => round.top1));
		figures.push({
			answers,
			top1,
			top5: mean(rounds.map((round) => round.top5)),
			top1Deviation: Math.sqrt(mean(rounds.map((round) => (round.top1 - top1) ** 2))),
		});
	}
	return figures;

	function at(values: Float32Array, row: number, column: number): number {
		return values[row * worded.length + column] ?? 0;
	}
}

function learn(
	label: LabelDirection,
	asked: readonly { row: number; fits: boolean }[],
	photos: PhotosToScore,
	photoVectors: readonly Float32Array[],
	neutral: Neutral,
): LabelDirection {
	const answered = asked.map(({ row, fits }) => {
		const vector = photoVectors[row];
		if (vector === undefined) throw new Error("An embedding is missing.");
		return { vector, fits, ...scoreLine(photos, row, label, neutral) };
	});
	return { ...label, ...learnFromAnswers(label.direction, answered) };
}

/** Half of the photos of every class. */
function drawHalf(classes: readonly number[], random: () => number): Set<number> {
	const byClass = Map.groupBy(classes.keys(), (row) => classes[row]);
	return new Set(
		[...byClass.values()].flatMap((rows) =>
			shuffled(rows, random).slice(0, Math.floor(rows.length / 2)),
		),
	);
}

/** Fisher and Yates. */
function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
	const mixed = [...items];
	for (let last = mixed.length - 1; last > 0; last -= 1) {
		const other = Math.floor(random() * (last + 1));
		const held = mixed[last];
		const swapped = mixed[other];
		if (held === undefined || swapped === undefined) continue;
		mixed[last] = swapped;
		mixed[other] = held;
	}
	return mixed;
}

function packed(vectors: readonly Float32Array[], dimensions: number): Float32Array {
	const all = new Float32Array(vectors.length * dimensions);
	for (const [row, vector] of vectors.entries()) all.set(vector, row * dimensions);
	return all;
}

function mean(values: readonly number[]): number {
	return values.reduce((sum, value) => sum + value, 0) / values.length;
}
