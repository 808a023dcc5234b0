/** @file How well `X -Y` keeps photos of Y out, and photos of X in, judged by the words of captions. */
import type { DualEncoder } from "../engine/encoder/dual-encoder.ts";
import { costOfWords, embedExcluded, lowerExcluded } from "../engine/search/exclusion.ts";
import { cosineSimilarity } from "./embed-photos.ts";
import type { CaptionedSet } from "./photo-set.ts";

/** Things that captions of everyday photos name. */
export const things =
	"dog cat man woman boy girl child people baby beach snow water grass street ball bike bicycle hat car tree mountain rock field pool soccer horse bench skateboard ocean crowd camera swing building toy sand river stick jacket helmet wall playground fence flower motorcycle sunglasses football table chair kitchen bed window boat train bus bird sheep cow plate food cake umbrella sign road".split(
		" ",
	);

const shown = 20;
/** A pair is of use when Y is seen among the first without excluding it. */
const leastShownOfY = 4;
const leastPhotosOfX = 10;

/** Sums over many queries `X -Y`. */
export interface ExclusionFigures {
	queries: number;
	/** Share of photos with Y among the first 20, for `X` and for `X -Y`. */
	shareBefore: number;
	shareAfter: number;
	/** After over before: at most 0.5 is the aim. */
	shareLeft: number;
	/** Photos of X among the first 20, after over before: at least 0.8 is the aim. */
	recallKept: number;
	/** Photos of X without Y among the first 20, after over before. */
	wantedKept: number;
}

/** The method was chosen on pairs of the first kind. */
export interface ExclusionReport {
	chosenOn: ExclusionFigures;
	reportedOn: ExclusionFigures;
	/** X is a whole caption of a photo without Y; recall is of that photo alone. */
	sentences: ExclusionFigures;
}

interface Query {
	wanted: Float32Array;
	excluded: Float32Array;
	isWanted(photo: number): boolean;
	isExcluded(photo: number): boolean;
}

export async function measureExclusion(
	set: CaptionedSet,
	photoVectors: readonly Float32Array[],
	encoder: DualEncoder,
): Promise<ExclusionReport> {
	const similaritiesTo = (vector: Float32Array) =>
		Float32Array.from(photoVectors, (photo) => cosineSimilarity(vector, photo));
	const texts = set.photos.map(({ captions }) => captions.join(" ").toLowerCase());
	const known = things
		.map((thing) => ({ thing, has: texts.map((text) => names(text, thing)) }))
		.filter(({ has }) => has.filter(Boolean).length >= leastPhotosOfX);
	const asked = await Promise.all(
		known.map(async ({ thing, has }) => {
			const [wanted] = await encoder.embedTexts([thing]);
			if (wanted === undefined) throw new Error("An embedding is missing.");
			return {
				has,
				wanted: similaritiesTo(wanted.vector),
				excluded: similaritiesTo(await embedExcluded(thing, encoder)),
			};
		}),
	);
	const pairs = asked.flatMap((x) =>
		asked.flatMap((y): Query[] => {
			const first = best(x.wanted).filter((photo) => y.has[photo]).length;
			const rest = x.has.filter((has, photo) => has && !y.has[photo]).length;
			if (x === y || first < leastShownOfY || rest < leastPhotosOfX) return [];
			const isWanted = (photo: number) => x.has[photo] === true;
			const isExcluded = (photo: number) => y.has[photo] === true;
			return [{ wanted: x.wanted, excluded: y.excluded, isWanted, isExcluded }];
		}),
	);
	const captions = await encoder.embedTexts(set.photos.map((photo) => photo.captions[0] ?? ""));
	const sentences = captions.flatMap(({ vector }, own): Query[] => {
		const wanted = similaritiesTo(vector);
		const first = best(wanted);
		const count = (y: (typeof asked)[number]) => first.filter((photo) => y.has[photo]).length;
		const y = asked
			.filter(({ has }) => has[own] === false)
			.toSorted((a, b) => count(b) - count(a))[0];
		if (y === undefined || count(y) < leastShownOfY) return [];
		const isExcluded = (photo: number) => y.has[photo] === true;
		return [{ wanted, excluded: y.excluded, isWanted: (photo) => photo === own, isExcluded }];
	});
	return {
		chosenOn: judge(pairs.filter((_, at) => at % 2 === 0)),
		reportedOn: judge(pairs.filter((_, at) => at % 2 === 1)),
		sentences: judge(sentences),
	};
}

function judge(queries: readonly Query[]): ExclusionFigures {
	const before = { excluded: 0, wanted: 0, right: 0 };
	const after = { excluded: 0, wanted: 0, right: 0 };
	for (const { wanted, excluded, isWanted, isExcluded } of queries) {
		for (const [count, scores] of [
			[before, wanted],
			[after, lowerExcluded(wanted, [{ similarities: excluded, cost: costOfWords }])],
		] as const) {
			for (const photo of best(scores)) {
				if (isExcluded(photo)) count.excluded += 1;
				if (isWanted(photo)) count.wanted += 1;
				if (isWanted(photo) && !isExcluded(photo)) count.right += 1;
			}
		}
	}
	const all = queries.length * shown;
	return {
		queries: queries.length,
		shareBefore: before.excluded / all,
		shareAfter: after.excluded / all,
		shareLeft: after.excluded / before.excluded,
		recallKept: after.wanted / before.wanted,
		wantedKept: after.right / before.right,
	};
}

function best(scores: Float32Array): number[] {
	const order = [...scores.keys()].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
	return order.slice(0, shown);
}

/** The word itself or its plural. */
export function names(text: string, thing: string): boolean {
	return new RegExp(`\\b${thing}(?:s|es)?\\b`).test(text);
}
