/** @file The exact index: conformance, and what it alone offers. */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ExactIndex } from "../../engine/index/exact-index.ts";
import { innerProduct, similarityScores } from "../../engine/index/similarity-scores.ts";
import { describeConformance } from "./conformance.ts";
import { randomVectors, space } from "./random-vectors.ts";

describeConformance({
	name: "the exact index",
	create: async (wanted) => new ExactIndex(wanted),
	load: (path, wanted) => ExactIndex.load(path, wanted),
});

describe("the exact index", () => {
	it("gives the similarity of every vector, also while some are removed", async () => {
		const index = new ExactIndex(space);
		const next = randomVectors(4);
		const vectors = Array.from({ length: 50 }, next);
		for (const [label, vector] of vectors.entries()) index.set(label, vector);
		const query = next();
		const pending = index.similarities(query);
		index.remove(3);
		const { labels, similarities } = await pending;
		expect(labels).toHaveLength(49);
		expect(similarities).toHaveLength(49);
		for (const [row, label] of labels.entries()) {
			const expected = innerProduct(vectors[label] ?? query, 0, query);
			expect(similarities[row]).toBeCloseTo(expected, 5);
		}
	});

	it("halves its file with float16, changing similarities by less than 0.002", async () => {
		const folder = mkdtempSync(join(tmpdir(), "afterimage-float16-"));
		const wide = { encoderKey: "wide", dimensions: 384 };
		const index = new ExactIndex(wide);
		const next = randomVectors(5, wide.dimensions);
		for (let label = 0; label < 20; label++) index.set(label, next());
		await index.save(join(folder, "full"));
		await index.save(join(folder, "half"), "float16");
		expect(statSync(join(folder, "half")).size).toBeLessThan(
			statSync(join(folder, "full")).size * 0.55,
		);
		const half = await ExactIndex.load(join(folder, "half"), wide);
		const query = next();
		const expected = await index.search(query, 20);
		for (const [at, { similarity }] of (await half.search(query, 20)).entries()) {
			expect(Math.abs(similarity - (expected[at]?.similarity ?? 2))).toBeLessThan(0.002);
		}
		rmSync(folder, { recursive: true });
	});
});

describe("the similarity scores", () => {
	it("are the inner products of every row, for any number of dimensions", async () => {
		for (const dimensions of [1, 2, 3, 5, 384]) {
			const next = randomVectors(dimensions, dimensions);
			const rows = Array.from({ length: 33 }, next);
			const packed = Float32Array.from(rows.flatMap((row) => [...row]));
			const query = next();
			const scores = await similarityScores(packed, query);
			expect(scores).toHaveLength(33);
			for (const [at, row] of rows.entries()) {
				const expected = row.reduce((sum, value, i) => sum + value * (query[i] ?? 0), 0);
				expect(scores[at]).toBeCloseTo(expected, 5);
				expect(innerProduct(packed, at * dimensions, query)).toBeCloseTo(expected, 5);
			}
		}
	});
});
