/** @file Photos of whose words a query speaks. */
import type { WordSource } from "../../../contract/words.ts";
import type { WordTable } from "../../catalogue/word-table.ts";
import type { AllowedLabels } from "../../index/vector-index.ts";
import { type ContentWord, contentWords } from "./content-words.ts";
import { PhotoWeights, type WeightedPhotos } from "./photo-weights.ts";
import { isTelling, type Trust, type WordEvidence, weightOfWord } from "./word-evidence.ts";
import type { WordKeeper } from "./word-keeper.ts";

const sourcesOf: Readonly<Record<Trust, readonly WordSource[]>> = {
	given: ["title", "caption", "keywords", "tags"],
	found: ["name", "folder", "recognised", "place"],
};
const trusts = ["given", "found"] as const;
const everySource = [...sourcesOf.given, ...sourcesOf.found];

/** So many photos are judged for their words, whatever they look like; those of most weight. */
const mostCandidates = 1000;

/** What the words of a library say to one query. */
export interface WordMatches {
	/** The words looked for. */
	words: readonly ContentWord[];
	/** Photos to be looked at for their words, whatever they look like. */
	candidates: ReadonlySet<number>;
	/** Photos with every word, where they are too many to be candidates: to be searched by looks. */
	crowd: ReadonlySet<number> | null;
	/** Undefined for a photo whose words say nothing. */
	evidence(label: number): WordEvidence | undefined;
}

export class WordSearch {
	readonly #words: WordTable;
	readonly #keeper: Pick<WordKeeper, "catchUp">;

	constructor(words: WordTable, keeper: Pick<WordKeeper, "catchUp">) {
		this.#words = words;
		this.#keeper = keeper;
	}

	/**
	 * Null where no photo has any of the words.
	 * @param library how many photos there are.
	 * @param allowed the only ones that count.
	 */
	async match(text: string, library: number, allowed?: AllowedLabels): Promise<WordMatches | null> {
		const words = contentWords(text);
		if (words.length === 0) return null;
		await this.#keeper.catchUp();
		const lists: WeightedPhotos[] = [];
		let telling = false;
		let knownWords = 0;
		for (const [word, { phrases }] of words.entries()) {
			let known = false;
			// What was given first: a word counts once, where it is most to be trusted.
			for (const trust of trusts) {
				const counts = { photos: await this.#count(phrases, trust), library };
				if (counts.photos === 0) continue;
				known = true;
				telling ||= isTelling(counts, trust);
				const weight = weightOfWord(counts, trust);
				if (weight === 0) continue;
				const photos = await this.#words.photosWith([phrases], sourcesOf[trust]);
				lists.push({ word, weight, photos });
			}
			if (known) knownWords += 1;
		}
		if (knownWords === 0) return null;
		const weights = new PhotoWeights(lists);
		// Where a word is nowhere, no photo has them all.
		const every =
			telling && knownWords === words.length
				? await this.#withEveryWord(words)
				: { given: noPhotos, found: noPhotos };
		const whole = [...every.found].filter((id) => allowed?.has(id) !== false);
		const crowd = whole.length > mostCandidates ? new Set(whole) : null;
		const candidates = new Set(crowd === null ? whole : []);
		for (const id of weights.heaviest(mostCandidates, allowed)) candidates.add(id);
		return {
			words,
			candidates,
			crowd,
			evidence: (id) => {
				const weight = weights.of(id);
				const all = every.given.has(id) ? "given" : every.found.has(id) ? "found" : null;
				return weight === 0 && all === null ? undefined : { weight, all };
			},
		};
	}

	/** Photos that have any of the phrases; more where several of them stand in one photo. */
	async #count(phrases: ContentWord["phrases"], trust: Trust): Promise<number> {
		const single = phrases.flatMap((phrase) => (phrase.length === 1 ? phrase : []));
		if (single.length < phrases.length) {
			return (await this.#words.photosWith([phrases], sourcesOf[trust])).length;
		}
		const counts = await this.#words.counts(single, sourcesOf[trust]);
		return [...counts.values()].reduce((sum, count) => sum + count, 0);
	}

	/** Photos with all of the words: in what was given alone, and anywhere. */
	async #withEveryWord(words: readonly ContentWord[]) {
		const phrases = words.map((word) => word.phrases);
		const found = await this.#words.photosWith(phrases, everySource);
		const given = found.length === 0 ? [] : await this.#words.photosWith(phrases, sourcesOf.given);
		return { given: new Set(given), found: new Set(found) };
	}
}

const noPhotos: ReadonlySet<number> = new Set();
