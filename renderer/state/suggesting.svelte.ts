/** @file Searches to choose from while the box is empty: those of lately, and what the library shows. */
import type { EngineClient } from "../../contract/contract.ts";
import type { RecentSearches } from "./recent-searches.svelte.ts";

interface SuggestingClient {
	readonly search: Pick<EngineClient["search"], "suggestions">;
}

const suggestionsAtMost = 8;

export class Suggesting {
	#suggestions = $state.raw<readonly string[]>([]);
	#active = $state(-1);
	#dismissed = $state(false);
	readonly #client: SuggestingClient;
	readonly #recent: RecentSearches;

	constructor(client: SuggestingClient, recent: RecentSearches) {
		this.#client = client;
		this.#recent = recent;
	}

	/** What the library shows, but for what was searched for lately. */
	get suggestions(): readonly string[] {
		return this.#suggestions.filter((words) => !this.#recent.all.includes(words));
	}

	/** Everything to choose from, recent searches first. */
	get options(): readonly string[] {
		return [...this.#recent.all, ...this.suggestions];
	}

	/** The option at hand; -1 while the keyboard is still in the box. */
	get active(): number {
		return this.#active;
	}

	/** They were sent away, until the box is used again. */
	get dismissed(): boolean {
		return this.#dismissed;
	}

	/** The box has the keyboard: what the library shows is looked up. */
	async entered(): Promise<void> {
		this.used();
		try {
			const found = await this.#client.search.suggestions();
			this.#suggestions = found.slice(0, suggestionsAtMost);
		} catch {
			// Suggestions are an extra; without them the box is just a box.
		}
	}

	/** Something was typed. */
	used(): void {
		this.#dismissed = false;
		this.#active = -1;
	}

	/** Takes one of the recent searches away. */
	forget(words: string): void {
		this.#recent.forget(words);
		this.#active = Math.min(this.#active, this.options.length - 1);
	}

	/** Takes a key that belongs to the open list. Returns false for any other. */
	press(key: string, onTake: (words: string) => void): boolean {
		const last = this.options.length - 1;
		const atHand = this.options[this.#active];
		if (key === "ArrowDown") this.#active = this.#active === last ? 0 : this.#active + 1;
		else if (key === "ArrowUp") this.#active = this.#active <= 0 ? last : this.#active - 1;
		else if (key === "Enter" && atHand !== undefined) onTake(atHand);
		else if (key === "Delete" && atHand !== undefined && this.#recent.all.includes(atHand)) {
			this.forget(atHand);
		} else if (key === "Escape") this.#dismissed = true;
		else return false;
		return true;
	}
}
