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

	/** Puts words first; words that were searched for before move there. */
	remember(words: string): void {
		if (words === "" || words === this.#all[0]) return;
		this.#keep([words, ...this.#all.filter((other) => other !== words)].slice(0, keptAtMost));
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
