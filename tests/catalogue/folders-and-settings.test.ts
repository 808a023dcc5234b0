/** @file Folders and settings on a real database. */
import { expect, test } from "vitest";
import { openCatalogue } from "../../engine/catalogue/open-catalogue.ts";
import { addFolder, discoverOne, found, read } from "./catalogue-contents.ts";
import { newCatalogue } from "./catalogue-on-disk.ts";

test("a folder is remembered with everything that is known of it", async () => {
	const { catalogue } = await newCatalogue();
	const folder = await addFolder(catalogue);
	expect(folder).toMatchObject({
		volumeId: "volume",
		pathInVolume: "holiday",
		lastPath: "/photos/holiday",
		offline: false,
		lastScanAtMs: null,
	});
	expect(Math.abs(folder.addedAtMs - Date.now())).toBeLessThan(60_000);
	expect(await catalogue.folders.list()).toEqual([folder]);
	expect(await catalogue.folders.get(folder.id)).toEqual(folder);
});

test("the same place on the same volume is one folder, wherever it is mounted", async () => {
	const { catalogue } = await newCatalogue();
	const first = await addFolder(catalogue);
	const again = await catalogue.folders.add({
		volumeId: "volume",
		pathInVolume: "holiday",
		lastPath: "/elsewhere/holiday",
	});
	expect(again).toEqual({ ...first, lastPath: "/elsewhere/holiday" });
	expect(await catalogue.folders.list()).toHaveLength(1);
});

test("a folder goes offline, comes back elsewhere and remembers its last scan", async () => {
	const { catalogue } = await newCatalogue();
	const folder = await addFolder(catalogue);
	await catalogue.folders.update(folder.id, { offline: true });
	expect(await catalogue.folders.get(folder.id)).toEqual({ ...folder, offline: true });
	const change = {
		volumeId: "other",
		pathInVolume: "moved",
		lastPath: "/mnt/moved",
		offline: false,
		lastScanAtMs: 1234,
	};
	await catalogue.folders.update(folder.id, change);
	await catalogue.folders.update(folder.id, {});
	expect(await catalogue.folders.get(folder.id)).toEqual({ ...folder, ...change });
});

test("removing a folder forgets its photos and embeddings, and only its own", async () => {
	const { catalogue } = await newCatalogue();
	const gone = await addFolder(catalogue, "gone");
	const kept = await addFolder(catalogue, "kept");
	const file = found("a.jpg");
	const readOne = await discoverOne(catalogue, gone.id, file);
	const waiting = await discoverOne(catalogue, gone.id, found("b.jpg"));
	const other = await discoverOne(catalogue, kept.id, file);
	await catalogue.photos.storeRead("encoder", [read(readOne, file), read(other, file)]);
	expect(await catalogue.folders.remove(gone.id)).toEqual([
		{ id: readOne, contentHash: "hash of a.jpg" },
		{ id: waiting, contentHash: null },
	]);
	expect(await catalogue.folders.get(gone.id)).toBeUndefined();
	expect(await catalogue.photos.get(readOne)).toBeUndefined();
	expect(await catalogue.photos.ids(kept.id)).toEqual([other]);
	expect(await catalogue.embeddings.count("encoder")).toBe(1);
	expect(await catalogue.folders.remove(gone.id)).toEqual([]);
});

test("settings keep any JSON value through a restart, and can be forgotten", async () => {
	const { catalogue, filePath } = await newCatalogue();
	expect(await catalogue.settings.get("paused")).toBeUndefined();
	await catalogue.settings.set("paused", true);
	await catalogue.settings.set("paused", false);
	await catalogue.settings.set("window", { width: 800, names: ["a", "’", "🌅"] });
	await catalogue.settings.set("nothing", null);
	await catalogue.settings.set("forgotten", 1);
	await catalogue.settings.set("forgotten", undefined);
	await catalogue.close();
	const again = await openCatalogue(filePath);
	expect(await again.settings.get("paused")).toBe(false);
	expect(await again.settings.get("window")).toEqual({ width: 800, names: ["a", "’", "🌅"] });
	expect(await again.settings.get("nothing")).toBeNull();
	expect(await again.settings.get("forgotten")).toBeUndefined();
	await again.close();
});
