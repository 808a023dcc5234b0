/** @file Embeddings on a real database, and their float16 form. */
import Database from "better-sqlite3";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeVector, encodeVector } from "../../engine/catalogue/half-precision.ts";
import { addFolder, collect, discoverOne, found, read, unit } from "./catalogue-contents.ts";
import { newCatalogue } from "./catalogue-on-disk.ts";

test("a unit vector survives float16 as a unit vector in the same direction", () => {
	const vectors = fc
		.array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 600 })
		.filter((values) => Math.hypot(...values) > 1e-3);
	fc.assert(
		fc.property(vectors, (values) => {
			const vector = unit(...values);
			const decoded = decodeVector(encodeVector(vector));
			expect(decoded).toHaveLength(vector.length);
			expect(Math.hypot(...decoded)).toBeCloseTo(1, 5);
			expect(
				decoded.reduce((sum, value, index) => sum + value * (vector[index] ?? 0), 0),
			).toBeGreaterThan(0.99999);
		}),
	);
});

test("a vector is read from bytes at an odd offset, and zeros stay zeros", () => {
	const bytes = encodeVector(unit(1, 2, 3));
	const shifted = new Uint8Array(bytes.length + 1);
	shifted.set(bytes, 1);
	expect(decodeVector(shifted.subarray(1))).toEqual(decodeVector(bytes));
	expect(decodeVector(encodeVector(new Float32Array(3)))).toEqual(new Float32Array(3));
});

test("every embedding of an encoder streams in id order, over several pages", async () => {
	const { catalogue } = await newCatalogue();
	const folder = await addFolder(catalogue);
	const files = Array.from({ length: 4500 }, (_, index) => found(`${index}`));
	const ids = await catalogue.photos.discover(folder.id, files);
	const reads = ids.map((id, index) =>
		read(id, found(`${index}`), { embedding: unit(Math.cos(index), Math.sin(index)) }),
	);
	await catalogue.photos.storeRead("one", reads.toReversed());
	await catalogue.photos.storeRead("two", reads.slice(0, 1));
	const all = await collect(catalogue.embeddings.all("one"));
	expect(all.map((item) => item.id)).toEqual(ids);
	const [, , third] = all;
	expect(third?.vector[0]).toBeCloseTo(Math.cos(2), 3);
	expect(await collect(catalogue.embeddings.all("two"))).toHaveLength(1);
	expect(await collect(catalogue.embeddings.all("none"))).toEqual([]);
	expect(await catalogue.embeddings.count("one")).toBe(4500);
	expect(await catalogue.embeddings.count("none")).toBe(0);
});

test("writing goes on while embeddings are being read", async () => {
	const { catalogue } = await newCatalogue();
	const folder = await addFolder(catalogue);
	const file = found("a");
	const a = await discoverOne(catalogue, folder.id, file);
	const b = await discoverOne(catalogue, folder.id, found("b"));
	await catalogue.photos.storeRead("encoder", [read(a, file), read(b, file)]);
	const seen: number[] = [];
	for await (const { id } of catalogue.embeddings.all("encoder")) {
		seen.push(id);
		await discoverOne(catalogue, folder.id, found(`found while reading ${id}`));
	}
	expect(seen).toEqual([a, b]);
});

test("a copy's embedding is found by its content", async () => {
	const { catalogue } = await newCatalogue();
	const folder = await addFolder(catalogue);
	const file = found("a");
	const id = await discoverOne(catalogue, folder.id, file);
	await catalogue.photos.storeRead("encoder", [read(id, file, { embedding: unit(0, 1) })]);
	expect(await catalogue.embeddings.forContentHash("encoder", "hash of a")).toEqual(unit(0, 1));
	expect(await catalogue.embeddings.forContentHash("encoder", "other")).toBeUndefined();
	expect(await catalogue.embeddings.forContentHash("other", "hash of a")).toBeUndefined();
	expect(await catalogue.embeddings.get("other", id)).toBeUndefined();
});

