/**
 * @file Words and pictures together: does an example photo help words, and do judged hits? The weights
 * were chosen on the first half of each, and are reported on the second.
 */
import type { DualEncoder } from "../engine/encoder/dual-encoder.ts";
import type { NeutralPrompts } from "../engine/search/calibration/neutral-prompts.ts";
import { weights } from "../engine/search/examples/query-composer.ts";
import { measureComposedAnswers } from "./composed-answers.ts";
import { ComposedLibrary } from "./composed-library.ts";
import { names, things } from "./exclusion.ts";
import { measureJudging, measureUnlike } from "./judged-hits.ts";
import type { CaptionedSet, LabelledSet } from "./photo-set.ts";

/** One thing that photos show, and which do. */
export interface Subject {
	/** Float32 [dimensions], unit length: its name. */
	words: Float32Array;
	shows: boolean[];
	/** Places of the photos that do. */
	photos: number[];
}

/** An example photo beside words, and which photos are right. */
interface Trial {
	words: Float32Array;
	example: number;
	isRight(photo: number): boolean;
}

const leastPhotos = 5;
const examplesOfEach = 4;

export async function measureComposition(
	set: CaptionedSet | LabelledSet,
	vectors: readonly Float32Array[],
	encoder: DualEncoder,
	prompts: NeutralPrompts,
) {
	const library = new ComposedLibrary(vectors, encoder, prompts);
	const subjects = await subjectsOf(set, encoder);
	const captioned = set.kind === "captions";
	return {
		/** "like this dog, but in the snow": an example of one thing and the word for another; right shows both. */
		...(captioned ? { combined: await inHalves(combinedTrials(subjects), library) } : {}),
		/** An example of what the words name. */
		same: await inHalves(sameTrials(subjects), library),
		judged: await measureJudging(subjects, library),
		...(captioned ? { unlike: await measureUnlike(subjects, library) } : {}),
		answers: await measureComposedAnswers(subjects, vectors, encoder, prompts),
	};
}

async function subjectsOf(
	set: CaptionedSet | LabelledSet,
	encoder: DualEncoder,
): Promise<Subject[]> {
	const names = set.kind === "captions" ? things : set.labels;
	const texts = await encoder.embedTexts(names);
	const showing = showingOf(set);
	return names.flatMap((name, at): Subject[] => {
		const text = texts[at];
		if (text === undefined) throw new Error("An embedding is missing.");
		const shows = showing(name);
		const photos = [...shows.keys()].filter((photo) => shows[photo]);
		return photos.length < leastPhotos ? [] : [{ words: text.vector, shows, photos }];
	});
}

function showingOf(set: CaptionedSet | LabelledSet): (name: string) => boolean[] {
	if (set.kind === "labels") return (name) => set.photos.map(({ label }) => label === name);
	const texts = set.photos.map(({ captions }) => captions.join(" ").toLowerCase());
	return (name) => texts.map((text) => names(text, name));
}

function sameTrials(subjects: readonly Subject[]): Trial[] {
	return subjects.flatMap(({ words, shows, photos }) =>
		spread(photos, examplesOfEach).map((example) => ({
			words,
			example,
			isRight: (photo: number) => shows[photo] === true,
		})),
	);
}

/** The example shows the one and not the other; both are seldom seen together. */
function combinedTrials(subjects: readonly Subject[]): Trial[] {
	return subjects.flatMap((one) =>
		subjects.flatMap((other): Trial[] => {
			const isRight = (photo: number) => one.shows[photo] === true && other.shows[photo] === true;
			const both = one.photos.filter(isRight).length;
			const alone = one.photos.filter((photo) => !isRight(photo));
			const usable = both >= leastPhotos && alone.length >= leastPhotos;
			if (one === other || !usable || both > one.photos.length / 2) return [];
			return spread(alone, 2).map((example) => ({ words: other.words, example, isRight }));
		}),
	);
}

async function inHalves(trials: readonly Trial[], library: ComposedLibrary) {
	return {
		chosenOn: await judge(
			trials.filter((_, at) => at % 2 === 0),
			library,
		),
		reportedOn: await judge(
			trials.filter((_, at) => at % 2 === 1),
			library,
		),
	};
}

/** Mean average precision in per cent of each way to rank the photos. */
async function judge(trials: readonly Trial[], library: ComposedLibrary) {
	const sums = { words: 0, example: 0, plainSum: 0, composed: 0 };
	for (const { words, example, isRight } of trials) {
		const picture = library.vectorOf(example);
		const plain = words.map((value, at) => value + (weights.example / 2) * (picture[at] ?? 0));
		const precision = (photos: readonly number[]) =>
			averagePrecision(
				photos.filter((photo) => photo !== example),
				isRight,
			);
		const asked = { words, examples: [{ photos: [example], weight: 0.5 }] };
		sums.words += precision(await library.nearestTo(words));
		sums.example += precision(await library.nearestTo(picture));
		sums.plainSum += precision(await library.nearestTo(plain));
		sums.composed += precision((await library.ask(asked)).photos);
	}
	const mean = (sum: number) => (100 * sum) / trials.length;
	return {
		queries: trials.length,
		words: mean(sums.words),
		example: mean(sums.example),
		plainSum: mean(sums.plainSum),
		composed: mean(sums.composed),
	};
}

/** Mean of the precision at each right photo. */
function averagePrecision(photos: readonly number[], isRight: (photo: number) => boolean): number {
	let right = 0;
	let sum = 0;
	for (const [at, photo] of photos.entries()) {
		if (!isRight(photo)) continue;
		right += 1;
		sum += right / (at + 1);
	}
	return right === 0 ? 0 : sum / right;
}

/** Up to `count`, evenly spread. */
function spread(photos: readonly number[], count: number): number[] {
	const step = Math.max(1, photos.length / count);
	return Array.from(
		{ length: Math.min(count, photos.length) },
		(_, at) => photos[Math.floor(at * step)],
	).filter((photo) => photo !== undefined);
}
