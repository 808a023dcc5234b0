/** @file Words searched for lately, kept on this computer alone. */
import { readPreference, writePreference } from "./preferences.ts";

const preference = "search.recent";
const keptAtMost = 6;

export class RecentSearches {
	#all = $state.raw<readonly string[]>(readRecent());

	/** The latest first. */
	get all(): readonly string[] {
		return this.#all;
	}

	/**
	 * Puts words first; words that were searched for before move there. Where the last ones were the
	 * beginning of these, someone paused while typing: only the whole is kept.
	 */
	remember(words: string): void {
		const [last] = this.#all;
		if (words === "" || words === last) return;
		const begun = last !== undefined && words.startsWith(last) ? last : words;
		const others = this.#all.filter((other) => other !== words && other !== begun);
		this.#keep([words, ...others].slice(0, keptAtMost));
	}

	/** Takes one of them away. */
	forget(words: string): void {
		this.#keep(this.#all.filter((other) => other !== words));
	}

	clear(): void {
		this.#keep([]);
	}

	#keep(all: readonly string[]): void {
		this.#all = all;
		writePreference(preference, JSON.stringify(all));
	}
}

/** Whatever else is stored there is left out. */
function readRecent(): string[] {
	try {
		const stored: unknown = JSON.parse(readPreference(preference) ?? "[]");
		if (!Array.isArray(stored)) return [];
		return stored.filter((words) => typeof words === "string" && words !== "").slice(0, keptAtMost);
	} catch {
		return [];
	}
}
