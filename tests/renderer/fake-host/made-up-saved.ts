/** @file Saved searches in memory, with counts that are made up. */
import type { PhotoId, SavedSearchId } from "../../../contract/ids.ts";
import { savedSearchIdSchema } from "../../../contract/ids.ts";
import type { SavedQuestion, SavedSearch } from "../../../contract/saved-search.ts";

const question = (query: string): SavedQuestion => ({
	query,
	plain: [],
	examples: [],
	liked: [],
	disliked: [],
	folderId: null,
	strictness: 0.3,
	order: "relevance",
	grouping: "none",
	drawn: "hidden",
});

/** A few to begin with. */
export class MadeUpSaved {
	#all: SavedSearch[] = [];
	readonly #removed = new Map<SavedSearchId, SavedSearch>();
	readonly #coverOf: (seed: number) => PhotoId;
	#lastId = 0;

	constructor(coverOf: (seed: number) => PhotoId, filled: boolean) {
		this.#coverOf = coverOf;
		if (!filled) return;
		this.save("Beaches without people", question("beach -people"));
		this.save("Lisbon 2024", { ...question("in Lisbon 2024"), order: "date", grouping: "day" });
		this.save("Birthday cakes and everything around them", question("birthday cake"));
	}

	get all(): readonly SavedSearch[] {
		return this.#all;
	}

	save(name: string, asked: SavedQuestion): SavedSearch {
		this.#lastId += 1;
		const saved: SavedSearch = {
			id: savedSearchIdSchema.parse(this.#lastId),
			name: name.trim(),
			question: asked,
			matches: {
				count: 7 + this.#lastId * 31,
				more: false,
				fresh: this.#lastId === 2 ? 3 : 0,
				cover: { id: this.#coverOf(this.#lastId * 11), version: 1 },
			},
			problem: null,
		};
		this.#all = [...this.#all, saved];
		return saved;
	}

	change(id: SavedSearchId, change: Partial<SavedSearch>): SavedSearch | undefined {
		this.#all = this.#all.map((one) => (one.id === id ? { ...one, ...change } : one));
		return this.#all.find((one) => one.id === id);
	}

	remove(id: SavedSearchId): void {
		const gone = this.#all.find((one) => one.id === id);
		if (gone !== undefined) this.#removed.set(id, gone);
		this.#all = this.#all.filter((one) => one.id !== id);
	}

	restore(id: SavedSearchId): SavedSearch | undefined {
		const back = this.#removed.get(id);
		if (back !== undefined) this.#all = [...this.#all, back].sort((a, b) => a.id - b.id);
		return back;
	}

	reorder(ids: readonly SavedSearchId[]): void {
		const place = (id: SavedSearchId) => (ids.includes(id) ? ids.indexOf(id) : ids.length);
		this.#all = this.#all.toSorted((one, other) => place(one.id) - place(other.id));
	}
}
