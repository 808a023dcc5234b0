/** @file Saved searches over the whole engine: live counts, what is new, names, folders, grouping. */
import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { savedSearchesAtMost } from "../../contract/limits.ts";
import type { SavedQuestion } from "../../contract/saved-search.ts";
import { openCatalogue } from "../../engine/catalogue/open-catalogue.ts";
import {
	openTestLibrary,
	resourcesPath,
	temporaryRoot,
	untilSearchable,
} from "../engine/open-test-library.ts";

const demoPhoto = (name: string) => join(resourcesPath, "demo-photos", name);
const names = ["grass.jpg", "giant-panda.webp", "louvre.webp", "moose.webp"];

async function libraryWithPhotos() {
	const root = temporaryRoot();
	const opened = await openTestLibrary({ root });
	mkdirSync(join(opened.photosPath, "zoo"), { recursive: true });
	for (const name of names) {
		const inner = /panda|moose/.test(name) ? "zoo" : "";
		copyFileSync(demoPhoto(name), join(opened.photosPath, inner, name));
	}
	const folder = await opened.client.folder.add({ path: opened.photosPath });
	await untilSearchable(opened.client, names.length);
	return { ...opened, root, folder };
}

const question = (query: string, change: Partial<SavedQuestion> = {}): SavedQuestion => ({
	query,
	plain: [],
	examples: [],
	liked: [],
	disliked: [],
	folderId: null,
	strictness: 0.3,
	order: "relevance",
	grouping: "none",
	drawn: "hidden",
	...change,
});

test("counts follow the photos, and tell what came since it was looked at", async () => {
	const { client, photosPath, folder } = await libraryWithPhotos();
	const saved = await client.savedSearch.save({ name: "Pandas", question: question("a panda") });
	expect(saved.matches).toMatchObject({ count: 1, more: false, fresh: 0 });
	const [panda] = (await client.search.text({ query: "a panda" })).hits;
	expect(saved.matches?.cover?.id).toBe(panda?.id);

	copyFileSync(demoPhoto("giant-panda.webp"), join(photosPath, "another-panda.webp"));
	await client.folder.rescan({ id: folder.id });
	await untilSearchable(client, names.length + 1);
	const [grown] = await client.savedSearch.list({});
	expect(grown?.matches).toMatchObject({ count: 2, fresh: 1 });
	const [known] = await client.savedSearch.list({ counts: "known" });
	expect(known?.matches).toEqual(grown?.matches);

	await client.savedSearch.seen({ id: saved.id });
	expect((await client.savedSearch.list({}))[0]?.matches).toMatchObject({ count: 2, fresh: 0 });

	rmSync(join(photosPath, "another-panda.webp"));
	await client.folder.rescan({ id: folder.id });
	await untilSearchable(client, names.length);
	expect((await client.savedSearch.list({}))[0]?.matches).toMatchObject({ count: 1, fresh: 0 });
});

test("it is answered as it was asked, with its strictness, order and groups", async () => {
	const { client } = await libraryWithPhotos();
	const asked = question("an animal", { strictness: 0, order: "oldest", grouping: "folder" });
	const { id } = await client.savedSearch.save({ name: "Animals", question: asked });
	const result = await client.savedSearch.run({ id, limit: 3 });
	expect(result.order).toBe("oldest");
	expect(result.hits).toHaveLength(3);
	const again = await client.search.text({
		query: "an animal",
		strictness: 0,
		order: "oldest",
		group: "folder",
		limit: 3,
	});
	expect(result.groups).toEqual(again.groups);
	const labels = result.groups?.labels.map((label) => label.kind === "folder" && label.path);
	expect(new Set(labels)).toEqual(new Set(["photos", "photos/zoo"].slice(0, labels?.length)));
});

test("names that cannot be used are refused with a reason, and nothing is saved", async () => {
	const { client } = await openTestLibrary();
	const save = (name: string, asked = question("a panda")) =>
		client.savedSearch.save({ name, question: asked });
	await save("  Pandas \n of  mine ");
	expect((await client.savedSearch.list({})).map(({ name }) => name)).toEqual(["Pandas of mine"]);
	await expect(save("pandas OF mine")).rejects.toMatchObject({ code: "NAME_TAKEN" });
	for (const name of ["", " ", "x".repeat(81), "a\u202eb", "a\u0000b"]) {
		await expect(save(name)).rejects.toMatchObject({ code: "NAME_NOT_ALLOWED" });
	}
	await expect(save("Never", question("after:never"))).rejects.toMatchObject({
		code: "INVALID_QUERY",
	});
	expect(await client.savedSearch.list({})).toHaveLength(1);
});

