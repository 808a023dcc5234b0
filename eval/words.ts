/**
 * @file Pictures and words together: what names and captions add to the ranking where they say
 * something, and that they cost nothing where they say nothing.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Catalogue } from "../engine/catalogue/catalogue.ts";
import { openCatalogue } from "../engine/catalogue/open-catalogue.ts";
import type { DualEncoder } from "../engine/encoder/dual-encoder.ts";
import {
	backgroundOf,
	type ConfidenceCurve,
	confidenceCurve,
	logOddsAmongPrompts,
} from "../engine/search/calibration/confidence.ts";
import { defaultCalibration } from "../engine/search/calibration/default-calibration.ts";
import type { NeutralPrompts } from "../engine/search/calibration/neutral-prompts.ts";
import { contentWords } from "../engine/search/words/content-words.ts";
import { fuse } from "../engine/search/words/fuse.ts";
import type { WordEvidence } from "../engine/search/words/word-evidence.ts";
import { WordKeeper } from "../engine/search/words/word-keeper.ts";
import { WordSearch } from "../engine/search/words/word-search.ts";
import { cosineSimilarity } from "./embed-photos.ts";
import type { CaptionedSet } from "./photo-set.ts";

/** Percent of queries whose photo is among the first 1, 5, 10. */
interface Recall {
	recallAt1: number;
	recallAt5: number;
	recallAt10: number;
}

export interface WordFigures {
	queries: number;
	/** What the picture alone ranks. */
	pictures: Recall;
	/** What the words alone rank; photos without any come last. */
	words: Recall;
	/** Reciprocal ranks added (Cormack, Clarke and Buettcher 2009, k = 60). */
	reciprocalRanks: Recall;
	/** As searches do it: log odds added. */
	logOdds: Recall;
}

/** What is written about the photos of the set. Queries are the captions that it was not made from. */
interface Writing {
	name(photo: number): string;
	caption(photo: number): string | null;
	/** The first caption that is still a query. */
	firstQuery: number;
}

const silentName = (photo: number) => `IMG_${String(1000 + photo)}`;

/** Two telling words of the photo's first caption, as people name files. */
function toldName(set: CaptionedSet, photo: number): string {
	const words = contentWords(set.photos[photo]?.captions[0] ?? "").map(({ written }) => written);
	const [first, last] = [words[0], words.at(-1)];
	return first === undefined ? silentName(photo) : `${first}-${last}-${photo}`;
}

/** Every way of writing, measured over the whole set. */
export async function measureWords(
	set: CaptionedSet,
	vectors: readonly Float32Array[],
	encoder: DualEncoder,
	prompts: NeutralPrompts,
): Promise<Record<string, WordFigures>> {
	const questions = await prepare(set, vectors, encoder, prompts);
	const figures: Record<string, WordFigures> = {};
	for (const [way, writing] of Object.entries(waysOf(set))) {
		figures[way] = await measureWay(set, writing, questions);
	}
	return figures;
}

function waysOf(set: CaptionedSet): Record<string, Writing> {
	const count = set.photos.length;
	return {
		"names that say nothing": { name: silentName, caption: () => null, firstQuery: 0 },
		"every second name says something": {
			name: (photo) => (photo % 2 === 0 ? toldName(set, photo) : silentName(photo)),
			caption: () => null,
			firstQuery: 1,
		},
		"every second photo has a caption": {
			name: silentName,
			caption: (photo) => (photo % 2 === 0 ? (set.photos[photo]?.captions[0] ?? null) : null),
			firstQuery: 1,
		},
		"every photo has a caption": {
			name: silentName,
			caption: (photo) => set.photos[photo]?.captions[0] ?? null,
			firstQuery: 1,
		},
		"every name is that of another photo": {
			name: (photo) => toldName(set, (photo + 1) % count),
			caption: () => null,
			firstQuery: 0,
		},
	};
}

/** A caption as a query, with what it finds by looks. */
interface Question {
	text: string;
	photo: number;
	caption: number;
	/** Float32 [photos]. */
	similarities: Float32Array;
	curve: ConfidenceCurve;
}

/** As searches calibrate: against the neutral phrases and the spread of this set. */
async function prepare(
	set: CaptionedSet,
	vectors: readonly Float32Array[],
	encoder: DualEncoder,
	prompts: NeutralPrompts,
): Promise<Question[]> {
	const { calibration = defaultCalibration, logitScale } = encoder.manifest;
	const phrases = await prompts.vectors();
	const against = vectors.map((photo) => phrases.map((phrase) => cosineSimilarity(photo, phrase)));
	const background = backgroundOf(against.flat());
	const queries = set.photos.flatMap(({ captions }, photo) =>
		captions.map((text, caption) => ({ text, photo, caption })),
	);
	const texts = await encoder.embedTexts(queries.map(({ text }) => text));
	return queries.map((query, at) => {
		const vector = texts[at]?.vector;
		if (vector === undefined) throw new Error("An embedding is missing.");
		const similarities = Float32Array.from(vectors, (photo) => cosineSimilarity(vector, photo));
		const order = [...similarities.keys()].sort(
			(a, b) => (similarities[b] ?? 0) - (similarities[a] ?? 0),
		);
		const odds = order
			.slice(0, 3)
			.map((photo) =>
				logOddsAmongPrompts(similarities[photo] ?? 0, against[photo] ?? [], logitScale),
			);
		const best = similarities[order[0] ?? 0] ?? 0;
		const evidence = { best, searched: vectors.length, background, logOdds: Math.max(...odds) };
		return {
			...query,
			similarities,
			curve: confidenceCurve(evidence, calibration.text, logitScale),
		};
	});
}

