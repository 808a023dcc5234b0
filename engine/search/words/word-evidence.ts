/** @file How much words written about a photo say for it: statistics, as pure functions. */

/**
 * Who wrote it. `given`: someone described the photo (title, caption, keywords, tags). `found`: it goes
 * with the photo by chance as often (file and folder names, recognised text, places).
 */
export type Trust = "given" | "found";

/** What is known of one word of a query and one kind of trust. */
export interface WordCounts {
	/** Photos that have the word. */
	photos: number;
	/** Photos of the library. */
	library: number;
}

/** The share of wanted photos that carry a word of the query, where others carry it by chance. */
const shareAmongWanted: Readonly<Record<Trust, number>> = { given: 0.2, found: 0.1 };
/** Words of one text come together, and photos without a text are not to blame: each counts half. */
const shareOfItsWeight = 0.5;
/** No word alone says more: a rare word may be there for another reason. */
const mostOfOneWord = 3;
/** Nor do all of them, as long as a word of the query is missing. */
const mostWithoutAll = 4;
/** How sure a photo is whose words hold all that was asked for, whatever it looks like. */
const sureWithAll: Readonly<Record<Trust, number>> = { given: 0.95, found: 0.85 };

/** What any word may be expected of before the library is known: one photo in 200 has it by chance. */
const expectedPhotos = 1;
const expectedLibrary = 200;

/**
 * The logarithm of how much likelier a word is with a wanted photo than with any other, from 0 up: a
 * word that most photos have says nothing (the weight of evidence in naive Bayes ranking; Robertson and
 * Sparck Jones 1976).
 */
export function weightOfWord(counts: WordCounts, trust: Trust): number {
	const { photos, library } = counts;
	if (photos === 0 || isCommon(counts)) return 0;
	const byChance = (photos + expectedPhotos) / (library + expectedLibrary);
	const logRatio = Math.log(shareAmongWanted[trust] / byChance);
	return Math.min(mostOfOneWord, shareOfItsWeight * Math.max(0, logRatio));
}

/** More than half of all photos have it. */
function isCommon({ photos, library }: WordCounts): boolean {
	return photos > Math.max(2, library / 2);
}

/** Whether a word found by chance tells photos apart at all: at most half of them have it. */
export function isTelling(counts: WordCounts, trust: Trust): boolean {
	return trust === "given" || !isCommon(counts);
}

/** What the words of one photo say. */
export interface WordEvidence {
	/** Log odds, from 0 up. */
	weight: number;
	/** Set when all words of the query are there: how far those that are least to be trusted reach. */
	all: Trust | null;
}

/**
 * Log odds of a match from those of the picture and the evidence of the words. The two are taken to
 * be independent, so log odds add up. With every word there, the words alone are reason enough, and
 * the odds of the two reasons add up.
 */
export function withWords(pictureLogOdds: number, { weight, all }: WordEvidence): number {
	if (all === null) return pictureLogOdds + Math.min(mostWithoutAll, weight);
	const sure = sureWithAll[all];
	return logSumExp(pictureLogOdds + weight, Math.log(sure / (1 - sure)));
}

function logSumExp(one: number, other: number): number {
	const greater = Math.max(one, other);
	return greater + Math.log(Math.exp(one - greater) + Math.exp(other - greater));
}
