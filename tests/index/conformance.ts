/** @file What every VectorIndex must do; run over each implementation. */
import {
	cpSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
	IndexFileError,
	type VectorIndex,
	type VectorSpace,
} from "../../engine/index/vector-index.ts";
import { naiveSearch, randomVectors, space } from "./random-vectors.ts";

export interface Implementation {
	name: string;
	create(space: VectorSpace): Promise<VectorIndex>;
	load(path: string, space: VectorSpace): Promise<VectorIndex>;
}

export function describeConformance({ name, create, load }: Implementation): void {
	describe(`${name}, as any vector index`, () => {
		let folder: string;
		let index: VectorIndex;
		beforeEach(async () => {
			folder = mkdtempSync(join(tmpdir(), "afterimage-index-"));
			index = await create(space);
		});
		afterEach(() => {
			index.close();
			rmSync(folder, { recursive: true, force: true });
		});

		/** Adds `count` vectors under labels 10, 20, 30, … and returns them. */
		function fill(count: number, seed = 1): Map<number, Float32Array> {
			const next = randomVectors(seed);
			const vectors = new Map(Array.from({ length: count }, (_, at) => [(at + 1) * 10, next()]));
			for (const [label, vector] of vectors) index.set(label, vector);
			return vectors;
		}

		const query = randomVectors(99)();
		const labelsOf = (found: { label: number }[]) => found.map(({ label }) => label);

		async function expectSame(
			vectors: ReadonlyMap<number, Float32Array>,
			count: number,
			allowed?: Set<number>,
		): Promise<void> {
			const expected = naiveSearch(vectors, query, count, allowed);
			const found = await index.search(query, count, allowed);
			expect(labelsOf(found)).toEqual(labelsOf(expected));
			for (const [at, { similarity }] of found.entries()) {
				expect(similarity).toBeCloseTo(expected[at]?.similarity ?? 2, 5);
			}
		}

		it("finds nothing while empty", async () => {
			expect(index.size).toBe(0);
			expect(await index.search(query, 5)).toEqual([]);
			expect(index.remove(1)).toBe(false);
		});

		it("finds the most similar first, with their cosine similarities", async () => {
			await expectSame(fill(200), 12);
		});

		it("gives all when asked for more than there are, and none when asked for none", async () => {
			await expectSame(fill(7), 50);
			expect(await index.search(query, 0)).toEqual([]);
			expect(await index.search(query, -3)).toEqual([]);
		});

		it("orders equally similar vectors by label", async () => {
			for (const label of [4, 2, 9, 1]) index.set(label, query);
			expect(labelsOf(await index.search(query, 4))).toEqual([1, 2, 4, 9]);
		});

		it("takes labels beyond 32 bits", async () => {
			const large = 2 ** 40 + 1;
			index.set(1, randomVectors(2)());
			index.set(large, query);
			expect((await index.search(query, 1))[0]?.label).toBe(large);
			expect(index.has(large)).toBe(true);
		});

		it("finds a replaced vector at its new place only", async () => {
			const vectors = fill(50);
			index.set(50, query);
			vectors.set(50, query);
			expect(index.size).toBe(50);
			await expectSame(vectors, 10);
		});

		it("keeps its own copy of a vector", async () => {
			const vector = query.slice();
			index.set(1, vector);
			vector.fill(0);
			expect((await index.search(query, 1))[0]?.similarity).toBeCloseTo(1, 5);
		});

		it("never finds a removed vector, and finds it again once it is back", async () => {
			const vectors = fill(60);
			const [best] = naiveSearch(vectors, query, 1);
			const label = best?.label ?? 0;
			const vector = vectors.get(label) ?? query;
			expect(index.remove(label)).toBe(true);
			expect(index.remove(label)).toBe(false);
			expect(index.has(label)).toBe(false);
			vectors.delete(label);
			await expectSame(vectors, 60);
			index.set(label, vector);
			vectors.set(label, vector);
			await expectSame(vectors, 60);
		});

		it.each([0, 1, 5, 30, 150, 200])("searches among %i allowed labels only", async (count) => {
			const vectors = fill(200);
			const allowed = new Set([...vectors.keys()].filter((_, at) => (at * 7) % 200 < count));
			await expectSame(vectors, 10, allowed);
		});

		it("passes over allowed labels it does not hold", async () => {
			const vectors = fill(20);
			await expectSame(vectors, 5, new Set([...vectors.keys(), 1, 2, 3]));
			expect(await index.search(query, 5, new Set([1, 2]))).toEqual([]);
		});

		it("passes on what a broken allowed set throws", async () => {
			fill(20);
			const broken = {
				size: 20,
				has: () => {
					throw new Error("no bitmap");
				},
				[Symbol.iterator]: () => [10][Symbol.iterator](),
			};
			await expect(index.search(query, 5, broken)).rejects.toThrow("no bitmap");
		});

		it("takes no vector, query or label that does not fit", async () => {
			expect(() => index.set(1, new Float32Array(3))).toThrow(RangeError);
			expect(() =>
				index.set(
					1,
					query.map(() => Number.NaN),
				),
			).toThrow(RangeError);
			expect(() => index.set(1.5, query)).toThrow(RangeError);
			expect(index.size).toBe(0);
			fill(3);
			await expect(index.search(new Float32Array(3), 1)).rejects.toThrow(RangeError);
		});

		it("stays right while vectors come and go during searches", async () => {
			const vectors = fill(300);
			const searches = [];
			for (const label of [...vectors.keys()].slice(0, 100)) {
				searches.push(index.search(query, 10));
				index.remove(label);
				vectors.delete(label);
			}
			for (const found of await Promise.all(searches)) {
				for (const { label, similarity } of found) {
					const vector = vectors.get(label) ?? new Float32Array(0);
					const [expected] = naiveSearch(new Map([[label, vector]]), query, 1);
					if (vectors.has(label)) expect(similarity).toBeCloseTo(expected?.similarity ?? 2, 5);
				}
			}
			await expectSame(vectors, 10);
		});

		it("does what a plain map does, whatever the order of changes", async () => {
			const change = fc.record({
				kind: fc.constantFrom("set", "set", "set", "remove"),
				label: fc.integer({ min: 0, max: 30 }),
				seed: fc.nat(25),
			});
			await fc.assert(
				fc.asyncProperty(
					fc.array(change, { maxLength: 60 }),
					fc.nat(40),
					async (changes, count) => {
						index = await create(space);
						const vectors = new Map<number, Float32Array>();
						for (const { kind, label, seed } of changes) {
							if (kind === "remove") {
								expect(index.remove(label)).toBe(vectors.delete(label));
								continue;
							}
							const vector = randomVectors(seed)();
							index.set(label, vector);
							vectors.set(label, vector);
						}
						expect(index.size).toBe(vectors.size);
						await expectSame(vectors, count);
						await expectSame(vectors, count, new Set([1, 2, 3, 5, 8, 13, 21]));
					},
				),
				{ numRuns: 60 },
			);
		});

		describe("kept in a file", () => {
			it("comes back as it was, replaced and removed vectors included", async () => {
				const vectors = fill(120);
				index.set(10, query);
				vectors.set(10, query);
				index.remove(20);
				vectors.delete(20);
				const path = join(folder, "index");
				await index.save(path);
				index = await load(path, space);
				expect(index.size).toBe(119);
				await expectSame(vectors, 20);
				index.set(20, query);
				expect(labelsOf(await index.search(query, 2))).toEqual([10, 20]);
			});

			it("comes back empty", async () => {
				const path = join(folder, "index");
				await index.save(path);
				index = await load(path, space);
				expect(index.size).toBe(0);
			});

			it("takes the place of the older file and leaves nothing else behind", async () => {
				const path = join(folder, "index");
				fill(30);
				await index.save(path);
				const before = readdirSync(folder).length;
				const vectors = fill(40, 7);
				await index.save(path);
				expect(readdirSync(folder)).toHaveLength(before);
				index = await load(path, space);
				await expectSame(vectors, 10);
			});

			async function reason(path: string, wanted = space): Promise<string> {
				try {
					await load(path, wanted);
				} catch (error) {
					if (error instanceof IndexFileError) return error.reason;
					throw error;
				}
				throw new Error("It was loaded.");
			}

			it("is refused when missing, foreign, of a newer format or of another space", async () => {
				const path = join(folder, "index");
				expect(await reason(path)).toBe("missing");
				fill(20);
				await index.save(path);
				expect(await reason(path, { ...space, encoderKey: "other" })).toBe("other-space");
				expect(await reason(path, { ...space, dimensions: 17 })).toBe("other-space");
				const newer = readFileSync(path);
				newer.writeUInt32LE(9, 8);
				writeFileSync(path, newer);
				expect(await reason(path)).toBe("newer-format");
				writeFileSync(path, "SQLite format 3\0 and much more that is not an index at all");
				expect(await reason(path)).toBe("foreign");
			});

			it("is refused wherever it is cut or changed", async () => {
				fill(20);
				await index.save(join(folder, "index"));
				for (const name of readdirSync(folder)) {
					const whole = readFileSync(join(folder, name));
					for (const share of [0, 0.001, 0.3, 0.9, 0.9999]) {
						const copy = `${folder}-cut`;
						cpSync(folder, copy, { recursive: true });
						writeFileSync(join(copy, name), whole.subarray(0, Math.floor(whole.length * share)));
						expect(await reason(join(copy, "index"))).toBe("truncated");
						const changed = Buffer.from(whole);
						const at = Math.floor(16 + (whole.length - 17) * share);
						changed[at] = (changed[at] ?? 0) ^ 255;
						writeFileSync(join(copy, name), changed);
						expect(await reason(join(copy, "index"))).toBe("truncated");
						rmSync(copy, { recursive: true });
					}
				}
			});

			it("survives a save that fails", async () => {
				const path = join(folder, "index");
				const vectors = fill(30);
				await index.save(path);
				fill(60, 5);
				await expect(index.save(join(folder, "nowhere", "index"))).rejects.toThrow();
				if (process.platform === "linux") {
					// Everything written to this device fails for want of space.
					for (const name of ["index.new", "index.graph.new"]) {
						symlinkSync("/dev/full", join(folder, name));
					}
					await expect(index.save(path)).rejects.toThrow();
				}
				index = await load(path, space);
				expect(index.size).toBe(30);
				await expectSame(vectors, 10);
			});
		});
	});
}