async function measureWay(
	set: CaptionedSet,
	writing: Writing,
	questions: readonly Question[],
): Promise<WordFigures> {
	const root = await mkdtemp(join(tmpdir(), "afterimage-eval-"));
	const catalogue = await openCatalogue(join(root, "catalogue.sqlite"));
	try {
		const search = await write(catalogue, set, writing);
		const asked = questions.filter(({ caption }) => caption >= writing.firstQuery);
		const found = await Promise.all(asked.map(({ text }) => search(text)));
		const ranks = (scores: (question: Question, evidence: Evidence) => Float64Array | number[]) =>
			recall(
				asked.map((question, at) => rankOf(question.photo, scores(question, found[at] ?? none))),
			);
		return {
			queries: asked.length,
			pictures: ranks(({ similarities }) => [...similarities]),
			words: ranks((question, evidence) => wordScores(question, evidence)),
			reciprocalRanks: ranks(reciprocalRanks),
			logOdds: ranks(fusedScores),
		};
	} finally {
		await catalogue.close();
		await rm(root, { recursive: true, force: true });
	}
}

/** By place in the set. */
type Evidence = ReadonlyMap<number, WordEvidence>;
const none: Evidence = new Map();

/** Puts the set into a library and gives a function that finds the evidence for a text. */
async function write(catalogue: Catalogue, set: CaptionedSet, writing: Writing) {
	const { id: folderId } = await catalogue.folders.add({
		volumeId: "evaluation",
		pathInVolume: "",
		lastPath: "/evaluation/photos",
	});
	const ids = await catalogue.photos.discover(
		folderId,
		set.photos.map((_, photo) => ({
			relativePath: `${writing.name(photo)}.jpg`,
			sizeBytes: 1,
			modifiedAtMs: photo,
			fileIdentity: String(photo),
		})),
	);
	await catalogue.words.setMany(
		ids.map((id, photo) => ({ id, source: "caption", text: writing.caption(photo) })),
	);
	const keeper = new WordKeeper(catalogue.words, { townAt: () => null });
	const search = new WordSearch(catalogue.words, keeper);
	return async (text: string): Promise<Evidence> => {
		const matches = await search.match(text, ids.length);
		const evidence = new Map<number, WordEvidence>();
		for (const [photo, id] of ids.entries()) {
			const found = matches?.evidence(id);
			if (found !== undefined) evidence.set(photo, found);
		}
		return evidence;
	};
}

function fusedScores({ similarities, curve }: Question, evidence: Evidence): number[] {
	const found = [...similarities].map((similarity, label) => ({ label, similarity }));
	const scores = new Array<number>(similarities.length).fill(0);
	for (const [rank, { label }] of fuse(
		found,
		curve,
		(label) => evidence.get(label),
		found.length,
	).entries()) {
		scores[label] = -rank;
	}
	return scores;
}

function wordScores({ similarities }: Question, evidence: Evidence): number[] {
	return Array.from(similarities, (_, photo) => {
		const found = evidence.get(photo);
		return found === undefined ? -1 : found.weight + (found.all === null ? 0 : 100);
	});
}

function reciprocalRanks(question: Question, evidence: Evidence): number[] {
	const words = wordScores(question, evidence);
	const wordRank = ranksOf(words);
	const pictureRank = ranksOf([...question.similarities]);
	return words.map((score, photo) => {
		const pictures = 1 / (60 + (pictureRank[photo] ?? 0));
		return score < 0 ? pictures : pictures + 1 / (60 + (wordRank[photo] ?? 0));
	});
}

/** From 1; equal scores share the better rank. */
function ranksOf(scores: readonly number[]): number[] {
	const sorted = scores.toSorted((a, b) => b - a);
	const first = new Map<number, number>();
	for (const [at, score] of sorted.entries()) if (!first.has(score)) first.set(score, at + 1);
	return scores.map((score) => first.get(score) ?? 0);
}

/** How many come before this photo; of equals, half. */
function rankOf(photo: number, scores: ArrayLike<number>): number {
	const own = scores[photo] ?? 0;
	let before = 0;
	let equal = -1;
	for (let at = 0; at < scores.length; at += 1) {
		if ((scores[at] ?? 0) > own) before += 1;
		else if ((scores[at] ?? 0) === own) equal += 1;
	}
	return before + equal / 2;
}

function recall(ranks: readonly number[]): Recall {
	const percentBelow = (count: number) =>
		(ranks.filter((rank) => rank < count).length / ranks.length) * 100;
	return {
		recallAt1: percentBelow(1),
		recallAt5: percentBelow(5),
		recallAt10: percentBelow(10),
	};
}
