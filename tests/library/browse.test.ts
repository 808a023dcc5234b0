/** @file Looking for a folder to add. */
import path from "node:path";
import { expect, test } from "vitest";
import { folderListingSchema } from "../../contract/folder.ts";
import { browseFolders } from "../../engine/library/browse.ts";
import { put, temporaryTree } from "../watcher/photo-tree.ts";

test("subfolders in natural order, hidden ones left out, photos directly inside counted", async () => {
	const root = temporaryTree();
	for (const name of ["Trip 10", "Trip 9", "trip 1", ".hidden", "node_modules"])
		put(root, `${name}/x.jpg`);
	put(root, "a.JPG");
	put(root, "b.heic");
	put(root, "c.txt");
	put(root, "._a.jpg");
	put(root, "home/Pictures/p.jpg");
	const listing = await browseFolders(root, path.join(root, "home"));
	expect(folderListingSchema.parse(listing)).toEqual(listing);
	expect(listing.folders.map(({ name }) => name)).toEqual(["home", "trip 1", "Trip 9", "Trip 10"]);
	expect(listing.photoFiles).toBe(2);
	expect(listing.parent).toBe(path.dirname(root));
	expect(listing.places.slice(0, 2)).toEqual([
		{ name: "Pictures", path: path.join(root, "home/Pictures") },
		{ name: "Home", path: path.join(root, "home") },
	]);
});

test("the top has no parent; without a path it begins at home", async () => {
	expect((await browseFolders(path.parse(process.cwd()).root)).parent).toBeNull();
	expect(path.isAbsolute((await browseFolders()).path)).toBe(true);
});

test("more than a thousand photos are counted as a thousand", async () => {
	const root = temporaryTree();
	for (let index = 0; index < 1005; index++) put(root, `${index}.jpg`, "");
	expect((await browseFolders(root)).photoFiles).toBe(1000);
});

test("a folder that is not there, or no folder, is refused by name", async () => {
	const root = temporaryTree();
	const file = put(root, "a.jpg");
	for (const asked of [path.join(root, "nowhere"), file, "relative"]) {
		await expect(browseFolders(asked)).rejects.toMatchObject({
			code: "FOLDER_NOT_FOUND",
			detail: { path: asked },
		});
	}
});
