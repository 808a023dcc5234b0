/** @file Search: a query in, results out. What is shown stays until the next answer is there. */
import type { EngineClient } from "../../contract/contract.ts";
import { assertNever } from "../../contract/errors.ts";
import type { FolderId } from "../../contract/ids.ts";
import type { SearchResult } from "../../contract/search.ts";
import { LatestOnly, superseded } from "./latest-only.ts";
import { type Query, sameQuery } from "./location.ts";
import { emptyPhotoList, listOfHits, type PhotoList } from "./photo-list.ts";
import { PictureGone, problemSentence } from "./problem.ts";
import type { QueryPictures } from "./query-pictures.ts";

/** An answer with the question it belongs to. */
export interface Answer {
	readonly query: Query;
	readonly folderId: FolderId | null;
	readonly result: SearchResult;
	readonly list: PhotoList;
}

const typingPauseMs = 120;
const hitsAtMost = 200;

export class Search {
	#answer = $state.raw<Answer | null>(null);
	#status = $state<"idle" | "searching" | "answered" | "failed">("idle");
	#problem = $state("");
	#query: Query | null = null;
	#folderId: FolderId | null = null;
	readonly #client: Pick<EngineClient, "search">;
	readonly #pictures: QueryPictures;
	readonly #questions = new LatestOnly();

	constructor(client: Pick<EngineClient, "search">, pictures: QueryPictures) {
		this.#client = client;
		this.#pictures = pictures;
	}

	/** The last answer, shown until a newer one comes; null when nothing is searched for. */
	get answer(): Answer | null {
		return this.#answer;
	}

	get list(): PhotoList {
		return this.#answer?.list ?? emptyPhotoList;
	}

	get status(): "idle" | "searching" | "answered" | "failed" {
		return this.#status;
	}

	/** Why there is no answer, when `status` is `failed`. */
	get problem(): string {
		return this.#problem;
	}

	/** Searches for something else; null ends the search. Words wait for a pause in typing. */
	set(query: Query | null, folderId: FolderId | null): void {
		if (sameQuery(query, this.#query) && folderId === this.#folderId) return;
		this.#query = query;
		this.#folderId = folderId;
		if (query === null) {
			this.#questions.cancel();
			this.#answer = null;
			this.#status = "idle";
			return;
		}
		void this.#ask(query, folderId, query.kind === "text" ? typingPauseMs : 0);
	}

	/** Asks the same again, after a failure or because the library changed. */
	again(): void {
		if (this.#query !== null) void this.#ask(this.#query, this.#folderId, 0);
	}

	async #ask(query: Query, folderId: FolderId | null, delayMs: number): Promise<void> {
		this.#status = "searching";
		try {
			const result = await this.#questions.ask(
				(signal) => this.#send(query, folderId, signal),
				delayMs,
			);
			if (result === superseded) return;
			this.#answer = { query, folderId, result, list: listOfHits(result.hits) };
			this.#status = "answered";
		} catch (error) {
			// While typing, the results from before still help; after any other step they would mislead.
			if (query.kind !== "text" || this.#answer?.query.kind !== "text") this.#answer = null;
			this.#problem = problemSentence(error);
			this.#status = "failed";
		}
	}

	#send(query: Query, folderId: FolderId | null, signal: AbortSignal): Promise<SearchResult> {
		const scope = { limit: hitsAtMost, ...(folderId === null ? {} : { folderId }) };
		switch (query.kind) {
			case "text":
				return this.#client.search.text({ query: query.text, ...scope }, { signal });
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
