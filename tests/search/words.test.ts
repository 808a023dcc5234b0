/** @file Words and pictures together, through the whole engine with the real encoder. */
import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRouterClient } from "@orpc/server";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EngineClient } from "../../contract/contract.ts";
import type { SearchResult } from "../../contract/search.ts";
import { openLibrary } from "../../engine/engine.ts";
import type { OpenLibrary } from "../../engine/open-library.ts";
import { resourcesPath, untilSearchable } from "../engine/open-test-library.ts";

const root = mkdtempSync(join(tmpdir(), "afterimage-words-"));
const photosPath = join(root, "Pictures of 2019");
let library: OpenLibrary;
let client: EngineClient;

const copies: [from: string, to: string][] = [
	["two-dogs-at-a-window.jpg", "Rex/IMG_0001.jpg"],
	["chelsea-the-cat.jpg", "IMG_0002.jpg"],
	["cup-of-coffee.jpg", "Breakfast with Aurélie.jpg"],
	["rocket-launch.jpg", "IMG_0004.jpg"],
	["mountain-meadow.jpg", "blackCat sunset.jpg"],
	["brick-wall.jpg", "IMG_0006.jpg"],
	["grass.jpg", "東京タワー.jpg"],
	["dandelions.jpg", "IMG_0008.jpg"],
];

beforeAll(async () => {
	for (const [from, to] of copies) {
		mkdirSync(join(photosPath, to, ".."), { recursive: true });
		cpSync(join(resourcesPath, "demo-photos", from), join(photosPath, to));
	}
	library = await openLibrary({
		libraryPath: join(root, "library"),
		resourcesPath,
		version: "0.0.0-test",
		live: false,
	});
	client = createRouterClient(library.router);
	await client.folder.add({ path: photosPath });
	await untilSearchable(client, copies.length);
});

afterAll(async () => {
	await library.close();
	rmSync(root, { recursive: true, force: true });
});

const fileName = (hit: { path: string } | undefined) =>
	hit?.path.slice(photosPath.length + 1) ?? "nothing";

const wordsOf = (result: SearchResult, at = 0) =>
	(result.hits[at]?.why ?? []).flatMap((reason) => (reason.kind === "words" ? reason : []));

describe("a word that stands in a name", () => {
	test("finds its photo first, whatever that looks like, and says where it stands", async () => {
		const result = await client.search.text({ query: "aurelie" });
		expect(fileName(result.hits[0])).toBe("Breakfast with Aurélie.jpg");
		expect(result.verdict).toBe("match");
		expect(result.hits[0]?.band).toBe("strong");
		expect(result.hits[0]?.why[0]).toEqual({
			kind: "words",
			source: "name",
			excerpt: "Breakfast with Aurélie",
			marks: [{ start: 15, end: 22 }],
		});
		expect(result.confidence).toBe(result.hits[0]?.confidence);
	});

	test.each([
		["rex", "Rex/IMG_0001.jpg"],
		["a photo of Rex", "Rex/IMG_0001.jpg"],
		["meadows at sunset", "blackCat sunset.jpg"],
		["東京", "東京タワー.jpg"],
		["タワーの写真", "東京タワー.jpg"],
		["0006", "IMG_0006.jpg"],
		["img0006", "IMG_0006.jpg"],
	])("%s finds %s", async (query, name) => {
		const { hits, verdict } = await client.search.text({ query });
		expect(fileName(hits[0])).toBe(name);
		expect(verdict).toBe("match");
	});

	test("does not push away a photo that shows what was asked for", async () => {
		const { hits } = await client.search.text({ query: "a cat" });
		const best = hits.slice(0, 2).map(fileName);
		expect(best).toContain("IMG_0002.jpg");
		expect(best).toContain("blackCat sunset.jpg");
		const shown = hits.find((hit) => fileName(hit) === "IMG_0002.jpg");
		expect(shown?.why).toEqual([
			{ kind: "looks-like", confidence: expect.closeTo(shown?.confidence ?? 0) },
		]);
	});

	test("that all photos have says nothing", async () => {
		const { hits } = await client.search.text({ query: "2019 pictures" });
		const confidences = hits.map(({ confidence }) => confidence);
		expect(Math.max(...confidences)).toBeLessThan(0.85);
	});
});

test("one word of several that are asked for lifts a photo, and does not make it certain", async () => {
	const { hits } = await client.search.text({ query: "Rex chasing a ball" });
	expect(hits.find((hit) => fileName(hit) === "Rex/IMG_0001.jpg")?.why).toContainEqual(
		expect.objectContaining({ kind: "words", source: "folder" }),
	);
	const alone = await client.search.text({ query: "an euphonium of Rex" });
	expect(alone.hits.every(({ band }) => band !== "strong")).toBe(true);
});

