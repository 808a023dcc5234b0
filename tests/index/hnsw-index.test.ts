/** @file The graph index: conformance, filling up in slices, and agreement with an exact index. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ExactIndex } from "../../engine/index/exact-index.ts";
import { HnswIndex } from "../../engine/index/hnsw-index.ts";
import { describeConformance } from "./conformance.ts";
import { naiveSearch, randomVectors, space } from "./random-vectors.ts";

describeConformance({
	name: "the graph index",
	create: (wanted) => HnswIndex.create(wanted),
	load: (path, wanted) => HnswIndex.load(path, wanted),
});

function fill(index: ExactIndex, count: number, seed = 3): Map<number, Float32Array> {
	const next = randomVectors(seed);
	const vectors = new Map(Array.from({ length: count }, (_, label) => [label, next()]));
	for (const [label, vector] of vectors) index.set(label, vector);
	return vectors;
}

describe("the graph index", () => {
	it("searches exactly until every vector is linked, changes in between included", async () => {
		const exact = new ExactIndex(space);
		const vectors = fill(exact, 300);
		const index = await HnswIndex.create(space, {}, exact);
		const query = randomVectors(8)();
		let slices = 0;
		expect(index.complete).toBe(false);
		while (!index.catchUp(0)) {
			slices++;
			if (slices === 20) {
				index.set(5, query);
				vectors.set(5, query);
				index.set(1000, query);
				vectors.set(1000, query);
				index.remove(250);
				vectors.delete(250);
			}
			if (slices % 50 === 0) {
				expect(await index.search(query, 5)).toMatchObject(labels(vectors, query));
			}
		}
		expect(slices).toBeGreaterThan(250);
		expect(index.complete).toBe(true);
		expect(await index.search(query, 5)).toMatchObject(labels(vectors, query));
	});

	it("grows past its first capacity and finds nearly all true neighbours", async () => {
		const exact = new ExactIndex(space);
		const vectors = fill(exact, 2500);
		const index = await HnswIndex.create(space, { searchWidth: 200 }, exact);
		while (!index.catchUp(100)) expect(index.size).toBe(2500);
		const next = randomVectors(12);
		let found = 0;
		for (let at = 0; at < 50; at++) {
			const query = next();
			const truth = new Set(naiveSearch(vectors, query, 10).map(({ label }) => label));
			found += (await index.search(query, 10)).filter(({ label }) => truth.has(label)).length;
		}
		expect(found / 500).toBeGreaterThan(0.98);
	});

	it("loaded beside vectors that have changed since, links only what differs", async () => {
		const folder = mkdtempSync(join(tmpdir(), "afterimage-graph-"));
		const path = join(folder, "graph.hnsw");
		const before = new ExactIndex(space);
		const vectors = fill(before, 200);
		const saved = await HnswIndex.create(space, {}, before);
		saved.catchUp(10_000);
		await saved.save(path);
		expect(saved.unsaved).toBe(false);

		const same = new ExactIndex(space);
		for (const [label, vector] of vectors) same.set(label, vector);
		const unchanged = await HnswIndex.load(path, space, {}, same);
		unchanged.catchUp(10_000);
		expect(unchanged.unsaved).toBe(false);

		const query = randomVectors(21)();
		vectors.set(7, query);
		vectors.set(900, query);
		vectors.delete(100);
		const now = new ExactIndex(space);
		for (const [label, vector] of vectors) now.set(label, vector);
		const changed = await HnswIndex.load(path, space, {}, now);
		changed.catchUp(10_000);
		expect(changed.unsaved).toBe(true);
		expect(await changed.search(query, 5)).toMatchObject(labels(vectors, query));
		rmSync(folder, { recursive: true });
	});

	it("keeps one graph file, the one its index file names", async () => {
		const folder = mkdtempSync(join(tmpdir(), "afterimage-graph-"));
		const index = await HnswIndex.create(space);
		const next = randomVectors(2);
		for (let round = 0; round < 3; round++) {
			index.set(round, next());
			await index.save(join(folder, "graph.hnsw"));
		}
		expect(readdirSync(folder).sort()).toEqual([
			"graph.hnsw",
			expect.stringMatching(/^graph\.hnsw-[0-9a-f]{16}\.graph$/),
		]);
		rmSync(folder, { recursive: true });
	});

	it("worn out by replaced vectors, starts again and is right throughout", async () => {
		const index = await HnswIndex.create(space);
		const next = randomVectors(6);
		const vectors = new Map<number, Float32Array>();
		for (let round = 0; !index.worn; round++) {
			const label = round % 40;
			const vector = next();
			index.set(label, vector);
			vectors.set(label, vector);
		}
		const query = next();
		expect(await index.search(query, 5)).toMatchObject(labels(vectors, query));
		await index.startAgain();
		expect(await index.search(query, 5)).toMatchObject(labels(vectors, query));
		index.catchUp(10_000);
		expect(index.worn).toBe(false);
		expect(await index.search(query, 5)).toMatchObject(labels(vectors, query));
	});
});

function labels(vectors: ReadonlyMap<number, Float32Array>, query: Float32Array) {
	return naiveSearch(vectors, query, 5).map(({ label }) => ({ label }));
}
