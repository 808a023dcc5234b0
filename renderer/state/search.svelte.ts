/** @file Search: a query in, results out. What is shown stays until the next answer is there. */
import type { DrawnPictures } from "../../contract/drawn-pictures.ts";
import { assertNever } from "../../contract/errors.ts";
import type { Grouping } from "../../contract/grouping.ts";
import type { FolderId, PhotoId } from "../../contract/ids.ts";
import { defaultStrictness } from "../../contract/limits.ts";
import type { HitOrder, SearchHit, SearchResult } from "../../contract/search.ts";
import { type ArrangementChoice, usualArrangement } from "./arrangement.svelte.ts";
import { askInWords, type SearchCalls } from "./ask-in-words.ts";
import { withoutJudged, wordsOf } from "./asked-pictures.ts";
import { LatestOnly, superseded } from "./latest-only.ts";
import { type Query, sameQuery } from "./location.ts";
import { emptyPhotoList, type PhotoList } from "./photo-list.ts";
import { PictureGone, problemSentence } from "./problem.ts";
import type { QueryPictures } from "./query-pictures.ts";
import { bandedList, hitsAtMost } from "./result-bands.ts";

/** An answer with the question it belongs to. */
export interface Answer {
	readonly query: Query;
	readonly folderId: FolderId | null;
	readonly strictness: number;
	readonly result: SearchResult;
}

/** What is asked besides the question itself. */
interface Asked {
	folderId: FolderId | null;
	strictness: number;
	order: HitOrder;
	group: Grouping;
	drawn: DrawnPictures;
}

const typingPauseMs = 120;
/** A slider under way changes many times a second. */
const slidingPauseMs = 100;

export class Search {
	#answer = $state.raw<Answer | null>(null);
	#status = $state<"idle" | "searching" | "answered" | "failed">("idle");
	#problem = $state("");
	#query: Query | null = null;
	#folderId: FolderId | null = null;
	#strictness = defaultStrictness;
	#arrangement = usualArrangement;
	#restOpen = $state(false);
	readonly #list = $derived(
		this.#answer === null ? emptyPhotoList : bandedList(this.#answer.result, this.#restOpen),
	);
	readonly #client: SearchCalls;
	readonly #pictures: QueryPictures;
	readonly #questions = new LatestOnly();

	constructor(client: SearchCalls, pictures: QueryPictures) {
		this.#client = client;
		this.#pictures = pictures;
	}

	/** The last answer, shown until a newer one comes; null when nothing is searched for. */
	get answer(): Answer | null {
		return this.#answer;
	}

	/** The photos of the answer that are shown. */
	get list(): PhotoList {
		return this.#list;
	}

	/** Shows what is folded away, or folds it. */
	toggleRest(): void {
		this.#restOpen = !this.#restOpen;
	}

	/** What the answer says of a photo; undefined for photos that are not in it. */
	hitOf(id: PhotoId): SearchHit | undefined {
		return this.#answer?.result.hits.find((hit) => hit.id === id);
	}

	get status(): "idle" | "searching" | "answered" | "failed" {
		return this.#status;
	}

	/** Why there is no answer, when `status` is `failed`. */
	get problem(): string {
		return this.#problem;
	}

	/**
	 * Searches for something else, more strictly, or in another order; null ends the search. Words wait
	 * for a pause in typing.
	 */
	set(
		query: Query | null,
		folderId: FolderId | null,
		strictness = defaultStrictness,
		arrangement: ArrangementChoice = usualArrangement,
	): void {
		const sameQuestion = sameQuery(query, this.#query) && folderId === this.#folderId;
		const { order, grouping, drawn } = this.#arrangement;
		const sameOrder =
			arrangement.order === order &&
			arrangement.grouping === grouping &&
			arrangement.drawn === drawn;
		if (sameQuestion && sameOrder && strictness === this.#strictness) return;
		const wordsBefore = wordsOf(this.#query);
		this.#query = query;
		this.#folderId = folderId;
		this.#strictness = strictness;
		this.#arrangement = arrangement;
		if (query === null) {
			this.#questions.cancel();
			this.#answer = null;
			this.#status = "idle";
			return;
		}
		// Pictures come and go with one step; only words are typed letter by letter.
		const pauseMs = query.kind === "text" && wordsOf(query) !== wordsBefore ? typingPauseMs : 0;
		void this.#ask(query, folderId, sameQuestion ? slidingPauseMs : pauseMs);
	}

	/** Asks the same again, after a failure or because the library changed. */
	again(): void {
		if (this.#query !== null) void this.#ask(this.#query, this.#folderId, 0);
	}

	async #ask(query: Query, folderId: FolderId | null, delayMs: number): Promise<void> {
		this.#status = "searching";
		const strictness = this.#strictness;
		const { order, grouping: group, drawn } = this.#arrangement;
		try {
			const result = await this.#questions.ask(
				(signal) => this.#send(query, { folderId, strictness, order, group, drawn }, signal),
				delayMs,
			);
			if (result === superseded) return;
			const before = this.#answer;
			// A judged hit ranks the same search anew.
			const isSame = sameQuery(withoutJudged(before?.query ?? null), withoutJudged(query));
			const isNew = !isSame || before?.folderId !== folderId;
			if (isNew) this.#restOpen = false;
			this.#answer = { query, folderId, strictness, result };
			this.#status = "answered";
		} catch (error) {
			// While typing, the results from before still help; after any other step they would mislead.
			if (query.kind !== "text" || this.#answer?.query.kind !== "text") this.#answer = null;
			this.#problem = problemSentence(error);
			this.#status = "failed";
		}
	}

	#send(query: Query, { folderId, ...asked }: Asked, signal: AbortSignal): Promise<SearchResult> {
		const scope = { limit: hitsAtMost, ...asked, ...(folderId === null ? {} : { folderId }) };
		switch (query.kind) {
			case "text":
				return askInWords(
					this.#client,
					this.#pictures,
					{ query: query.text, ...scope },
					query.pictures,
					signal,
				);
			case "similar":
				return this.#client.search.similar({ id: query.photoId, ...scope }, { signal });
			case "picture": {
				const picture = this.#pictures.get(query.key);
				if (picture === undefined) return Promise.reject(new PictureGone());
				return this.#client.search.image({ image: picture.file, ...scope }, { signal });
			}
			default:
				return assertNever(query);
		}
	}
}
