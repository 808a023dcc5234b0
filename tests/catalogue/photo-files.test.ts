/** @file What the disk says about photo files, on a real database. */

import { expect, test } from "vitest";
import { unknownCaptureFacts } from "../../contract/capture-facts.ts";
import type { FolderId, PhotoId } from "../../contract/ids.ts";
import { drawingsFolderSetting } from "../../engine/catalogue/photo-files.ts";
import { addFolder, discoverOne, found, read, unit } from "./catalogue-contents.ts";
import { newCatalogue } from "./catalogue-on-disk.ts";

test("a discovered photo waits, sorted by its file's time", async () => {
	const { catalogue } = await newCatalogue();
	const folder = await addFolder(catalogue);
	const file = found("a.jpg", { modifiedAtMs: 1_600_000_000_000.25, sizeBytes: 5_000_000_000 });
	const id = await discoverOne(catalogue, folder.id, file);
	expect(await catalogue.photos.get(id)).toEqual({
		...file,
		id,
		folderId: folder.id,
		state: "waiting",
		drawn: false,
		contentHash: null,
		version: 0,
		format: null,
		width: 0,
		height: 0,
		takenAtMs: 1_600_000_000_000,
		takenAtKnown: false,
		...unknownCaptureFacts,
		failureReason: null,
		failureMessage: null,
		attempts: 0,
		failedAtMs: null,
	});
});

test("a path already known is left alone", async () => {
	const { catalogue } = await newCatalogue();
	const folder = await addFolder(catalogue);
	const id = await discoverOne(catalogue, folder.id, found("a.jpg"));
	const ids = await catalogue.photos.discover(folder.id, [
		found("a.jpg", { sizeBytes: 9 }),
		found("b.jpg"),
		found("b.jpg"),
	]);
	expect(ids).toHaveLength(1);
	expect((await catalogue.photos.get(id))?.sizeBytes).toBe(1000);
	expect((await catalogue.photos.filesOf(folder.id)).size).toBe(2);
});

test("names are kept byte for byte, however odd", async () => {
	const { catalogue } = await newCatalogue();
	const folder = await addFolder(catalogue);
	const names = [
		'it\'s "quoted" `so`; drop table photos; --.jpg',
		"two\nlines\r\n.jpg",
		"👩‍👩‍👧‍👦 beach 🌅.jpg",
		`${"n".repeat(251)}.jpg`,
		`${"é".repeat(125)}.jpeg`,
		"caf\u00e9.jpg",
		"cafe\u0301.jpg",
		"CAFE.jpg",
		"cafe.jpg",
		" leading and trailing .jpg ",
		"back\\slash %s ? $1 :x.jpg",
		"deep/er/folder/a.jpg",
	];
	const ids = await catalogue.photos.discover(
		folder.id,
		names.map((name) => found(name)),
	);
	expect(new Set(ids).size).toBe(names.length);
	expect([...(await catalogue.photos.filesOf(folder.id)).keys()].sort()).toEqual(names.toSorted());
	const records = await catalogue.photos.getMany(ids);
	expect(records.map((record) => record.relativePath)).toEqual(names);
});

test("many files are discovered once each, over several batches", async () => {
	const { catalogue } = await newCatalogue();
	const folder = await addFolder(catalogue);
	const files = Array.from({ length: 5001 }, (_, index) => found(`${index}.jpg`));
	const ids = await catalogue.photos.discover(folder.id, files);
	expect(new Set(ids).size).toBe(5001);
	expect(await catalogue.photos.discover(folder.id, files)).toEqual([]);
	expect(await catalogue.photos.counts()).toEqual({
		photos: 5001,
		searchable: 0,
		failed: 0,
		waiting: 5001,
	});
	await catalogue.photos.remove(ids.slice(1));
	expect(await catalogue.photos.ids(folder.id)).toEqual(ids.slice(0, 1));
});

test("an unknown folder cannot be given photos", async () => {
	const { catalogue } = await newCatalogue();
	await expect(catalogue.photos.discover(77 as FolderId, [found("a.jpg")])).rejects.toThrow(
		/FOREIGN KEY/,
	);
});

test("files of a folder come with what is known of them", async () => {
	const { catalogue } = await newCatalogue();
	const folder = await addFolder(catalogue);
	const file = found("a.jpg");
	const id = await discoverOne(catalogue, folder.id, file);
	await catalogue.photos.storeRead("encoder", [read(id, file)]);
	expect(await catalogue.photos.filesOf(folder.id)).toEqual(
		new Map([["a.jpg", { ...file, id, contentHash: "hash of a.jpg" }]]),
	);
});

test("a changed file waits again and stays findable as it was until it is read", async () => {
	const { catalogue } = await newCatalogue();
	const folder = await addFolder(catalogue);
	const file = found("a.jpg");
	const id = await discoverOne(catalogue, folder.id, file);
	await catalogue.photos.storeRead("encoder", [read(id, file)]);
	const changed = found("a.jpg", { sizeBytes: 7, modifiedAtMs: Date.UTC(2021, 0, 1) });
	await catalogue.photos.markChanged([{ id, file: changed }]);
	expect(await catalogue.photos.get(id)).toMatchObject({
		...changed,
		state: "waiting",
		contentHash: "hash of a.jpg",
		version: 1,
		takenAtMs: changed.modifiedAtMs,
	});
	expect(await catalogue.embeddings.get("encoder", id)).toBeDefined();
});

