/** @file Recent searches: the latest first, each once, only a few, and whatever storage holds. */
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { RecentSearches } from "../../renderer/state/recent-searches.svelte.ts";

/** A storage in memory with this text under the key of recent searches. */
function storageWith(text: string | null): Map<string, string> {
	const kept = new Map(text === null ? [] : [["afterimage.search.recent", text]]);
	vi.stubGlobal("localStorage", {
		getItem: (key: string) => kept.get(key) ?? null,
		setItem: (key: string, value: string) => kept.set(key, value),
	});
	return kept;
}

afterEach(() => vi.unstubAllGlobals());

describe("recent searches", () => {
	it("are the latest few, each once, and outlive the page", () => {
		storageWith(null);
		fc.assert(
			fc.property(fc.array(fc.constantFrom(..."abcdefghij"), { minLength: 1 }), (searches) => {
				const recent = new RecentSearches();
				recent.clear();
				for (const words of searches) recent.remember(words);
				const latestFirst = [...new Set(searches.toReversed())].slice(0, 6);
				expect(recent.all).toEqual(latestFirst);
				expect(new RecentSearches().all).toEqual(latestFirst);
			}),
		);
	});

	it("keep only the whole of what was typed with a pause", () => {
		storageWith(null);
		const recent = new RecentSearches();
		for (const words of ["cat", "dog", "dog on", "dog on a beach"]) recent.remember(words);
		expect(recent.all).toEqual(["dog on a beach", "cat"]);
	});

	it("can be forgotten one by one", () => {
		storageWith('["dog","cat"]');
		const recent = new RecentSearches();
		recent.forget("dog");
		recent.forget("bird");
		expect(new RecentSearches().all).toEqual(["cat"]);
	});

	it("are forgotten when cleared", () => {
		const kept = storageWith('["dog"]');
		const recent = new RecentSearches();
		expect(recent.all).toEqual(["dog"]);
		recent.clear();
		expect(recent.all).toEqual([]);
		expect([...kept.values()]).toEqual(["[]"]);
	});

	it.each(["", "{", "7", '{"a":1}', "[null,3,[]]"])("do not mind %j in storage", (text) => {
		storageWith(text);
		expect(new RecentSearches().all).toEqual([]);
	});
});
