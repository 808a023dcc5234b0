/** @file Search state: the newest question wins, and what is shown stays until it is answered. */
import { createRouterClient, implement } from "@orpc/server";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contract } from "../../contract/contract.ts";
import { encoderIdSchema, type PhotoId, photoIdSchema } from "../../contract/ids.ts";
import type { SearchResult } from "../../contract/search.ts";
import { LatestOnly, superseded } from "../../renderer/state/latest-only.ts";
import { QueryPictures } from "../../renderer/state/query-pictures.ts";
import { Search } from "../../renderer/state/search.svelte.ts";

const base = implement(contract);

function resultFor(id: number): SearchResult {
	return {
		encoder: encoderIdSchema.parse("fake-1"),
		tookMs: 1,
		searched: 10,
		shortened: false,
		verdict: "match",
		confidence: 0.8,
		parsed: null,
		order: "relevance",
		ranked: true,
		groups: null,
		hiddenDrawn: 0,
		hits: [
			{
				id: photoIdSchema.parse(id),
				similarity: 0.5,
				confidence: 0.8,
				band: "strong",
				aspectPermille: 1500,
				version: 1,
				path: "/photos/one.jpg",
				offline: false,
				generated: false,
				why: [],
			},
		],
	};
}

/** A search over an engine that answers when told; questions arrive in `asked`. */
function searchWithHeldAnswers() {
	const asked: {
		query: string;
		signal: AbortSignal | undefined;
		answer: (id: number) => void;
		refuse: () => void;
	}[] = [];
	let arrived = () => {};
	const text = base.search.text.handler(
		({ input, signal, errors }) =>
			new Promise<SearchResult>((resolve, reject) => {
				asked.push({
					query: input.query,
					signal,
					answer: (id) => resolve(resultFor(id)),
					refuse: () => reject(errors.INVALID_QUERY({ message: "That cannot be read.", data: {} })),
				});
				arrived();
			}),
	);
	const client = createRouterClient(
		{
			search: {
				text,
				parse: base.search.parse.handler(({ input }) => ({ source: input.query, parts: [] })),
				image: base.search.image.handler(() => resultFor(1)),
				similar: base.search.similar.handler(() => resultFor(1)),
				keepPicture: base.search.keepPicture.handler(() => ({ key: "kept" })),
				suggestions: base.search.suggestions.handler(() => []),
			},
		},
		{ context: {} },
	);
	const search = new Search(client, new QueryPictures());
	const question = async (number: number) => {
		while (asked.length < number) {
			await new Promise<void>((resolve) => {
				arrived = resolve;
			});
		}
		const found = asked[number - 1];
		if (found === undefined) throw new Error("The question did not arrive.");
		return found;
	};
	return { search, asked, question };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 10));
const shownIds = (search: Search): readonly PhotoId[] => search.list.ids;

describe("search", () => {
	it("shows the last answer until the next one is there", async () => {
		const { search, question } = searchWithHeldAnswers();
		search.set({ kind: "text", text: "beach" }, null);
		(await question(1)).answer(1);
		await settle();
		expect(shownIds(search)).toEqual([1]);

		search.set({ kind: "text", text: "beach at sunset" }, null);
		const second = await question(2);
		expect(search.status).toBe("searching");
		expect(shownIds(search)).toEqual([1]);
		second.answer(2);
		await settle();
		expect(search.status).toBe("answered");
		expect(shownIds(search)).toEqual([2]);
	});

	it("never lets a stale answer win, and aborts its question", async () => {
		const { search, question } = searchWithHeldAnswers();
		search.set({ kind: "text", text: "dog" }, null);
		const stale = await question(1);
		search.set({ kind: "text", text: "dog in snow" }, null);
		const fresh = await question(2);
		expect(stale.signal?.aborted).toBe(true);
		fresh.answer(2);
		await settle();
		stale.answer(1);
		await settle();
		expect(shownIds(search)).toEqual([2]);
	});

	it("asks once for words typed in one go", async () => {
		const { search, asked, question } = searchWithHeldAnswers();
		for (const text of ["b", "be", "bea", "beach"]) search.set({ kind: "text", text }, null);
		expect((await question(1)).query).toBe("beach");
		await settle();
		expect(asked).toHaveLength(1);
	});

	it("keeps the results and tells the engine's reason when a search is refused", async () => {
		const { search, question } = searchWithHeldAnswers();
		search.set({ kind: "text", text: "cat" }, null);
		(await question(1)).answer(1);
		await settle();
		search.set({ kind: "text", text: "cat?" }, null);
		(await question(2)).refuse();
		await settle();
		expect(search.status).toBe("failed");
		expect(search.problem).toBe("That cannot be read.");
		expect(shownIds(search)).toEqual([1]);
	});

	it("ends without an answer when the query is cleared", async () => {
		const { search, question } = searchWithHeldAnswers();
		search.set({ kind: "text", text: "cat" }, null);
		const first = await question(1);
		search.set(null, null);
		first.answer(1);
		await settle();
		expect(search.answer).toBeNull();
		expect(search.status).toBe("idle");
	});

	it("says so when the picture searched by is gone", async () => {
		const { search } = searchWithHeldAnswers();
		search.set({ kind: "picture", key: 5 }, null);
		await settle();
		expect(search.status).toBe("failed");
		expect(search.problem).toContain("no longer at hand");
	});
});

describe("of questions asked in a row", () => {
	it("only the last gives an answer, in whatever order answers come", async () => {
		await fc.assert(
			fc.asyncProperty(fc.scheduler(), fc.integer({ min: 1, max: 8 }), async (scheduler, count) => {
				const questions = new LatestOnly();
				const answers = Array.from({ length: count }, (_, number) =>
					questions.ask(() => scheduler.schedule(Promise.resolve(number)), 0),
				);
				await scheduler.waitAll();
				expect(await Promise.all(answers)).toEqual(
					Array.from({ length: count }, (_, number) =>
						number === count - 1 ? number : superseded,
					),
				);
			}),
		);
	});
});