test("a failed photo whose file changed starts anew", async () => {
	const { catalogue } = await newCatalogue();
	const folder = await addFolder(catalogue);
	const id = await discoverOne(catalogue, folder.id, found("a.jpg"));
	await catalogue.photos.storeFailure(id, "corrupt", "broken");
	await catalogue.photos.markChanged([{ id, file: found("a.jpg", { sizeBytes: 8 }) }]);
	expect(await catalogue.photos.get(id)).toMatchObject({
		state: "waiting",
		attempts: 0,
		failureReason: null,
		failureMessage: null,
		failedAtMs: null,
	});
});

test("a file whose time alone changed keeps its state, its capture time and its embedding", async () => {
	const { catalogue } = await newCatalogue();
	const folder = await addFolder(catalogue);
	const file = found("a.jpg");
	const id = await discoverOne(catalogue, folder.id, file);
	const takenAtMs = Date.UTC(2010, 5, 1);
	await catalogue.photos.storeRead("encoder", [read(id, file, { takenAtMs })]);
	const touched = found("a.jpg", { modifiedAtMs: Date.UTC(2022, 0, 1), fileIdentity: "2:5" });
	await catalogue.photos.touch([{ id, file: touched }]);
	expect(await catalogue.photos.get(id)).toMatchObject({
		...touched,
		state: "searchable",
		takenAtMs,
		takenAtKnown: true,
	});
});

test("a moved photo keeps its id, embedding and thumbnail", async () => {
	const { catalogue } = await newCatalogue();
	const [from, to] = [await addFolder(catalogue, "from"), await addFolder(catalogue, "to")];
	const file = found("a.jpg");
	const id = await discoverOne(catalogue, from.id, file);
	await catalogue.photos.storeRead("encoder", [read(id, file, { embedding: unit(1, 1) })]);
	const before = await catalogue.photos.get(id);
	const moved = found("sub/b.jpg");
	expect(await catalogue.photos.move([{ id, folderId: to.id, file: moved }])).toEqual([]);
	expect(await catalogue.photos.get(id)).toEqual({ ...before, ...moved, folderId: to.id });
	expect(await catalogue.embeddings.get("encoder", id)).toEqual(unit(1, 1));
	expect(await catalogue.photos.ids(from.id)).toEqual([]);
});

test("two photos can swap names in one move", async () => {
	const { catalogue } = await newCatalogue();
	const { id: folderId } = await addFolder(catalogue);
	const a = await discoverOne(catalogue, folderId, found("a.jpg"));
	const b = await discoverOne(catalogue, folderId, found("b.jpg"));
	await catalogue.photos.move([
		{ id: a, folderId, file: found("b.jpg") },
		{ id: b, folderId, file: found("a.jpg") },
	]);
	const records = await catalogue.photos.getMany([a, b]);
	expect(records.map((record) => record.relativePath)).toEqual(["b.jpg", "a.jpg"]);
});

test("a photo that another one was moved over gives way and is named", async () => {
	const { catalogue } = await newCatalogue();
	const { id: folderId } = await addFolder(catalogue);
	const a = await discoverOne(catalogue, folderId, found("a.jpg"));
	const b = await discoverOne(catalogue, folderId, found("b.jpg"));
	expect(await catalogue.photos.move([{ id: a, folderId, file: found("b.jpg") }])).toEqual([b]);
	expect(await catalogue.photos.get(b)).toBeUndefined();
	expect(await catalogue.photos.ids(folderId)).toEqual([a]);
});

test("a forgotten photo takes its embeddings along, and its id is never used again", async () => {
	const { catalogue } = await newCatalogue();
	const { id: folderId } = await addFolder(catalogue);
	const file = found("a.jpg");
	const id = await discoverOne(catalogue, folderId, file);
	await catalogue.photos.storeRead("encoder", [read(id, file)]);
	await catalogue.photos.remove([id, 999 as PhotoId]);
	expect(await catalogue.photos.get(id)).toBeUndefined();
	expect(await catalogue.embeddings.count("encoder")).toBe(0);
	expect(await discoverOne(catalogue, folderId, file)).toBeGreaterThan(id);
});

test("what is found in the folder of drawings counts as drawn before it is read", async () => {
	const { catalogue } = await newCatalogue();
	const photos = await addFolder(catalogue, "Pictures");
	const drawings = await addFolder(catalogue, "generated");
	await catalogue.settings.set(drawingsFolderSetting, drawings.id);
	const [photo] = await catalogue.photos.discover(photos.id, [found("a.png")]);
	const [drawing] = await catalogue.photos.discover(drawings.id, [found("a.png")]);
	expect(await catalogue.photos.columns(undefined, "hidden")).toMatchObject({
		ids: [photo],
		hiddenDrawn: 1,
	});
	expect((await catalogue.photos.columns(undefined, "only")).ids).toEqual([drawing]);
});