test("what nobody wrote and nothing shows is still nothing", async () => {
	const { verdict, hits } = await client.search.text({ query: "euphonium" });
	expect(verdict).toBe("nothing");
	expect(hits.flatMap(({ why }) => why).every(({ kind }) => kind === "looks-like")).toBe(true);
});

test("filters hold for what words find, and are reasons too", async () => {
	const { hits } = await client.search.text({ query: "cat -folder:Rex name:IMG" });
	expect(hits.map(fileName)).not.toContain("blackCat sunset.jpg");
	expect(hits[0]?.why.slice(-2)).toEqual([
		{ kind: "filter", part: 1 },
		{ kind: "filter", part: 2 },
	]);
});

test("what is excluded weighs on what words find", async () => {
	const { hits } = await client.search.text({ query: "rex -dogs" });
	expect(hits).toHaveLength(copies.length);
	expect(wordsOf({ hits } as SearchResult)).toHaveLength(1);
});

describe("quoted words", () => {
	test("are found in names by their characters and say where they stand", async () => {
		const result = await client.search.text({ query: '"with aurélie"' });
		expect(result.hits.map(fileName)).toEqual(["Breakfast with Aurélie.jpg"]);
		expect(wordsOf(result)).toMatchObject([{ source: "name" }]);
		const { hits } = await client.search.text({ query: '"G_000"' });
		expect(hits).toHaveLength(5);
	});

	test("are looked for before what else is asked", async () => {
		const { hits } = await client.search.text({ query: 'a dog "Rex"' });
		expect(hits.map(fileName)).toEqual(["Rex/IMG_0001.jpg"]);
		expect(hits[0]?.why.map(({ kind }) => kind)).toEqual(["looks-like", "words", "filter"]);
	});
});

test("a renamed photo is found by its new name and no longer by its old one", async () => {
	renameSync(join(photosPath, "IMG_0008.jpg"), join(photosPath, "Grandmother.jpg"));
	const [folder] = await client.folder.list();
	if (folder === undefined) throw new Error("The folder is gone.");
	await client.folder.rescan({ id: folder.id });
	const byName = async (query: string) => fileName((await client.search.text({ query })).hits[0]);
	await expect.poll(() => byName("grandmother")).toBe("Grandmother.jpg");
	const { hits } = await client.search.text({ query: '"IMG_0008"' });
	expect(hits).toEqual([]);
	renameSync(join(photosPath, "Grandmother.jpg"), join(photosPath, "IMG_0008.jpg"));
	await client.folder.rescan({ id: folder.id });
	await expect.poll(() => byName("0008")).toBe("IMG_0008.jpg");
});

describe("while one types", () => {
	const completed = async (query: string) =>
		(await client.search.complete({ query })).map((one) => one.query);

	test("words of names go on as they are written", async () => {
		expect(await completed("a walk with aur")).toContain("a walk with aurelie");
		expect(await completed("folder:re")).toEqual(['folder:"Pictures of 2019/Rex"']);
		expect(await completed("rating:>")).toEqual(["rating:>=3", "rating:>=4"]);
		expect(await completed("")).toEqual([]);
		expect(await completed("rex ")).toEqual([]);
	});

	test("every completion of anything is a query that can be read, within the limit", async () => {
		const pieces = fc.constantFrom(
			...'tag: folder: in near: " - re im 20 cat 東 ( * \\ : is: %'.split(" "),
		);
		await fc.assert(
			fc.asyncProperty(
				fc.oneof(
					fc.array(pieces).map((some) => some.join(" ")),
					fc.string({ maxLength: 40 }),
				),
				async (query) => {
					const completions = await client.search.complete({ query, limit: 3 });
					expect(completions.length).toBeLessThanOrEqual(3);
					for (const one of completions) await client.search.parse({ query: one.query });
				},
			),
			{ numRuns: 200 },
		);
	});
});

test("nothing that is typed upsets the search for words", async () => {
	const pieces = fc.constantFrom(
		'"',
		"*",
		"NEAR(",
		"rex",
		"OR",
		"{name}",
		":",
		"東京",
		"\0",
		"-",
		"^",
	);
	await fc.assert(
		fc.asyncProperty(fc.array(pieces, { minLength: 1, maxLength: 6 }), async (some) => {
			const query = `rex ${some.join("")} \\${some.join(" ")}`;
			const { hits } = await client.search.text({ query, limit: 5 });
			for (const { why } of hits) {
				for (const reason of why) {
					if (reason.kind !== "words") continue;
					for (const { start, end } of reason.marks) {
						expect(reason.excerpt.slice(start, end)).not.toBe("");
					}
				}
			}
		}),
		{ numRuns: 40 },
	);
});
