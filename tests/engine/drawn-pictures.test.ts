/** @file Drawn pictures among photos: told apart by their files, left out unless they are asked for. */
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { DrawnPictures } from "../../contract/drawn-pictures.ts";
import { drawingSettingsSchema } from "../../contract/generation.ts";
import { openCatalogue } from "../../engine/catalogue/open-catalogue.ts";
import { nothingGiven } from "../../engine/generator/given-pictures.ts";
import { drawnFile } from "../../engine/generator/provenance.ts";
import {
	openTestLibrary,
	resourcesPath,
	temporaryRoot,
	untilSearchable,
} from "./open-test-library.ts";

const settings = drawingSettingsSchema.parse({
	family: "guided",
	prompts: [{ text: "green grass", weight: 1 }],
	seed: 1,
	width: 64,
	height: 64,
	steps: 2,
	palette: [],
	canvas: null,
	finish: null,
	strength: null,
	masked: false,
});

/** Two photos and one drawn picture, all of them searchable. */
async function mixedLibrary() {
	const root = temporaryRoot();
	const opened = await openTestLibrary({ root });
	mkdirSync(opened.photosPath, { recursive: true });
	for (const name of ["grass.jpg", "louvre.webp"]) {
		copyFileSync(join(resourcesPath, "demo-photos", name), join(opened.photosPath, name));
	}
	const green = Uint8Array.from({ length: 64 * 64 * 3 }, (_, at) => (at % 3 === 1 ? 130 : 40));
	const picture = { width: 64, height: 64, pixels: green };
	const bytes = await drawnFile(picture, { settings, packages: [], ...nothingGiven });
	writeFileSync(join(opened.photosPath, "drawn.png"), bytes);
	const folder = await opened.client.folder.add({ path: opened.photosPath });
	await untilSearchable(opened.client, 3);
	const named = async (ids: Parameters<typeof opened.client.photo.summaries>[0]["ids"]) =>
		(await opened.client.photo.summaries({ ids })).map(({ fileName }) => fileName).sort();
	return { ...opened, root, folder, named };
}

test("searches and the grid leave drawn pictures out, and say how many", async () => {
	const { client, named, folder } = await mixedLibrary();
	const photos = ["grass.jpg", "louvre.webp"];
	const all = ["drawn.png", ...photos];
	const found = async (query: string, drawn?: DrawnPictures) => {
		const result = await client.search.text({ query, ...(drawn && { drawn }) });
		return [await named(result.hits.map(({ id }) => id)), result.hiddenDrawn];
	};
	expect(await found("grass")).toEqual([photos, 1]);
	expect(await found("grass", "shown")).toEqual([all, 0]);
	expect(await found("grass", "only")).toEqual([["drawn.png"], 0]);
	expect(await found("type:png")).toEqual([[], 1]);
	expect(await found("type:png", "shown")).toEqual([["drawn.png"], 0]);
	expect(await found("is:generated")).toEqual([["drawn.png"], 0]);
	expect(await found("is:generated grass", "hidden")).toEqual([["drawn.png"], 0]);
	expect(await found("is:photographed", "only")).toEqual([photos, 0]);

	const shown = await client.photo.columns({ drawn: "shown" });
	expect(await named(shown.ids)).toEqual(all);
	for (const scope of [{}, { folderId: folder.id }]) {
		const { ids, hiddenDrawn } = await client.photo.columns(scope);
		expect([await named(ids), hiddenDrawn]).toEqual([photos, 1]);
	}
	const only = await client.photo.columns({ drawn: "only", group: "folder" });
	expect(await named(only.ids)).toEqual(["drawn.png"]);
	const [drawn] = only.ids;
	if (drawn === undefined) throw new Error("There is no drawn picture.");
	expect(await client.photo.detail({ id: drawn })).toMatchObject({ generated: true });
	const similar = await client.search.similar({ id: drawn });
	expect(await named(similar.hits.map(({ id }) => id))).toEqual(photos);
	const [first] = (await client.search.similar({ id: similar.hits[0]?.id ?? drawn })).hits;
	expect(first?.id).not.toBe(drawn);
});

test("a picture that stands where a drawn one stood is a photo", async () => {
	const { client, photosPath, named, folder } = await mixedLibrary();
	copyFileSync(
		join(resourcesPath, "demo-photos", "giant-panda.webp"),
		join(photosPath, "drawn.png"),
	);
	await client.folder.rescan({ id: folder.id });
	await expect
		.poll(async () => named((await client.photo.columns({})).ids))
		.toEqual(["drawn.png", "grass.jpg", "louvre.webp"]);
});

test("photos of an older library are told apart in the background, without being read anew", async () => {
	const { client, library, root } = await mixedLibrary();
	const before = await client.photo.columns({ drawn: "shown" });
	await library.close();
	// As the version before left it: the mark is not there yet, and the files' words were read by it.
	const catalogue = await openCatalogue(join(root, "library", "catalogue.sqlite"));
	for (const id of before.ids) {
		const photo = await catalogue.photos.get(id);
		if (photo?.contentHash == null) throw new Error("It was not read.");
		const known = await catalogue.fileMetadata.get(id);
		if (known?.embedded == null) throw new Error("Its file was not read.");
		const { contentHash } = photo;
		const reading = { place: "photo", contentHash, readerVersion: 1, drawn: false } as const;
		await catalogue.fileMetadata.apply(id, { ...reading, metadata: known.embedded }, () => ({
			add: [],
			remove: [],
			agreed: [],
			conflict: null,
		}));
	}
	await catalogue.close();
	const again = await openTestLibrary({ root });
	await expect.poll(async () => (await again.client.photo.columns({})).hiddenDrawn).toBe(1);
	// A photo that is embedded anew gets a new version.
	const after = await again.client.photo.columns({ drawn: "shown" });
	expect(after.versions).toEqual(before.versions);
});
