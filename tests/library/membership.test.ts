/** @file Adding and removing folders: which are refused, which are one, which take others over. */
import { mkdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { folderIdSchema } from "../../contract/ids.ts";
import { put, temporaryTree } from "../watcher/photo-tree.ts";
import { FakeVolumes, isStillRead, openFolders } from "./folders-under-test.ts";

describe("refused with a reason, naming the path", () => {
	test("a file, a missing folder, a relative path, the library's own folder", async () => {
		const root = temporaryTree();
		const file = put(root, "a.jpg");
		const library = await openFolders();
		mkdirSync(path.join(library.libraryPath, "thumbnails"));
		const cases: [string, RegExp][] = [
			[file, /is a file/],
			[path.join(root, "nowhere"), /no folder/],
			[path.join(file, "below"), /no folder/],
			["photos", /not a full path/],
			[library.libraryPath, /own library/],
			[path.join(library.libraryPath, "thumbnails"), /own library/],
		];
		for (const [asked, reason] of cases) {
			await expect(library.folders.add(asked)).rejects.toMatchObject({
				code: "FOLDER_NOT_ALLOWED",
				message: expect.stringMatching(reason),
				detail: { path: asked },
			});
		}
		expect(await library.folders.list()).toEqual([]);
	});

	test("ids that no folder has", async () => {
		const library = await openFolders();
		const id = folderIdSchema.parse(99);
		await expect(library.folders.remove(id)).rejects.toMatchObject({ code: "FOLDER_NOT_FOUND" });
		await expect(library.folders.rescan(id)).rejects.toMatchObject({ code: "FOLDER_NOT_FOUND" });
	});
});

test("the same folder, through a link or one inside, is the folder that is there", async () => {
	const root = temporaryTree();
	put(root, "inside/a.jpg");
	const link = path.join(temporaryTree(), "link");
	symlinkSync(root, link);
	const library = await openFolders();
	const { id } = await library.folders.add(link);
	expect((await library.folders.add(root)).id).toBe(id);
	expect((await library.folders.add(`${root}/`)).id).toBe(id);
	expect((await library.folders.add(path.join(root, "inside"))).id).toBe(id);
	expect(await library.folders.list()).toHaveLength(1);
});

test("a hidden folder inside another can be added by itself, for the other does not show it", async () => {
	const root = temporaryTree();
	put(root, ".private/a.jpg");
	put(root, "b.jpg");
	const library = await openFolders();
	const outer = await library.folders.add(root);
	const inner = await library.folders.add(path.join(root, ".private"));
	await library.folders.scanAll();
	expect(await library.paths(outer.id)).toEqual(["b.jpg"]);
	expect(await library.paths(inner.id)).toEqual(["a.jpg"]);
});

test("a parent takes over its children's photos with their embeddings", async () => {
	const root = temporaryTree();
	for (const name of ["2023/a.jpg", "2024/May/b.jpg", "c.jpg"]) put(root, name);
	const library = await openFolders();
	const one = await library.folders.add(path.join(root, "2023"));
	const two = await library.folders.add(path.join(root, "2024/May"));
	await library.folders.scanAll();
	await library.readAll();
	const [a, b] = [await library.idOf(one.id, "a.jpg"), await library.idOf(two.id, "b.jpg")];

	const parent = await library.folders.add(root);
	await library.folders.scanAll();
	expect((await library.folders.list()).map(({ id }) => id)).toEqual([parent.id]);
	expect(await library.paths(parent.id)).toEqual(["2023/a.jpg", "2024/May/b.jpg", "c.jpg"]);
	expect(await library.idOf(parent.id, "2023/a.jpg")).toBe(a);
	expect(await library.idOf(parent.id, "2024/May/b.jpg")).toBe(b);
	expect(await isStillRead(library.catalogue, a)).toBe(true);
	expect(await isStillRead(library.catalogue, b)).toBe(true);
	expect(library.forgotten).toEqual([]);
});

test("a folder on another drive stays apart, so that it can go offline by itself", async () => {
	const root = temporaryTree();
	const volumes = new FakeVolumes();
	const drive = path.join(root, "usb");
	put(drive, "a.jpg");
	put(root, "b.jpg");
	volumes.mounted.set("uuid:1", drive);
	const library = await openFolders({ volumes });
	const inner = await library.folders.add(drive);
	const outer = await library.folders.add(root);
	await library.folders.scanAll();
	expect(await library.paths(outer.id)).toEqual(["b.jpg"]);
	renameSync(drive, `${root}-unplugged`);
	volumes.mounted.clear();
	await library.folders.scanAll();
	expect(await library.paths(inner.id)).toEqual(["a.jpg"]);
	expect((await library.folders.list()).map(({ state }) => state)).toEqual(["offline", "online"]);
	rmSync(`${root}-unplugged`, { recursive: true });
});

test("the library's own folder inside a photo folder is left out", async () => {
	const root = temporaryTree();
	put(root, "a.jpg");
	put(root, "library/thumbnails/b.jpg");
	const library = await openFolders({ libraryPath: path.join(root, "library") });
	const folder = await library.folders.add(root);
	await library.folders.scanAll();
	expect(await library.paths(folder.id)).toEqual(["a.jpg"]);
});

test("a removed folder is forgotten with its photos, whose files stay", async () => {
	const root = temporaryTree();
	put(root, "a.jpg");
	const library = await openFolders();
	const { id } = await library.folders.add(root);
	await library.folders.scanAll();
	const photo = await library.idOf(id, "a.jpg");
	expect(await library.folders.remove(id)).toBe(1);
	expect(library.forgotten).toEqual([photo]);
	expect(await library.folders.list()).toEqual([]);
	const again = await library.folders.add(root);
	await library.folders.scanAll();
	expect(await library.paths(again.id)).toEqual(["a.jpg"]);
});

test("a folder whose drive got a new identity is the same when its photos are where they were", async () => {
	const drive = temporaryTree();
	for (let index = 0; index < 10; index++) put(drive, `${index}.jpg`);
	const volumes = new FakeVolumes();
	volumes.mounted.set("uuid:old", drive);
	const library = await openFolders({ volumes });
	const { id } = await library.folders.add(drive);
	await library.folders.scanAll();
	volumes.mounted.clear();
	volumes.mounted.set("uuid:new", drive);
	const after = await library.reopen();
	expect(await after.folders.list()).toMatchObject([{ id, state: "online", photos: 10 }]);

	// Another drive at the same place is not the folder.
	volumes.mounted.clear();
	volumes.mounted.set("uuid:other", drive);
	for (let index = 0; index < 10; index++) put(drive, `${index}.jpg`, `quite different ${index}`);
	const later = await after.reopen();
	expect(await later.folders.list()).toMatchObject([{ id, state: "offline", photos: 10 }]);
	const added = await later.folders.add(drive);
	expect(added.id).not.toBe(id);
});
