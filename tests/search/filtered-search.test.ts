/** @file Filters, exclusions and order through the whole engine, with the demo photos and the real encoder. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRouterClient } from "@orpc/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { EngineClient } from "../../contract/contract.ts";
import { openLibrary } from "../../engine/engine.ts";
import type { OpenLibrary } from "../../engine/open-library.ts";
import { resourcesPath, untilSearchable } from "../engine/open-test-library.ts";

const demoPhotos = 37;
const root = mkdtempSync(join(tmpdir(), "afterimage-filtered-"));
let library: OpenLibrary;
let client: EngineClient;

beforeAll(async () => {
	library = await openLibrary({
		libraryPath: join(root, "library"),
		resourcesPath,
		version: "0.0.0-test",
		live: false,
	});
	client = createRouterClient(library.router);
	await client.folder.add({ path: join(resourcesPath, "demo-photos") });
	await untilSearchable(client, demoPhotos);
});

afterAll(async () => {
	await library.close();
	rmSync(root, { recursive: true, force: true });
});

const namesOf = (hits: readonly { path: string }[]) =>
	hits.map(({ path }) => path.slice(path.lastIndexOf("/") + 1));

test("text is ranked among the photos that pass the filters", async () => {
	const all = await client.search.text({ query: "a cat" });
	expect(all.searched).toBe(demoPhotos);
	const { hits, parsed, searched, order } = await client.search.text({
		query: "a cat type:webp",
	});
	expect(order).toBe("relevance");
	expect(parsed?.parts.map(({ kind }) => kind)).toEqual(["text", "format"]);
	expect(searched).toBe(hits.length);
	expect(hits.length).toBeGreaterThan(0);
	expect(namesOf(hits).every((name) => name.endsWith(".webp"))).toBe(true);
	const ranked = namesOf(all.hits).filter((name) => name.endsWith(".webp"));
	expect(namesOf(hits)).toEqual(ranked);
});

test("filters alone list the photos newest first, as certain as a filter is", async () => {
	const { hits, order, verdict } = await client.search.text({ query: "type:webp" });
	expect(order).toBe("date");
	expect(verdict).toBe("match");
	expect(hits.every(({ similarity, confidence }) => similarity === 0 && confidence === 1)).toBe(
		true,
	);
	const taken = await Promise.all(
		hits.map(async ({ id }) => (await client.photo.detail({ id })).takenAtMs),
	);
	expect(taken).toEqual(taken.toSorted((a, b) => b - a));
});

test("filters that nothing passes find nothing, and say so", async () => {
	const result = await client.search.text({ query: "a cat before 1900" });
	expect(result).toMatchObject({ hits: [], searched: 0, verdict: "nothing" });
});

test("what is excluded falls behind, and its cosine is still told", async () => {
	const plain = await client.search.text({ query: "an animal" });
	const without = await client.search.text({ query: "an animal -dog" });
	const rank = (result: typeof plain) => namesOf(result.hits).indexOf("two-dogs-at-a-window.jpg");
	expect(rank(without)).toBeGreaterThan(rank(plain));
	const cosine = (result: typeof plain) => result.hits[rank(result)]?.similarity;
	expect(cosine(without)).toBeCloseTo(cosine(plain) ?? Number.NaN, 4);
	const noDogs = await client.search.text({ query: "-dog" });
	expect(noDogs.hits.length).toBeLessThan(demoPhotos);
	expect(namesOf(noDogs.hits)).not.toContain("two-dogs-at-a-window.jpg");
});

test("the most relevant can be ordered by date", async () => {
	const { hits, order } = await client.search.text({ query: "water", order: "date", limit: 10 });
	const best = await client.search.text({ query: "water", limit: 10 });
	expect(order).toBe("date");
	expect(namesOf(hits).toSorted()).toEqual(namesOf(best.hits).toSorted());
	const taken = await Promise.all(
		hits.map(async ({ id }) => (await client.photo.detail({ id })).takenAtMs),
	);
	expect(taken).toEqual(taken.toSorted((a, b) => b - a));
});

test("a part made plain is searched for as text", async () => {
	const query = "cat type:webp";
	const { parsed, searched } = await client.search.text({
		query,
		plain: [{ start: 4, end: query.length }],
	});
	expect(parsed?.parts).toMatchObject([{ kind: "text", text: query }]);
	expect(searched).toBe(demoPhotos);
	expect(await client.search.parse({ query })).toMatchObject({
		source: query,
		parts: [{ kind: "text" }, { kind: "format" }],
	});
});

test.each([
	["tag:/", "no tag"],
	["rating:6", "no rating"],
	["is:painted", "generated or photographed"],
	["place:Nowhereville", "Nowhereville"],
	["type:docx", "no type of picture"],
	["  ", "Type what the picture shows"],
	["a".repeat(2001), "2001 characters"],
])("%s is refused with a sentence", async (query, words) => {
	await expect(client.search.text({ query })).rejects.toMatchObject({
		code: "INVALID_QUERY",
		message: expect.stringContaining(words),
	});
});

test("a query that would be refused can still be shown while it is typed", async () => {
	const { parts } = await client.search.parse({ query: "dog rating:many" });
	expect(parts.map(({ kind }) => kind)).toEqual(["text", "refused"]);
});
