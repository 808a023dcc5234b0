/** @file How the words in the box are read, part by part, while someone types. */
import type { EngineClient } from "../../contract/contract.ts";
import type { ParsedQuery } from "../../contract/query.ts";
import { LatestOnly, superseded } from "./latest-only.ts";

const typingPauseMs = 60;

export class QueryReading {
	#parsed = $state.raw<ParsedQuery | null>(null);
	#text = "";
	readonly #client: Pick<EngineClient, "search">;
	readonly #questions = new LatestOnly();

	constructor(client: Pick<EngineClient, "search">) {
		this.#client = client;
	}

	/**
	 * The last reading; null when there are no words. While someone types it may be of the words from
	 * a moment ago: `source` tells which.
	 */
	get parsed(): ParsedQuery | null {
		return this.#parsed;
	}

	/** Reads other words; "" for none. */
	async set(text: string): Promise<void> {
		if (text === this.#text) return;
		this.#text = text;
		if (text === "") {
			this.#questions.cancel();
			this.#parsed = null;
			return;
		}
		try {
			const parsed = await this.#questions.ask(
				(signal) => this.#client.search.parse({ query: text }, { signal }),
				this.#parsed === null ? 0 : typingPauseMs,
			);
			if (parsed !== superseded) this.#parsed = parsed;
		} catch {
			// The search itself tells what is wrong; without chips the words are just words.
			this.#parsed = null;
		}
	}
}
