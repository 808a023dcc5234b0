/** @file Changes on disk while the library is open, seen through the real watcher. */
import { appendFileSync, copyFileSync, mkdirSync, renameSync, rmSync, unlinkSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { pause, put, temporaryTree, until } from "../watcher/photo-tree.ts";
import {
	FakeVolumes,
	type FoldersUnderTest,
	isStillRead,
	openFolders,
} from "./folders-under-test.ts";

async function liveFolder(root: string, library: FoldersUnderTest) {
	const folder = await library.folders.add(root);
	await until(() => !library.folders.scanning, "the first scan");
	await library.readAll();
	return folder.id;
}

async function untilPaths(
	library: FoldersUnderTest,
	id: Parameters<FoldersUnderTest["paths"]>[0],
	paths: string[],
) {
	const wanted = JSON.stringify([...paths].sort());
	await until(async () => JSON.stringify(await library.paths(id)) === wanted, wanted);
}

test("added, edited, renamed and deleted photos show up by themselves", async () => {
	const root = temporaryTree();
	put(root, "a.jpg");
	const library = await openFolders({ live: true });
	const folder = await liveFolder(root, library);
	const id = await library.idOf(folder, "a.jpg");

	put(root, "new/b.jpg");
	await untilPaths(library, folder, ["a.jpg", "new/b.jpg"]);

	renameSync(path.join(root, "a.jpg"), path.join(root, "new/ré\nnamed.jpg"));
	await untilPaths(library, folder, ["new/b.jpg", "new/ré\nnamed.jpg"]);
	expect(await library.idOf(folder, "new/ré\nnamed.jpg")).toBe(id);
	expect(await isStillRead(library.catalogue, id)).toBe(true);

	appendFileSync(path.join(root, "new/ré\nnamed.jpg"), "edited");
	await until(async () => !(await isStillRead(library.catalogue, id)), "the edit");
	expect(await library.idOf(folder, "new/ré\nnamed.jpg")).toBe(id);

	unlinkSync(path.join(root, "new/b.jpg"));
	await untilPaths(library, folder, ["new/ré\nnamed.jpg"]);
	expect(library.troubles).toEqual([]);
});

test("a whole folder renamed keeps every photo's id and embedding", async () => {
	const root = temporaryTree();
	for (let index = 0; index < 30; index++) put(root, `old/day ${index % 4}/${index}.jpg`);
	const library = await openFolders({ live: true });
	const folder = await liveFolder(root, library);
	const before = await library.catalogue.photos.filesOf(folder);
	renameSync(path.join(root, "old"), path.join(root, "new"));
	await untilPaths(
		library,
		folder,
		[...before.keys()].map((name) => name.replace("old/", "new/")),
	);
	for (const [name, { id }] of before) {
		expect(await library.idOf(folder, name.replace("old/", "new/"))).toBe(id);
		expect(await isStillRead(library.catalogue, id)).toBe(true);
	}
	await pause(600);
	expect(library.forgotten).toEqual([]);
});

test("a photo moved between two library folders keeps its id and embedding", async () => {
	const [one, two] = [temporaryTree(), temporaryTree()];
	put(one, "a.jpg");
	put(one, "slow.jpg", "taken out, and put back elsewhere a moment later");
	const library = await openFolders({ live: true, graceMs: 1500 });
	const first = await liveFolder(one, library);
	const second = await liveFolder(two, library);
	const [a, slow] = [await library.idOf(first, "a.jpg"), await library.idOf(first, "slow.jpg")];
	renameSync(path.join(one, "a.jpg"), path.join(two, "b.jpg"));
	const away = path.join(temporaryTree(), "slow.jpg");
	renameSync(path.join(one, "slow.jpg"), away);
	await pause(700);
	mkdirSync(path.join(two, "deep"));
	renameSync(away, path.join(two, "deep/slow.jpg"));
	await untilPaths(library, second, ["b.jpg", "deep/slow.jpg"]);
	await untilPaths(library, first, []);
	expect(await library.idOf(second, "b.jpg")).toBe(a);
	expect(await library.idOf(second, "deep/slow.jpg")).toBe(slow);
	expect(await isStillRead(library.catalogue, a)).toBe(true);
	expect(await isStillRead(library.catalogue, slow)).toBe(true);
	await pause(1800);
	expect(library.forgotten).toEqual([]);
});

test("an ignore file written now takes effect now", async () => {
	const root = temporaryTree();
	put(root, "drafts/1.jpg");
	put(root, "2.jpg");
	const library = await openFolders({ live: true });
	const folder = await liveFolder(root, library);
	put(root, ".afterimageignore", "drafts/\n");
	await untilPaths(library, folder, ["2.jpg"]);
	rmSync(path.join(root, ".afterimageignore"));
	await untilPaths(library, folder, ["2.jpg", "drafts/1.jpg"]);
});

test("a drive unplugged empties nothing, and is found again under another path", async () => {
	const volumes = new FakeVolumes();
	const plugs = temporaryTree();
	const drive = path.join(plugs, "usb0");
	for (let index = 0; index < 5; index++) put(drive, `DCIM/${index}.jpg`);
	volumes.mounted.set("uuid:1234", drive);
	const library = await openFolders({ live: true, volumes });
	const folder = await liveFolder(path.join(drive, "DCIM"), library);
	const before = await library.catalogue.photos.filesOf(folder);

	// Unplugged as the watcher sees it: every file vanishes, an empty mount point stays.
	renameSync(drive, path.join(plugs, ".unplugged"));
	volumes.mounted.delete("uuid:1234");
	mkdirSync(path.join(drive, "DCIM"), { recursive: true });
	await until(async () => (await library.folders.list())[0]?.state === "offline", "offline");
	await pause(800);
	expect(await library.paths(folder)).toHaveLength(5);
	expect(library.forgotten).toEqual([]);
	expect(await library.catalogue.photos.nextWaiting(10, new Set())).toEqual([]);

	put(path.join(plugs, ".unplugged"), "DCIM/taken meanwhile.jpg");
	const elsewhere = path.join(plugs, "usb1");
	renameSync(path.join(plugs, ".unplugged"), elsewhere);
	volumes.mounted.set("uuid:1234", elsewhere);
	await until(async () => (await library.paths(folder)).length === 6, "the new photo");
	const [listed] = await library.folders.list();
	expect(listed).toMatchObject({ state: "online", path: path.join(elsewhere, "DCIM") });
	for (const [name, { id }] of before) expect(await library.idOf(folder, name)).toBe(id);
	const photo = await library.catalogue.photos.get(before.get("0.jpg")?.id ?? never());
	expect(photo && library.folders.whereabouts(photo)).toEqual({
		path: path.join(elsewhere, "DCIM/0.jpg"),
		offline: false,
	});
	put(elsewhere, "DCIM/watched again.jpg");
	await until(async () => (await library.paths(folder)).length === 7, "the watch at the new path");
});

test("a folder renamed away is offline, and online when it is back, with changes made meanwhile", async () => {
	const root = path.join(temporaryTree(), "photos");
	put(root, "a.jpg");
	put(root, "b.jpg");
	const library = await openFolders({ live: true });
	const folder = await liveFolder(root, library);
	renameSync(root, `${root}-away`);
	await until(async () => (await library.folders.list())[0]?.state === "offline", "offline");
	await pause(600);
	expect(library.forgotten).toEqual([]);
	rmSync(path.join(`${root}-away`, "b.jpg"));
	renameSync(`${root}-away`, root);
	await untilPaths(library, folder, ["a.jpg"]);
	expect(library.forgotten).toHaveLength(1);
});

test("what happens between opening and the end of the first scan is not missed", async () => {
	const root = temporaryTree();
	const source = put(root, "source.jpg");
	const library = await openFolders({ live: true });
	await library.folders.add(root);
	for (let index = 0; index < 200; index++) {
		copyFileSync(source, path.join(root, `${index}.jpg`));
		if (index % 20 === 0) await pause(5);
	}
	const [folder] = await library.folders.list();
	await until(
		async () => (await library.paths(folder?.id ?? never())).length === 201,
		"all 201 photos",
	);
});

function never(): never {
	throw new Error("a value was expected");
}
