/** @file Offers while typing: after a pause, never of old words, gone when one moves on. */
import { createRouterClient, implement } from "@orpc/server";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { contract } from "../../contract/contract.ts";
import { savedSearchIdSchema } from "../../contract/ids.ts";
import type { SavedSearch } from "../../contract/saved-search.ts";
import { Completing } from "../../renderer/state/completing.svelte.ts";

const base = implement(contract);

function savedNamed(name: string, id: number): SavedSearch {
	return {
		id: savedSearchIdSchema.parse(id),
		name,
		question: {
			query: "x",
			plain: [],
			examples: [],
			liked: [],
			disliked: [],
			folderId: null,
			strictness: 0.3,
			order: "relevance",
			grouping: "none",
			drawn: "hidden",
		},
		matches: null,
		problem: null,
	};
}

/** Over an engine that offers the words typed with an ending. */
function completingOver(saved: readonly SavedSearch[] = []) {
	const asked: string[] = [];
	const complete = base.search.complete.handler(({ input: { query } }) => {
		asked.push(query);
		return ["one", "two"].map((ending) => ({
			kind: "word" as const,
			text: ending,
			query: `${query} ${ending}`,
			photos: null,
		}));
	});
	const client = createRouterClient({ search: { complete } }, { context: {} });
	const completing = new Completing(client, () => saved);
	const words = () =>
		completing.offers.map((offer) =>
			offer.kind === "saved" ? offer.saved.name : offer.completion.query,
		);
	return { completing, asked, words };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("asks once for words typed in one go, and offers saved searches first", async () => {
	const { completing, asked, words } = completingOver([
		savedNamed("My dogs", 1),
		savedNamed("Cats", 2),
	]);
	for (const text of ["d", "do", "dog"]) void completing.typed(text);
	await vi.advanceTimersByTimeAsync(200);
	expect(asked).toEqual(["dog"]);
	expect(words()).toEqual(["My dogs", "dog one", "dog two"]);
});

test("what is offered stays until there is something newer, and goes with the words", async () => {
	const { completing, words } = completingOver();
	void completing.typed("dog");
	await vi.advanceTimersByTimeAsync(200);
	void completing.typed("dogs");
	await vi.advanceTimersByTimeAsync(50);
	expect(words()).toEqual(["dog one", "dog two"]);
	await vi.advanceTimersByTimeAsync(200);
	expect(words()).toEqual(["dogs one", "dogs two"]);
	void completing.typed("d");
	expect(words()).toEqual([]);
});

test("goes away by itself, unless one is at hand or pointed at", async () => {
	const { completing, words } = completingOver();
	void completing.typed("dog");
	await vi.advanceTimersByTimeAsync(200);
	await vi.advanceTimersByTimeAsync(5100);
	expect(words()).toEqual([]);
	void completing.typed("dog");
	await vi.advanceTimersByTimeAsync(200);
	expect(completing.step(1)).toBe(true);
	await vi.advanceTimersByTimeAsync(60_000);
	expect(words()).toHaveLength(2);
	expect(completing.step(-1)).toBe(true);
	expect(completing.active).toBe(-1);
	completing.hold(true);
	await vi.advanceTimersByTimeAsync(60_000);
	expect(words()).toHaveLength(2);
});

test("a step past the last one leaves the list, and closing forgets the question under way", async () => {
	const { completing, words } = completingOver();
	void completing.typed("dog");
	await vi.advanceTimersByTimeAsync(200);
	expect([completing.step(1), completing.step(1), completing.step(1)]).toEqual([true, true, false]);
	expect(words()).toEqual([]);
	void completing.typed("cat");
	completing.close();
	await vi.advanceTimersByTimeAsync(1000);
	expect(words()).toEqual([]);
});
