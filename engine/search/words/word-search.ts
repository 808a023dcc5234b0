/** @file Photos of whose words a query speaks. */
import type { PhotoId } from "../../../contract/ids.ts";
import type { WordSource } from "../../../contract/words.ts";
import type { Catalogue } from "../../catalogue/catalogue.ts";
import type { AllowedLabels } from "../../index/vector-index.ts";
import { type ContentWord, contentWords } from "./content-words.ts";
import { isTelling, type Trust, type WordEvidence, weightOfWord } from "./word-evidence.ts";
import type { WordKeeper } from "./word-keeper.ts";

const sourcesOf: Readonly<Record<Trust, readonly WordSource[]>> = {
	given: ["title", "caption", "keywords", "tags"],
	found: ["name", "folder", "recognised", "place"],
};
const trusts = ["given", "found"] as const;

/** A word of more photos than this brings none of them in by itself: what they look like does. */
const mostOfOneWord = 5000;

/** One word of the query, with the photos that have it. */
interface FoundWord {
	word: ContentWord;
	weights: Record<Trust, number>;
	telling: Record<Trust, boolean>;
	photos: Record<Trust, Float64Array>;
}

/** What the words of a library say to one query. */
export interface WordMatches {
	/** The words looked for. */
	words: readonly ContentWord[];
	/** Photos to be looked at for their words, whatever they look like. */
	candidates: ReadonlySet<number>;
	/** Photos with every word, where they are too many to be candidates: to be searched by looks. */
	crowd: ReadonlySet<number> | null;
	/** The evidence for each of these photos that has any. */
	evidence(labels: Iterable<number>): Map<number, WordEvidence>;
}

export class WordSearch {
	readonly #catalogue: Catalogue;
	readonly #keeper: WordKeeper;

	constructor(catalogue: Catalogue, keeper: WordKeeper) {
		this.#catalogue = catalogue;
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
		const found = await Promise.all(words.map((word) => this.#find(word, library)));
		const candidates = new Set<number>();
		for (const { photos } of found) {
			if (photos.given.length + photos.found.length > mostOfOneWord) continue;
			for (const trust of trusts) {
				for (const id of photos[trust]) if (allowed?.has(id) !== false) candidates.add(id);
			}
		}
		const everything = withEveryWord(found, allowed);
		const crowd = everything.size > mostOfOneWord ? everything : null;
		if (crowd === null) for (const id of everything) candidates.add(id);
		if (found.every(({ photos }) => photos.given.length + photos.found.length === 0)) return null;
		return { words, candidates, crowd, evidence: (labels) => evidenceFor(found, labels) };
	}

	async #find(word: ContentWord, library: number): Promise<FoundWord> {
		const find = (trust: Trust) => this.#catalogue.words.photosWith(word.phrases, sourcesOf[trust]);
		const photos = { given: await find("given"), found: await find("found") };
		const counts = (trust: Trust) => ({
			photos: photos[trust].length,
			library: Math.max(library, photos[trust].length),
		});
		return {
			word,
			photos,
			weights: {
				given: weightOfWord(counts("given"), "given"),
				found: weightOfWord(counts("found"), "found"),
			},
			telling: {
				given: isTelling(counts("given"), "given"),
				found: isTelling(counts("found"), "found"),
			},
		};
	}
}

/** The ids of a filter hold photo ids and nothing else. */
export function asPhotoIds(labels: Iterable<number>): PhotoId[] {
	return [...labels] as PhotoId[];
}

function withEveryWord(found: readonly FoundWord[], allowed?: AllowedLabels): Set<number> {
	const rarestFirst = found.toSorted((a, b) => size(a) - size(b));
	let every: Set<number> | null = null;
	for (const { photos } of rarestFirst) {
		const next = new Set<number>();
		for (const trust of trusts) {
			for (const id of photos[trust]) {
				if (every === null ? allowed?.has(id) !== false : every.has(id)) next.add(id);
			}
		}
		every = next;
		if (every.size === 0) break;
	}
	return every ?? new Set();
}

const size = ({ photos }: FoundWord) => photos.given.length + photos.found.length;

interface Tally {
	weight: number;
	words: number;
	leastTrust: Trust;
	telling: boolean;
}

function evidenceFor(
	found: readonly FoundWord[],
	labels: Iterable<number>,
): Map<number, WordEvidence> {
	const wanted = labels instanceof Set ? labels : new Set(labels);
	const tallies = new Map<number, Tally>();
	for (const { photos, weights, telling } of found) {
		const seen = new Set<number>();
		// What was given first: a word counts once, where it is most to be trusted.
		for (const trust of trusts) {
			for (const id of photos[trust]) {
				if (!wanted.has(id) || seen.has(id)) continue;
				seen.add(id);
				const tally = tallies.get(id);
				if (tally === undefined) {
					tallies.set(id, {
						weight: weights[trust],
						words: 1,
						leastTrust: trust,
						telling: telling[trust],
					});
					continue;
				}
				tally.weight += weights[trust];
				tally.words += 1;
				tally.telling ||= telling[trust];
				if (trust === "found") tally.leastTrust = "found";
			}
		}
	}
	const evidence = new Map<number, WordEvidence>();
	for (const [id, { weight, words, leastTrust, telling }] of tallies) {
		const all = words === found.length && telling ? leastTrust : null;
		evidence.set(id, { weight, all });
	}
	return evidence;
}
