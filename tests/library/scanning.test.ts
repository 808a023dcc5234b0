/** @file What happened on disk while nobody watched, found by the next scan. */
import {
	appendFileSync,
	copyFileSync,
	cpSync,
	mkdirSync,
	renameSync,
	rmSync,
	utimesSync,
} from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { type WalkOptions, walkFolder } from "../../engine/watcher/walk.ts";
import { put, temporaryTree } from "../watcher/photo-tree.ts";
import { isStillRead, openFolders } from "./folders-under-test.ts";

test("a first scan takes in every photo and says that there is something to read", async () => {
	const root = temporaryTree();
	put(root, "a.jpg");
	put(root, 'b/🏖️ "c"\n.png');
	const library = await openFolders();
	const folder = await library.folders.add(root);
	expect(folder).toMatchObject({ path: root, state: "online", watched: true });
	await library.folders.scanAll();
	expect(await library.paths(folder.id)).toEqual(["a.jpg", 'b/🏖️ "c"\n.png']);
	expect(library.waitingCalls()).toBeGreaterThan(0);
	const [listed] = await library.folders.list();
	expect(listed).toMatchObject({ photos: 2, searchable: 0, scanning: false });
	expect((await library.catalogue.folders.get(folder.id))?.lastScanAtMs).not.toBeNull();
});

test("new, edited, renamed, moved and deleted while closed: all found, moved ones still read", async () => {
	const one = temporaryTree();
	const two = temporaryTree();
	for (const name of ["keep", "edit", "rename", "cross", "delete"]) put(one, `${name}.jpg`);
	const before = await openFolders();
	const first = await before.folders.add(one);
	const second = await before.folders.add(two);
	await before.folders.scanAll();
	await before.readAll();
	const idOf = (name: string) => before.idOf(first.id, `${name}.jpg`);
	const ids = {
		rename: await idOf("rename"),
		cross: await idOf("cross"),
		edit: await idOf("edit"),
		deleted: await idOf("delete"),
	};

	await before.folders.close();
	appendFileSync(path.join(one, "edit.jpg"), "more");
	mkdirSync(path.join(one, "deep/er"), { recursive: true });
	renameSync(path.join(one, "rename.jpg"), path.join(one, "deep/er/renamed.jpg"));
	renameSync(path.join(one, "cross.jpg"), path.join(two, "crossed.jpg"));
	rmSync(path.join(one, "delete.jpg"));
	put(one, "new.jpg");

	const after = await before.reopen();
	await after.folders.scanAll();
	expect(await after.paths(first.id)).toEqual([
		"deep/er/renamed.jpg",
		"edit.jpg",
		"keep.jpg",
		"new.jpg",
	]);
	expect(await after.paths(second.id)).toEqual(["crossed.jpg"]);
	expect(await after.idOf(first.id, "deep/er/renamed.jpg")).toBe(ids.rename);
	expect(await after.idOf(second.id, "crossed.jpg")).toBe(ids.cross);
	expect(await isStillRead(after.catalogue, ids.rename)).toBe(true);
	expect(await isStillRead(after.catalogue, ids.cross)).toBe(true);
	expect(await isStillRead(after.catalogue, ids.edit)).toBe(false);
	expect(after.forgotten).toEqual([ids.deleted]);
});

test("a photo copied to another place and then removed keeps its embedding, recognised by its bytes", async () => {
	const root = temporaryTree();
	put(root, "z/a.jpg", "the very same bytes");
	const library = await openFolders();
	const folder = await library.folders.add(root);
	await library.folders.scanAll();
	await library.readAll();
	const id = await library.idOf(folder.id, "z/a.jpg");
	copyFileSync(path.join(root, "z/a.jpg"), path.join(root, "other name.jpg"));
	utimesSync(path.join(root, "other name.jpg"), 1, 1);
	rmSync(path.join(root, "z"), { recursive: true });
	put(root, "not the same.jpg", "the very SAME bytes");
	await library.folders.scanAll();
	expect(await library.idOf(folder.id, "other name.jpg")).toBe(id);
	expect(await isStillRead(library.catalogue, id)).toBe(true);
	expect(await library.paths(folder.id)).toEqual(["not the same.jpg", "other name.jpg"]);
});

test("a copy found before its original was removed takes the original's place if not yet read", async () => {
	const root = temporaryTree();
	put(root, "a.jpg", "bytes");
	const library = await openFolders();
	const folder = await library.folders.add(root);
	await library.folders.scanAll();
	await library.readAll();
	const id = await library.idOf(folder.id, "a.jpg");
	copyFileSync(path.join(root, "a.jpg"), path.join(root, "b.jpg"));
	await library.folders.scanAll();
	expect(await library.paths(folder.id)).toEqual(["a.jpg", "b.jpg"]);
	rmSync(path.join(root, "a.jpg"));
	await library.folders.scanAll();
	expect(await library.paths(folder.id)).toEqual(["b.jpg"]);
	expect(await library.idOf(folder.id, "b.jpg")).toBe(id);
	expect(await isStillRead(library.catalogue, id)).toBe(true);
});

