/** @file Example queries for an empty box: words that fit what this library shows. */
import type { DualEncoder } from "../encoder/dual-encoder.ts";
import type { LibraryIndex } from "../index/library-index.ts";

/** Below this many photos any word would be a guess. */
const leastPhotos = 3;
const suggestionCount = 6;
/** A phrase fits when its best photos stand out; this many of them are looked at. */
const bestPhotos = 3;

/**
 * Ranks phrases by how well the library's best photos fit them. Phrases whose best photo already
 * stands for another phrase are passed over, so that the examples show different things.
 */
export class Suggestions {
	readonly #index: LibraryIndex;
	readonly #encoder: DualEncoder;
	readonly #phrases: readonly string[];
	#vectors: Promise<Float32Array[]> | null = null;
	#cached: { size: number; suggestions: string[] } | null = null;

	constructor(index: LibraryIndex, encoder: DualEncoder, phrases: readonly string[]) {
		this.#index = index;
		this.#encoder = encoder;
		this.#phrases = phrases;
	}

	/** At most six phrases, best first; empty while too little is searchable. */
	async forLibrary(): Promise<string[]> {
		const size = this.#index.size;
		if (size < leastPhotos) return [];
		if (this.#cached !== null && !hasGrown(this.#cached.size, size))
			return this.#cached.suggestions;
		const suggestions = await this.#rank();
		this.#cached = { size, suggestions };
		return suggestions;
	}

	async #rank(): Promise<string[]> {
		this.#vectors ??= this.#encoder
			.embedTexts(this.#phrases)
			.then((texts) => texts.map((text) => text.vector));
		const vectors = await this.#vectors.catch((error: unknown) => {
			this.#vectors = null;
			throw error;
		});
		const ranked: { phrase: string; score: number; best: number }[] = [];
		for (const [position, phrase] of this.#phrases.entries()) {
			const vector = vectors[position];
			if (vector === undefined) continue;
			const neighbours = await this.#index.search(vector, bestPhotos);
			const first = neighbours[0];
			if (first === undefined) continue;
			const score = neighbours.reduce((sum, { similarity }) => sum + similarity, 0) / bestPhotos;
			ranked.push({ phrase, score, best: first.label });
		}
		ranked.sort((left, right) => right.score - left.score);
		const shown = new Set<number>();
		const chosen: string[] = [];
		for (const { phrase, best } of ranked) {
			if (shown.has(best)) continue;
			shown.add(best);
			chosen.push(phrase);
			if (chosen.length === suggestionCount) break;
		}
		return chosen;
	}
}

function hasGrown(before: number, now: number): boolean {
	return now < before || now > before * 1.2 + 10;
}