test("one more than can be kept is refused with what to do, and the list stays readable", async () => {
	const root = temporaryRoot();
	const first = await openTestLibrary({ root, live: false });
	const { id: removed } = await first.client.savedSearch.save({
		name: "Removed",
		question: question("is:portrait"),
	});
	await first.client.savedSearch.remove({ id: removed });
	await first.library.close();
	const catalogue = await openCatalogue(join(first.libraryPath, "catalogue.sqlite"));
	for (let count = 0; count < savedSearchesAtMost; count += 1) {
		await catalogue.savedSearches.add({
			name: `Search ${count}`,
			questionVersion: 1,
			question: question("is:portrait"),
			folderPath: null,
			seenIds: [],
		});
	}
	await catalogue.close();
	const { client } = await openTestLibrary({ root, live: false });
	const saved = client.savedSearch.save({ name: "Last", question: question("is:portrait") });
	await expect(saved).rejects.toMatchObject({
		code: "TOO_MANY_SAVED",
		message: expect.stringContaining("Remove one"),
	});
	// Taking back what was removed is never refused.
	await client.savedSearch.restore({ id: removed });
	const listed = await client.savedSearch.list({ counts: "known" });
	expect(listed).toHaveLength(savedSearchesAtMost + 1);
	await client.savedSearch.reorder({ ids: listed.map(({ id }) => id).reverse() });
});

test("renaming, changing, removing and bringing back", async () => {
	const { client } = await libraryWithPhotos();
	const { id } = await client.savedSearch.save({ name: "A", question: question("a panda") });
	await client.savedSearch.save({ name: "B", question: question("grass") });
	await expect(client.savedSearch.update({ id, name: "b" })).rejects.toMatchObject({
		code: "NAME_TAKEN",
	});
	const changed = await client.savedSearch.update({ id, question: question("a moose") });
	expect(changed).toMatchObject({ name: "A", question: { query: "a moose" } });
	expect(changed.matches).toMatchObject({ fresh: 0 });
	await client.savedSearch.remove({ id });
	await expect(client.savedSearch.run({ id })).rejects.toMatchObject({
		code: "SAVED_SEARCH_NOT_FOUND",
	});
	await client.savedSearch.restore({ id });
	const listed = await client.savedSearch.list({});
	expect(listed.map(({ name }) => name)).toEqual(["A", "B"]);
	await client.savedSearch.reorder({ ids: listed.map((one) => one.id).reverse() });
	expect((await client.savedSearch.list({})).map(({ name }) => name)).toEqual(["B", "A"]);
});

test("its folder is found again after it was removed and added, and missed until then", async () => {
	const { client, photosPath, folder } = await libraryWithPhotos();
	const asked = question("a panda", { folderId: folder.id });
	await client.savedSearch.save({ name: "In here", question: asked });
	await client.folder.remove({ id: folder.id });
	const [missed] = await client.savedSearch.list({});
	expect(missed?.matches).toBeNull();
	expect(missed?.problem).toContain(photosPath);
	const again = await client.folder.add({ path: photosPath });
	await untilSearchable(client, names.length);
	const [found] = await client.savedSearch.list({});
	expect(found).toMatchObject({ problem: null, question: { folderId: again.id } });
	expect(found?.matches?.count).toBe(1);
});

test("results are grouped in the order they are sorted by, unknown places last", async () => {
	const { client } = await libraryWithPhotos();
	const text = (group: "day" | "place" | "month", order: "date" | "oldest") =>
		client.search.text({ query: "a photo", strictness: 0, order, group });
	const byDay = await text("day", "date");
	const days = byDay.groups?.labels.map((label) => (label.kind === "day" ? label.day : Number.NaN));
	expect(days).toEqual(days?.toSorted((one, other) => other - one));
	expect(byDay.groups?.of).toHaveLength(byDay.hits.length);
	const oldestFirst = await text("day", "oldest");
	expect(oldestFirst.hits.map(({ id }) => id)).toEqual(byDay.hits.map(({ id }) => id).reverse());
	const byPlace = await text("place", "date");
	expect(byPlace.groups?.labels.at(-1)).toEqual({ kind: "unknown" });
});

test("the library's columns come with groups by folder, newest first inside each", async () => {
	const { client } = await libraryWithPhotos();
	const { ids, groups } = await client.photo.columns({ group: "folder" });
	expect(ids).toEqual((await client.photo.columns({})).ids);
	const paths = groups?.labels.map((label) => (label.kind === "folder" ? label.path : ""));
	expect(new Set(paths)).toEqual(new Set(["photos", "photos/zoo"]));
	const found = await Promise.all(ids.map((id) => client.photo.detail({ id })));
	for (const [at, { relativePath }] of found.entries()) {
		const inZoo = relativePath.startsWith("zoo/");
		expect(paths?.[groups?.of[at] ?? -1]).toBe(inZoo ? "photos/zoo" : "photos");
	}
});
