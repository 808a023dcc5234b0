/** @file Why photos are among the hits. */
import type { PhotoId } from "../../../contract/ids.ts";
import type { ParsedQuery } from "../../../contract/query.ts";
import type { Reason } from "../../../contract/words.ts";
import { phrasesOf } from "../../catalogue/word-forms.ts";
import type { Phrase, SourceText, WordTable } from "../../catalogue/word-table.ts";
import type { RankedHit } from "./fuse.ts";
import { wordReasons } from "./word-reasons.ts";
import type { WordMatches } from "./word-search.ts";

/** What was asked for. */
export interface Asked {
	parsed: ParsedQuery | undefined;
	/** What the words of the query met; null where they met nothing. */
	matches: WordMatches | null;
	/** Least confidence of a match. */
	strictness: number;
}

export class Reasons {
	readonly #words: Pick<WordTable, "textsOf">;

	constructor(words: Pick<WordTable, "textsOf">) {
		this.#words = words;
	}

	/** Of photos that were ranked. */
	async of(ranked: readonly RankedHit[], asked: Asked): Promise<Map<PhotoId, Reason[]>> {
		const { matches, strictness } = asked;
		const labels = ranked.map(({ label }) => label);
		// Labels are photo ids: the index holds nothing else.
		const told =
			quotedPhrases(asked.parsed).length > 0
				? labels
				: labels.filter((label) => matches?.evidence(label));
		const texts = await this.#textsOf(told as PhotoId[]);
		const quoted = quotedPhrases(asked.parsed);
		const phrases = [...quoted, ...(matches?.words.flatMap((word) => word.phrases) ?? [])];
		const filters = filterReasons(asked.parsed);
		const reasons = new Map<PhotoId, Reason[]>();
		for (const { label, pictureConfidence } of ranked) {
			const id = label as PhotoId;
			const words = wordReasons(texts.get(id) ?? [], phrases);
			const looks: Reason = { kind: "looks-like", confidence: pictureConfidence };
			const isLike = pictureConfidence >= strictness;
			// A picture that looks like nothing of the sort is no reason, where words are one.
			const first = words.length === 0 || isLike ? [looks] : [];
			reasons.set(id, [...first, ...words, ...filters]);
		}
		return reasons;
	}

	/** Of photos that pass the filters of a query that asks for nothing else. */
	async ofFilters(ids: readonly PhotoId[], parsed: ParsedQuery): Promise<Map<PhotoId, Reason[]>> {
		const filters = filterReasons(parsed);
		const phrases = quotedPhrases(parsed);
		const texts = phrases.length === 0 ? new Map() : await this.#textsOf(ids);
		return new Map(
			ids.map((id) => [id, [...wordReasons(texts.get(id) ?? [], phrases), ...filters]]),
		);
	}

	async #textsOf(ids: readonly PhotoId[]): Promise<Map<PhotoId, SourceText[]>> {
		return ids.length === 0 ? new Map() : this.#words.textsOf(ids);
	}
}

function quotedPhrases(parsed: ParsedQuery | undefined): Phrase[] {
	return (parsed?.parts ?? []).flatMap((part) =>
		part.kind === "words" ? phrasesOf(part.text) : [],
	);
}

function filterReasons(parsed: ParsedQuery | undefined): Reason[] {
	return (parsed?.parts ?? []).flatMap((part, at): Reason[] =>
		"negated" in part ? [{ kind: "filter", part: at }] : [],
	);
}