test("a backup restored in place, with other inodes, is read not a second time", async () => {
	const root = temporaryTree();
	put(root, "a/1.jpg");
	put(root, "a/2.jpg");
	const library = await openFolders();
	const folder = await library.folders.add(root);
	await library.folders.scanAll();
	await library.readAll();
	const id = await library.idOf(folder.id, "a/1.jpg");
	cpSync(path.join(root, "a"), path.join(root, ".b"), {
		recursive: true,
		preserveTimestamps: true,
	});
	rmSync(path.join(root, "a"), { recursive: true });
	renameSync(path.join(root, ".b"), path.join(root, "a"));
	await library.folders.scanAll();
	expect(await library.idOf(folder.id, "a/1.jpg")).toBe(id);
	expect(await isStillRead(library.catalogue, id)).toBe(true);
});

test("two photos that swap their names are both read again, and none is lost", async () => {
	const root = temporaryTree();
	put(root, "a.jpg", "short");
	put(root, "b.jpg", "much longer");
	const library = await openFolders();
	const folder = await library.folders.add(root);
	await library.folders.scanAll();
	await library.readAll();
	renameSync(path.join(root, "a.jpg"), path.join(root, "t"));
	renameSync(path.join(root, "b.jpg"), path.join(root, "a.jpg"));
	renameSync(path.join(root, "t"), path.join(root, "b.jpg"));
	await library.folders.scanAll();
	expect(await library.paths(folder.id)).toEqual(["a.jpg", "b.jpg"]);
	expect((await library.catalogue.photos.counts()).waiting).toBe(2);
});

test("a folder that may not be read keeps its photos; the rest is compared", async () => {
	const root = temporaryTree();
	for (const name of ["locked/1.jpg", "locked/deep/2.jpg", "open/3.jpg", "open/4.jpg"])
		put(root, name);
	let locked = false;
	const library = await openFolders({
		walk: (rootPath: string, options: WalkOptions) =>
			walkFolder(rootPath, {
				...options,
				readFolder: async (at) => {
					if (locked && at.endsWith("locked")) {
						throw Object.assign(new Error("no"), { code: "EACCES" });
					}
					return readdir(at, { withFileTypes: true });
				},
			}),
	});
	const folder = await library.folders.add(root);
	await library.folders.scanAll();
	locked = true;
	rmSync(path.join(root, "locked/1.jpg"));
	rmSync(path.join(root, "locked/deep"), { recursive: true });
	rmSync(path.join(root, "open/3.jpg"));
	await library.folders.rescan(folder.id);
	expect(await library.paths(folder.id)).toEqual([
		"locked/1.jpg",
		"locked/deep/2.jpg",
		"open/4.jpg",
	]);
});

test.each([
	["in the middle of its scan", (root: string) => path.join(root, "7")],
	["as its scan begins", (root: string) => root],
])("a folder that vanishes %s goes offline and loses nothing", async (_, lastRead) => {
	const root = temporaryTree();
	for (let index = 0; index < 20; index++) put(root, `${index}/${index}.jpg`);
	let vanishing = false;
	const library = await openFolders({
		walk: (rootPath: string, options: WalkOptions) =>
			walkFolder(rootPath, {
				...options,
				batchSize: 4,
				readFolder: async (at) => {
					if (vanishing && at === lastRead(root)) renameSync(root, `${root}-away`);
					return readdir(at, { withFileTypes: true });
				},
			}),
	});
	const folder = await library.folders.add(root);
	await library.folders.scanAll();
	vanishing = true;
	await library.folders.scanAll();
	vanishing = false;
	expect(await library.paths(folder.id)).toHaveLength(20);
	expect(library.forgotten).toEqual([]);
	expect(await library.folders.list()).toMatchObject([{ state: "offline", photos: 20 }]);
	await expect(library.folders.rescan(folder.id)).rejects.toMatchObject({ code: "FOLDER_OFFLINE" });
	renameSync(`${root}-away`, root);
	await library.folders.scanAll();
	expect(await library.folders.list()).toMatchObject([{ state: "online", photos: 20 }]);
});

test("photos that an ignore file leaves out are forgotten, and come back with it", async () => {
	const root = temporaryTree();
	put(root, "drafts/1.jpg");
	put(root, "2.jpg");
	const library = await openFolders();
	const folder = await library.folders.add(root);
	await library.folders.scanAll();
	put(root, ".afterimageignore", "drafts/");
	await library.folders.scanAll();
	expect(await library.paths(folder.id)).toEqual(["2.jpg"]);
	rmSync(path.join(root, ".afterimageignore"));
	await library.folders.scanAll();
	expect(await library.paths(folder.id)).toEqual(["2.jpg", "drafts/1.jpg"]);
});

test("photos that failed because their file was out of reach are tried again", async () => {
	const root = temporaryTree();
	put(root, "a.jpg");
	put(root, "b.jpg");
	const library = await openFolders();
	const folder = await library.folders.add(root);
	await library.folders.scanAll();
	const [a, b] = [await library.idOf(folder.id, "a.jpg"), await library.idOf(folder.id, "b.jpg")];
	if (a === undefined || b === undefined) throw new Error("both photos were to be found");
	await library.catalogue.photos.storeFailure(a, "vanished", "gone");
	await library.catalogue.photos.storeFailure(b, "corrupt", "broken");
	await library.folders.scanAll();
	expect((await library.catalogue.photos.get(a))?.state).toBe("waiting");
	expect((await library.catalogue.photos.get(b))?.state).toBe("failed");
});
