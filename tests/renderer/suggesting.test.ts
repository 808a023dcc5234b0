/** @file What is offered under the empty search box, and walking through it by keys. */
import { createRouterClient, implement } from "@orpc/server";
import { beforeEach, expect, test } from "vitest";
import { contract } from "../../contract/contract.ts";
import { RecentSearches } from "../../renderer/state/recent-searches.svelte.ts";
import { Suggesting } from "../../renderer/state/suggesting.svelte.ts";

const base = implement(contract);

/** Over a library that shows these, where these were searched for lately. */
function suggestingOver(shown: readonly string[], lately: readonly string[]) {
	const suggestions = base.search.suggestions.handler(() => [...shown]);
	const client = createRouterClient({ search: { suggestions } }, { context: {} });
	const recent = new RecentSearches();
	recent.clear();
	for (const words of lately.toReversed()) recent.remember(words);
	const taken: string[] = [];
	const suggesting = new Suggesting(client, recent);
	const press = (key: string) => suggesting.press(key, (words) => taken.push(words));
	return { suggesting, press, taken };
}

let opened: ReturnType<typeof suggestingOver>;

beforeEach(async () => {
	opened = suggestingOver(["dogs", "boats"], ["cats", "boats"]);
	await opened.suggesting.entered();
});

test("recent searches come first, and none is offered twice", () => {
	expect(opened.suggesting.options).toEqual(["cats", "boats", "dogs"]);
	expect(opened.suggesting.suggestions).toEqual(["dogs"]);
});

test("arrows lead around the list, and Enter takes what is at hand and nothing else", () => {
	const { suggesting, press, taken } = opened;
	expect(press("Enter")).toBe(false);
	for (const _ of suggesting.options) expect(press("ArrowDown")).toBe(true);
	expect(press("Enter")).toBe(true);
	press("ArrowDown");
	press("Enter");
	press("ArrowUp");
	press("Enter");
	expect(taken).toEqual(["dogs", "cats", "dogs"]);
});

test("Delete takes away a recent search, and leaves alone what the library shows", () => {
	const { suggesting, press } = opened;
	press("ArrowDown");
	expect(press("Delete")).toBe(true);
	// What was forgotten may still be shown by the library.
	expect(suggesting.options).toEqual(["boats", "dogs"]);
	press("ArrowDown");
	expect(press("Delete")).toBe(false);
	expect(suggesting.options).toEqual(["boats", "dogs"]);
});

test("Escape sends them away until the box is used again", () => {
	const { suggesting, press } = opened;
	press("ArrowDown");
	press("Escape");
	expect(suggesting.dismissed).toBe(true);
	suggesting.used();
	expect([suggesting.dismissed, suggesting.active]).toEqual([false, -1]);
});

test("where the library cannot be asked, the recent ones are still there", async () => {
	const failing = base.search.suggestions.handler(() => {
		throw new Error("Not now.");
	});
	const client = createRouterClient({ search: { suggestions: failing } }, { context: {} });
	const recent = new RecentSearches();
	recent.clear();
	recent.remember("cats");
	const suggesting = new Suggesting(client, recent);
	await suggesting.entered();
	expect(suggesting.options).toEqual(["cats"]);
});
