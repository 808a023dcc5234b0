/** @file A library's index: exact first, a graph when it is large, and the figures it shows. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { HnswOptions } from "../../engine/index/hnsw-graph.ts";
import { type LabelledVector, LibraryIndex } from "../../engine/index/library-index.ts";
import { naiveSearch, randomVectors, space } from "./random-vectors.ts";

describe("a library's index", () => {
	let folder: string;
	const opened: LibraryIndex[] = [];
	const query = randomVectors(77)();
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), "afterimage-library-index-"));
	});
	afterEach(() => {
		for (const index of opened.splice(0)) index.close();
		rmSync(folder, { recursive: true, force: true });
	});

	function open(hnsw: HnswOptions = {}): LibraryIndex {
		const folderPath = join(folder, "indexes");
		const index = new LibraryIndex({ space, folderPath, hnswAbove: 500, hnsw });
		opened.push(index);
		return index;
	}

	function vectors(count: number, seed = 1): Map<number, Float32Array> {
		const next = randomVectors(seed);
		return new Map(Array.from({ length: count }, (_, label) => [label, next()]));
	}

	function* labelled(source: ReadonlyMap<number, Float32Array>): Iterable<LabelledVector> {
		for (const [label, vector] of source) yield { label, vector };
	}

	async function expectSame(index: LibraryIndex, truth: ReadonlyMap<number, Float32Array>) {
		const expected = naiveSearch(truth, query, 8).map(({ label }) => ({ label }));
		expect(await index.search(query, 8)).toMatchObject(expected);
		expect(index.size).toBe(truth.size);
	}

	it("is exact while small, and says so", async () => {
		const index = open();
		const truth = vectors(100);
		await index.addMany(labelled(truth));
		await index.settled();
		expect(await index.measuredStatus()).toEqual({
			kind: "exact",
			vectors: 100,
			recallAt10: 1,
			searchWidth: null,
		});
		await expectSame(index, truth);
		expect(index.vectorOf(5)).toEqual(truth.get(5));
		expect(index.vectorOf(100)).toBeNull();
		expect(await index.save()).toBe(true);
	});

	it("serves exactly while the graph is built, then by the graph, with changes in both", async () => {
		const index = open();
		const truth = vectors(700);
		await index.addMany(labelled(truth));
		expect(index.status().kind).toBe("exact");
		await expectSame(index, truth);
		index.set(3, query);
		truth.set(3, query);
		index.remove(4);
		truth.delete(4);
		await index.settled();
		const status = await index.measuredStatus();
		expect(status).toMatchObject({ kind: "hnsw", vectors: 699 });
		expect(status.recallAt10).toBeGreaterThanOrEqual(0.98);
		await expectSame(index, truth);
		index.set(800, query);
		truth.set(800, query);
		index.remove(5);
		truth.delete(5);
		await expectSame(index, truth);
	});

	it("widens a search that misses too much", async () => {
		// A graph this sparse needs to look at far more than it is asked for.
		const index = open({ links: 3, buildWidth: 10, searchWidth: 1 });
		await index.addMany(labelled(vectors(3000)));
		await index.settled();
		const { searchWidth, recallAt10 } = index.status();
		expect(searchWidth).toBeGreaterThan(1);
		expect(recallAt10).toBeGreaterThanOrEqual(0.98);
	});

	it("takes up a saved graph, whatever has changed since", async () => {
		const first = open();
		const truth = vectors(700);
		await first.addMany(labelled(truth));
		await first.settled();
		expect(await first.save()).toBe(true);
		const files = readdirSync(join(folder, "indexes")).sort();
		expect(files).toHaveLength(2);

		const same = open();
		await same.load(labelled(truth));
		await same.settled();
		expect(same.status().kind).toBe("hnsw");
		await expectSame(same, truth);

		truth.delete(10);
		truth.set(11, query);
		const changed = open();
		await changed.load(labelled(truth));
		await changed.settled();
		await expectSame(changed, truth);
	});

	it("keeps a graph that is still being built, and goes on from there", async () => {
		const truth = vectors(4000);
		const first = open();
		await first.addMany(labelled(truth));
		await expect
			.poll(async () => ((await first.save()) ? readdirSync(join(folder, "indexes")) : []))
			.toHaveLength(2);
		first.close();
		await first.settled();

		const second = open();
		await second.addMany(labelled(truth));
		await second.settled();
		expect(second.status().kind).toBe("hnsw");
		await expectSame(second, truth);
	});

	it("builds anew where the saved graph is damaged", async () => {
		const truth = vectors(600);
		const first = open();
		await first.addMany(labelled(truth));
		await first.settled();
		await first.save();
		writeFileSync(join(folder, "indexes", "graph.hnsw"), "nonsense");
		const second = open();
		await second.addMany(labelled(truth));
		await second.settled();
		expect(second.status().kind).toBe("hnsw");
		await expectSame(second, truth);
	});

	it("says when the graph could not be kept, and goes on", async () => {
		writeFileSync(join(folder, "indexes"), "a file where the folder should be");
		const index = open();
		const truth = vectors(600);
		await index.addMany(labelled(truth));
		await index.settled();
		expect(await index.save()).toBe(false);
		await expectSame(index, truth);
	});

	it("is exact again when the library shrinks", async () => {
		const index = open();
		const truth = vectors(600);
		await index.addMany(labelled(truth));
		await index.settled();
		for (let label = 0; label < 300; label++) {
			index.remove(label);
			truth.delete(label);
		}
		expect(index.status()).toMatchObject({ kind: "exact", vectors: 300 });
		await expectSame(index, truth);
	});

	it("loads over what it held, keeping what is set and removed meanwhile", async () => {
		const index = open();
		await index.addMany(labelled(vectors(50, 9)));
		const truth = vectors(30);
		async function* slow(): AsyncIterable<LabelledVector> {
			for (const [label, vector] of [...truth]) {
				yield { label, vector };
				await new Promise(setImmediate);
				if (label !== 10) continue;
				index.set(20, query);
				index.remove(21);
				index.set(5, query);
				index.remove(6);
				index.set(90, query);
			}
		}
		await index.load(slow());
		for (const label of [5, 20, 90]) truth.set(label, query);
		for (const label of [6, 21]) truth.delete(label);
		await expectSame(index, truth);
	});

	it("stops building when it is closed", async () => {
		const index = open();
		await index.addMany(labelled(vectors(3000)));
		index.close();
		await index.settled();
		expect(index.size).toBe(0);
		expect(await index.search(query, 3)).toEqual([]);
	});
});
