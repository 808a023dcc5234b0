/** @file The saved searches, with what they find at present. */
import type { EngineClient } from "../../contract/contract.ts";
import type { SavedSearchId } from "../../contract/ids.ts";
import type { SavedQuestion, SavedSearch } from "../../contract/saved-search.ts";
import { problemSentence } from "./problem.ts";

/** While photos stream in, counting again and again would only slow reading down: */
const soonestMs = 4000;
const latestMs = 60_000;
/** counting may take one part of so many of the engine's time. */
const sharedBy = 10;

export class SavedSearches {
	#all = $state.raw<readonly SavedSearch[]>([]);
	#status = $state<"loading" | "ready" | "failed">("loading");
	#problem = $state("");
	#latest = 0;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#lastTookMs = 0;
	readonly #client: Pick<EngineClient, "savedSearch">;

	constructor(client: Pick<EngineClient, "savedSearch">) {
		this.#client = client;
	}

	/** In the person's order. */
	get all(): readonly SavedSearch[] {
		return this.#all;
	}

	get status(): "loading" | "ready" | "failed" {
		return this.#status;
	}

	/** Why they cannot be listed, when `status` is `failed`. */
	get problem(): string {
		return this.#problem;
	}

	find(id: SavedSearchId | null): SavedSearch | undefined {
		return this.#all.find((saved) => saved.id === id);
	}

	/** Names at once, counts when they are there. */
	async refresh(): Promise<void> {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		this.#latest += 1;
		const asked = this.#latest;
		const startedAt = performance.now();
		try {
			for (const counts of ["known", "present"] as const) {
				const listed = await this.#client.savedSearch.list({ counts });
				if (asked !== this.#latest) return;
				this.#all = counts === "known" ? keepingCounts(listed, this.#all) : listed;
				this.#status = "ready";
			}
			this.#lastTookMs = performance.now() - startedAt;
		} catch (error) {
			if (asked !== this.#latest) return;
			this.#problem = problemSentence(error);
			if (this.#status === "loading") this.#status = "failed";
		}
	}

	/** Photos came or went; several such words in a row lead to one look. */
	refreshSoon(): void {
		const pauseMs = Math.min(latestMs, Math.max(soonestMs, this.#lastTookMs * sharedBy));
		this.#timer ??= setTimeout(() => void this.refresh(), pauseMs);
	}

	/** Throws the engine's refusal, as do all that follow. */
	async save(name: string, question: SavedQuestion): Promise<SavedSearch> {
		const saved = await this.#client.savedSearch.save({ name, question });
		await this.refresh();
		return saved;
	}

	async rename(id: SavedSearchId, name: string): Promise<void> {
		await this.#client.savedSearch.update({ id, name });
		await this.refresh();
	}

	async change(id: SavedSearchId, question: SavedQuestion): Promise<void> {
		await this.#client.savedSearch.update({ id, question });
		await this.refresh();
	}

	async remove(id: SavedSearchId): Promise<void> {
		await this.#client.savedSearch.remove({ id });
		await this.refresh();
	}

	async restore(id: SavedSearchId): Promise<void> {
		await this.#client.savedSearch.restore({ id });
		await this.refresh();
	}

	/** Moves one to another place in the list; shown at once, and taken back where it fails. */
	async moveTo(id: SavedSearchId, place: number): Promise<void> {
		const before = this.#all;
		const moved = before.find((saved) => saved.id === id);
		if (moved === undefined) return;
		const others = before.filter((saved) => saved.id !== id);
		const at = Math.min(others.length, Math.max(0, place));
		this.#all = [...others.slice(0, at), moved, ...others.slice(at)];
		try {
			await this.#client.savedSearch.reorder({ ids: this.#all.map((saved) => saved.id) });
		} catch (error) {
			this.#all = before;
			throw error;
		}
	}

	/** The person looks at what it finds. */
	async seen(id: SavedSearchId): Promise<void> {
		await this.#client.savedSearch.seen({ id });
	}

	dispose(): void {
		clearTimeout(this.#timer);
	}
}

/** A count from before is better than none while the present one is on its way. */
function keepingCounts(
	listed: readonly SavedSearch[],
	before: readonly SavedSearch[],
): SavedSearch[] {
	return listed.map((saved) => {
		const known = before.find(({ id }) => id === saved.id);
		if (saved.matches !== null || saved.problem !== null || known === undefined) return saved;
		const sameQuestion = JSON.stringify(known.question) === JSON.stringify(saved.question);
		return sameQuestion ? { ...saved, matches: known.matches } : saved;
	});
}
