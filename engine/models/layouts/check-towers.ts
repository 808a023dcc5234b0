/** @file Asks a new encoder whether its two towers belong together. */
import { Refusal } from "../../../contract/errors.ts";
import type { ModelManifest } from "../../encoder/model-manifest.ts";
import { innerProduct } from "../../index/similarity-scores.ts";
import type { SeenPairs } from "./known-pairs.ts";

/**
 * Share of comparisons an encoder must win. By chance it wins half, and over 29 pairs hardly ever more
 * than 0.65; a small model that works wins more than 0.9.
 */
const leastAgreement = 0.8;

/**
 * How often a photo is nearer to its own words than to another photo's words, and the other way round: the
 * area under the ROC curve averaged over photos and over words. 0.5 is chance, 1 is perfect.
 */
function agreementOf({ pictures, words }: SeenPairs): number {
	let wins = 0;
	let comparisons = 0;
	for (const [at, picture] of pictures.entries()) {
		const ownWords = words[at];
		if (ownWords === undefined) continue;
		const own = innerProduct(picture, 0, ownWords);
		for (let other = 0; other < pictures.length; other++) {
			const [otherPicture, otherWords] = [pictures[other], words[other]];
			if (other === at || otherPicture === undefined || otherWords === undefined) continue;
			wins += won(own, innerProduct(picture, 0, otherWords));
			wins += won(own, innerProduct(otherPicture, 0, ownWords));
			comparisons += 2;
		}
	}
	return wins / comparisons;
}

function won(own: number, other: number): number {
	return own > other ? 1 : own === other ? 0.5 : 0;
}

/** @throws Refusal MODEL_DAMAGED naming the towers' files where they do not belong together. */
export function checkTowers(manifest: ModelManifest, seen: SeenPairs): void {
	const agreement = agreementOf(seen);
	if (agreement >= leastAgreement) return;
	const { image, text } = manifest;
	const told = Math.round(agreement * 100);
	throw new Refusal(
		"MODEL_DAMAGED",
		image.file === text.file
			? `${image.file} does not fit ${text.tokenizer} or the settings beside it: of ${seen.pictures.length} known photos it tells its own words from another's in ${told} of 100 cases, where 50 is chance.`
			: `${text.file} does not belong to ${image.file}, or ${text.tokenizer} is another model's: of ${seen.pictures.length} known photos they tell their own words from another's in ${told} of 100 cases, where 50 is chance.`,
		{ path: text.file },
	);
}