test("what does not fit together is found and mended", async () => {
	const { catalogue, filePath } = await newCatalogue();
	const folder = await addFolder(catalogue);
	const files = ["a", "b", "c"].map((name) => found(name));
	const [a, b, c] = await catalogue.photos.discover(folder.id, files);
	if (!a || !b || !c) throw new Error("three photos were discovered");
	await catalogue.photos.storeRead(
		"encoder",
		[a, b, c].map((id) => read(id, found("a"))),
	);
	expect(await catalogue.embeddings.inconsistencies("encoder")).toEqual({
		missing: [],
		orphaned: 0,
	});
	const vandal = new Database(filePath);
	vandal.pragma("foreign_keys = off");
	vandal.prepare("delete from photos where id = ?").run(a);
	vandal.prepare("delete from embeddings where photo_id = ?").run(b);
	vandal.close();
	expect(await catalogue.embeddings.inconsistencies("encoder")).toEqual({
		missing: [b],
		orphaned: 1,
	});
	await catalogue.embeddings.repair("encoder");
	expect(await catalogue.embeddings.inconsistencies("encoder")).toEqual({
		missing: [],
		orphaned: 0,
	});
	expect((await catalogue.photos.get(b))?.state).toBe("waiting");
	expect((await catalogue.photos.get(c))?.state).toBe("searchable");
});

test("an encoder that has read nothing yet puts every photo back to waiting", async () => {
	const { catalogue } = await newCatalogue();
	const folder = await addFolder(catalogue);
	const id = await discoverOne(catalogue, folder.id, found("a"));
	await catalogue.photos.storeRead("old", [read(id, found("a"))]);
	expect((await catalogue.embeddings.inconsistencies("new")).missing).toEqual([id]);
	await catalogue.embeddings.repair("new");
	expect((await catalogue.photos.get(id))?.state).toBe("waiting");
	expect(await catalogue.embeddings.get("old", id)).toBeDefined();
});

test("what another encoder has not read is listed newest first, page by page, and added beside", async () => {
	const { catalogue } = await newCatalogue();
	const { embeddings, photos } = catalogue;
	const folder = await addFolder(catalogue);
	const files = Array.from({ length: 5 }, (_, index) => found(`${index}`));
	const ids = await photos.discover(folder.id, files);
	const taken = [3000, 1000, 2000, 2000, 4000];
	await photos.storeRead(
		"old",
		ids.map((id, at) => read(id, found(`${at}`), { takenAtMs: taken[at] ?? 0 })),
	);
	const [a, b, c, d, e] = ids;
	if (!a || !b || !c || !d || !e) throw new Error("five photos were discovered");
	const first = await embeddings.missing("new", null, 3);
	expect(first.map(({ id }) => id)).toEqual([e, a, d]);
	const rest = await embeddings.missing("new", first.at(-1) ?? null, 3);
	expect(rest.map(({ id }) => id)).toEqual([c, b]);

	const vector = unit(0, 1, 0);
	expect(await embeddings.add("new", { id: e, contentHash: "hash of 4", vector })).toBe(true);
	expect(await embeddings.add("new", { id: a, contentHash: "other bytes", vector })).toBe(false);
	expect(await embeddings.countMissing("new")).toBe(4);
	expect(await embeddings.countMissing("old")).toBe(0);
	expect((await embeddings.missing("new", null, 9)).map(({ id }) => id)).toEqual([a, d, c, b]);
	expect(await embeddings.getMany("new", [a, e])).toEqual([{ id: e, vector }]);
	expect((await embeddings.encoders()).map(({ key, photos }) => [key, photos])).toEqual([
		["old", 5],
		["new", 1],
	]);

	await embeddings.discard("old");
	expect(await embeddings.count("old")).toBe(0);
	expect(await embeddings.count("new")).toBe(1);
	expect((await photos.get(a))?.state).toBe("searchable");
});
