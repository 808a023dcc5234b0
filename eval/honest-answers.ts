/**
 * @file Honest answers: does the confidence tell queries whose photos are in the library from those
 * whose photos are not, and does it do so better than one similarity for all?
 */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultStrictness } from "../contract/search.ts";
import type { DualEncoder } from "../engine/encoder/dual-encoder.ts";
import { LibraryIndex } from "../engine/index/library-index.ts";
import { Calibrator } from "../engine/search/calibration/calibrator.ts";
import { confidenceAt } from "../engine/search/calibration/confidence.ts";
import type { NeutralPrompts } from "../engine/search/calibration/neutral-prompts.ts";
import type { Trial } from "./honest-trials.ts";

/** Fewer queries of a library size say nothing about it. */
const leastQueries = 40;

/** What was found for one query. */
interface Judged {
	kind: string;
	librarySize: number;
	present: boolean;
	confidence: number;
	similarity: number;
}

export interface HonestFigures {
	queries: { present: number; absent: number };
	/** Chance that a present query's confidence is above an absent one's. */
	auc: number;
	/** Shares at the shipped strictness. */
	presentKept: number;
	absentRefused: number;
	/** One similarity for all queries and libraries, chosen with the answers known. */
	constantCutOff: {
		auc: number;
		/** Of the cut-off that keeps as many of the present. */
		absentRefusedAtSameKept: number;
		/** Of the cut-off with the greatest mean of kept and refused. */
		best: { similarity: number; presentKept: number; absentRefused: number };
	};
}

/** Asks every trial through the app's own index and calibrator; grouped by kind and library size. */
export async function measureHonestAnswers(
	trials: readonly Trial[],
	encoder: DualEncoder,
	prompts: NeutralPrompts,
) {
	const judged: Judged[] = [];
	for (const trial of trials) judged.push(...(await judge(trial, encoder, prompts)));
	const present = judged.filter((answer) => answer.present);
	const kinds = new Set(judged.filter((answer) => !answer.present).map(({ kind }) => kind));
	const sizes = [...new Set(judged.map(({ librarySize }) => librarySize))].filter((size) =>
		[true, false].every(
			(there) =>
				judged.filter((one) => one.librarySize === size && one.present === there).length >=
				leastQueries,
		),
	);
	return {
		strictness: defaultStrictness,
		/** Against all that is present, by what is absent. */
		byAbsent: Object.fromEntries(
			[...kinds].map((kind) => [
				kind,
				figuresOf([...present, ...judged.filter((one) => !one.present && one.kind === kind)]),
			]),
		),
		/** At the shipped strictness, all kinds of absent together; sizes with enough of both. */
		byLibrarySize: Object.fromEntries(
			sizes.map((size) => [
				size,
				sharesAt(judged.filter(({ librarySize }) => librarySize === size)),
			]),
		),
	};
}

async function judge(
	trial: Trial,
	encoder: DualEncoder,
	prompts: NeutralPrompts,
): Promise<Judged[]> {
	const index = new LibraryIndex({
		space: { encoderKey: encoder.key, dimensions: encoder.manifest.dimensions },
		folderPath: join(tmpdir(), "never-written"),
	});
	for (const [label, vector] of trial.photos.entries()) index.set(label, vector);
	const calibrator = new Calibrator(index, encoder.manifest, prompts);
	const answers: Judged[] = [];
	for (const { vector, present, kind } of trial.queries) {
		const neighbours = await index.search(vector, 10);
		const curve = await calibrator.forText({ vector, neighbours, searched: index.size });
		if (curve === null) continue;
		const confidence = confidenceAt(curve, curve.best);
		const librarySize = trial.photos.length;
		answers.push({ kind, present, librarySize, confidence, similarity: curve.best });
	}
	index.close();
	return answers;
}

function sharesAt(judged: readonly Judged[]) {
	const present = judged.filter((answer) => answer.present);
	const absent = judged.filter((answer) => !answer.present);
	const kept = (answer: Judged) => answer.confidence >= defaultStrictness;
	return {
		presentKept: present.filter(kept).length / present.length,
		absentRefused: absent.filter((answer) => !kept(answer)).length / absent.length,
	};
}

function figuresOf(judged: readonly Judged[]): HonestFigures {
	const present = judged.filter((answer) => answer.present);
	const absent = judged.filter((answer) => !answer.present);
	const shares = sharesAt(judged);
	const similarities = present.map(({ similarity }) => similarity).sort((a, b) => b - a);
	const sameKept = similarities[Math.round(shares.presentKept * present.length) - 1] ?? 1;
	const cut = (similarity: number) => ({
		similarity,
		presentKept: similarities.filter((one) => one >= similarity).length / present.length,
		absentRefused: absent.filter((one) => one.similarity < similarity).length / absent.length,
	});
	const best = Array.from({ length: 101 }, (_, percent) => cut(percent / 100)).reduce(
		(one, other) =>
			one.presentKept + one.absentRefused >= other.presentKept + other.absentRefused ? one : other,
	);
	return {
		queries: { present: present.length, absent: absent.length },
		auc: areaUnderCurve(present, absent, (answer) => answer.confidence),
		...shares,
		constantCutOff: {
			auc: areaUnderCurve(present, absent, (answer) => answer.similarity),
			absentRefusedAtSameKept: cut(sameKept).absentRefused,
			best,
		},
	};
}

/** By counting pairs, ties as a half (Mann and Whitney 1947). */
function areaUnderCurve(
	present: readonly Judged[],
	absent: readonly Judged[],
	score: (answer: Judged) => number,
): number {
	let above = 0;
	for (const one of present) {
		for (const other of absent) {
			const difference = score(one) - score(other);
			above += difference > 0 ? 1 : difference === 0 ? 0.5 : 0;
		}
	}
	return above / (present.length * absent.length);
}
