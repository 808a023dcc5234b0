/** @file Where the native library was not compiled, exact search serves. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { HnswIndex } from "../../engine/index/hnsw-index.ts";
import { HnswUnavailableError } from "../../engine/index/hnsw-library.ts";
import { LibraryIndex } from "../../engine/index/library-index.ts";
import { naiveSearch, randomVectors, space } from "./random-vectors.ts";

vi.mock("hnswlib-node", () => {
	throw new Error("Cannot find module 'hnswlib-node'");
});

it("says that approximate search is not installed", async () => {
	await expect(HnswIndex.create(space)).rejects.toThrow(HnswUnavailableError);
});

it("keeps a large library exact", async () => {
	const folder = mkdtempSync(join(tmpdir(), "afterimage-without-hnsw-"));
	const index = new LibraryIndex({ space, folderPath: folder, hnswAbove: 50 });
	const next = randomVectors(1);
	const vectors = new Map(Array.from({ length: 200 }, (_, label) => [label, next()]));
	for (const [label, vector] of vectors) index.set(label, vector);
	await index.settled();
	expect(await index.measuredStatus()).toMatchObject({ kind: "exact", recallAt10: 1 });
	const query = next();
	const expected = naiveSearch(vectors, query, 5).map(({ label }) => ({ label }));
	expect(await index.search(query, 5)).toMatchObject(expected);
	expect(await index.save()).toBe(true);
	index.close();
	rmSync(folder, { recursive: true });
});
