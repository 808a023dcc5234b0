/** @file Drives inside folders, a catalogue that cannot be written, a system that refuses to watch. */
import { rmSync, unlinkSync } from "node:fs";
import path from "node:path";
import { FSWatcher } from "chokidar";
import { expect, test } from "vitest";
import { Refusal } from "../../contract/errors.ts";
import { type WalkOptions, walkFolder } from "../../engine/watcher/walk.ts";
import { pause, put, temporaryTree, until } from "../watcher/photo-tree.ts";
import { openFolders } from "./folders-under-test.ts";

test("photos of a drive mounted inside a folder are kept while nothing is mounted there", async () => {
	const root = temporaryTree();
	put(root, "usb/DCIM/a.jpg");
	put(root, "b.jpg");
	let mounted = true;
	const library = await openFolders({
		async *walk(rootPath: string, options: WalkOptions) {
			for await (const batch of walkFolder(rootPath, options)) {
				yield mounted ? { ...batch, nestedMounts: ["usb"] } : batch;
			}
		},
	});
	const { id } = await library.folders.add(root);
	await library.folders.scanAll();
	mounted = false;
	rmSync(path.join(root, "usb/DCIM"), { recursive: true });
	rmSync(path.join(root, "b.jpg"));
	await library.folders.scanAll();
	await library.folders.scanAll();
	expect(await library.paths(id)).toEqual(["usb/DCIM/a.jpg"]);
	put(root, "usb/DCIM/a.jpg");
	await library.folders.scanAll();
	expect(await library.paths(id)).toEqual(["usb/DCIM/a.jpg"]);
});

test("a change that could not be written is told and found by a later scan", async () => {
	const root = temporaryTree();
	const library = await openFolders({ live: true, retryMs: 200 });
	const { id } = await library.folders.add(root);
	await until(() => !library.folders.scanning, "the first scan");
	const { photos } = library.catalogue;
	const discover = photos.discover;
	photos.discover = async () => {
		throw new Refusal("DISK_FULL");
	};
	put(root, "a.jpg");
	await until(() => library.troubles.length > 0, "the trouble");
	photos.discover = discover;
	await until(async () => (await library.paths(id)).length === 1, "the photo after all");
	expect(library.troubles[0]).toMatchObject({ code: "DISK_FULL" });
});

test("a folder the system refuses to watch says so and is rescanned at intervals", async () => {
	const root = temporaryTree();
	put(root, "a.jpg");
	const library = await openFolders({
		live: true,
		watchOptions: {
			fallbackIntervalMs: 100,
			quietMs: 50,
			startWatch: () => {
				const watcher = new FSWatcher();
				const error = Object.assign(new Error("no watches left"), { code: "ENOSPC" });
				setImmediate(() => watcher.emit("error", error));
				return watcher;
			},
		},
	});
	const { id } = await library.folders.add(root);
	await until(async () => (await library.paths(id)).length === 1, "the first scan");
	expect(await library.folders.list()).toMatchObject([{ watched: false, state: "online" }]);
	put(root, "b.jpg");
	unlinkSync(path.join(root, "a.jpg"));
	await until(async () => (await library.paths(id)).join() === "b.jpg", "both changes");
});

test("closing in the middle of everything leaves nothing running and can be done twice", async () => {
	const root = temporaryTree();
	for (let index = 0; index < 500; index++) put(root, `${index % 20}/${index}.jpg`);
	const library = await openFolders({ live: true });
	const { id } = await library.folders.add(root);
	await library.folders.close();
	await library.folders.close();
	const known = await library.paths(id);
	put(root, "late.jpg");
	await pause(500);
	expect(await library.paths(id)).toEqual(known);
	const again = await library.reopen();
	await again.folders.scanAll();
	expect(await again.paths(id)).toHaveLength(501);
});
