/** @file Saved searches in the page: order, counts while waiting, names, what an open one brings along. */
import { createRouterClient, implement } from "@orpc/server";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { contract } from "../../contract/contract.ts";
import { photoIdSchema, savedSearchIdSchema } from "../../contract/ids.ts";
import type { SavedQuestion, SavedSearch } from "../../contract/saved-search.ts";
import { freeName, matchCount, suggestedName } from "../../renderer/saved/saved-words.ts";
import { Arrangement } from "../../renderer/state/arrangement.svelte.ts";
import { home, type Location } from "../../renderer/state/location.ts";
import {
	OpenSaved,
	presentQuestion,
	queryOf,
	sameQuestion,
} from "../../renderer/state/open-saved.svelte.ts";
import { SavedSearches } from "../../renderer/state/saved-searches.svelte.ts";
import { Strictness } from "../../renderer/state/strictness.svelte.ts";

const base = implement(contract);

function questionOf(query: string, change: Partial<SavedQuestion> = {}): SavedQuestion {
	return {
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
		...change,
	};
}

function savedNamed(name: string, id: number, change: Partial<SavedSearch> = {}): SavedSearch {
	return {
		id: savedSearchIdSchema.parse(id),
		name,
		question: questionOf(name),
		matches: null,
		problem: null,
		...change,
	};
}

/** Over an engine that keeps these; counts come only where `present` are asked for. */
function savedOver(all: SavedSearch[], { refusesOrder = false } = {}) {
	const orders: number[][] = [];
	const { savedSearch } = base;
	const missing = () => Promise.reject(new Error("not asked"));
	const client = createRouterClient(
		{
			savedSearch: {
				list: savedSearch.list.handler(({ input }) =>
					all.map((one) => (input.counts === "known" ? { ...one, matches: null } : one)),
				),
				save: savedSearch.save.handler(missing),
				update: savedSearch.update.handler(missing),
				remove: savedSearch.remove.handler(missing),
				restore: savedSearch.restore.handler(missing),
				run: savedSearch.run.handler(missing),
				seen: savedSearch.seen.handler(() => undefined),
				reorder: savedSearch.reorder.handler(({ input, errors }) => {
					if (refusesOrder) throw errors.DISK_FULL({ data: {} });
					orders.push([...input.ids]);
				}),
			},
		},
		{ context: {} },
	);
	return { saved: new SavedSearches(client), orders };
}

const namesOf = (saved: SavedSearches) => saved.all.map(({ name }) => name);

describe("saved searches", () => {
	it("are moved at once, and stay where they were when that fails", async () => {
		const list = [savedNamed("a", 1), savedNamed("b", 2), savedNamed("c", 3)];
		const { saved, orders } = savedOver(list);
		await saved.refresh();
		await saved.moveTo(savedSearchIdSchema.parse(3), 0);
		expect(namesOf(saved)).toEqual(["c", "a", "b"]);
		expect(orders).toEqual([[3, 1, 2]]);
		const refusing = savedOver(list, { refusesOrder: true }).saved;
		await refusing.refresh();
		await expect(refusing.moveTo(savedSearchIdSchema.parse(3), 0)).rejects.toThrow();
		expect(namesOf(refusing)).toEqual(["a", "b", "c"]);
	});

	it("show the count from before while the present one is on its way", async () => {
		const matches = { count: 3, more: false, fresh: 1, cover: null };
		const { saved } = savedOver([savedNamed("a", 1, { matches })]);
		await saved.refresh();
		const seen: (number | undefined)[] = [];
		const again = saved.refresh();
		seen.push(saved.all[0]?.matches?.count);
		await again;
		seen.push(saved.all[0]?.matches?.count);
		expect(seen).toEqual([3, 3]);
	});
});

describe("names and counts", () => {
	it("are suggested from the words, short, and free", () => {
		expect(suggestedName("dog  \\on a beach")).toBe("Dog on a beach");
		const long = suggestedName("photos of the whole family around the large table at night");
		expect(long).toBe("Photos of the whole family around the");
		const taken = [savedNamed("Dog", 1), savedNamed("dog 2", 2)];
		expect(freeName("dog", taken)).toBe("Dog 3");
		expect(freeName("cat", taken)).toBe("Cat");
	});

	it("say where not all were counted", () => {
		expect(matchCount({ count: 5000, more: true, fresh: 0, cover: null })).toMatch(/^5\D?000\+$/);
		expect(matchCount(null)).toBe("");
	});
});

describe("the open saved search", () => {
	beforeEach(() => {
		const kept = new Map<string, string>();
		vi.stubGlobal("localStorage", {
			getItem: (key: string) => kept.get(key) ?? null,
			setItem: (key: string, value: string) => kept.set(key, value),
		});
	});
	afterEach(() => vi.unstubAllGlobals());

	function opened(saved: SavedSearch, location: Partial<Location>) {
		const place: Location = { ...home, ...location };
		return {
			arrangement: new Arrangement(),
			strictness: new Strictness(),
			navigation: place,
			saved: {
				find: (id: number | null) => (id === saved.id ? saved : undefined),
				seen: async () => undefined,
			},
		};
	}

	it("brings its order, groups and strictness, and gives the person's own back", () => {
		const question = questionOf("dog", { order: "date", grouping: "day", strictness: 0.6 });
		const one = savedNamed("dog", 1, { question });
		const around = opened(one, { query: { kind: "text", text: "dog" }, savedId: one.id });
		around.strictness.set(0.2);
		const open = new OpenSaved(around);
		open.follow();
		expect([around.arrangement.order, around.arrangement.grouping]).toEqual(["date", "day"]);
		expect(around.strictness.value).toBe(0.6);
		expect(open.isChanged).toBe(false);
		around.arrangement.setGrouping("place");
		expect(open.isChanged).toBe(true);
		Object.assign(around.navigation, { savedId: null });
		open.follow();
		expect([around.arrangement.order, around.arrangement.grouping]).toEqual(["relevance", "none"]);
		expect(around.strictness.value).toBe(0.2);
	});

	it("keeps example pictures and judged hits, but no picture from outside", () => {
		const ids = [1, 2].map((id) => photoIdSchema.parse(id));
		const question = questionOf("at night", {
			examples: [{ source: { kind: "photos", ids }, weight: 0.5 }],
			liked: ids.slice(0, 1),
		});
		const one = savedNamed("night", 1, { question });
		const around = opened(one, { query: queryOf(question) });
		const present = presentQuestion(around);
		expect(present !== null && sameQuestion(present, question)).toBe(true);
		Object.assign(around.navigation, { query: { kind: "picture", key: 3 } });
		expect(presentQuestion(around)).toBeNull();
	});
});
