/** @file Tags, captions and stars between library and files, with everything real. */
import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { expect, test } from "vitest";
import { editXmp } from "../../engine/xmp/edit-xmp.ts";
import { newSidecar } from "../../engine/xmp/new-sidecar.ts";
import { makePhoto, makePhotoFolder } from "../fixtures/make-photos.ts";
import { openTestLibrary, untilSearchable } from "./open-test-library.ts";

const packet = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="4">
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">Grandmother at the Kattegat ferry</rdf:li></rdf:Alt></dc:description>
<dc:subject><rdf:Bag><rdf:li>Ferry</rdf:li></rdf:Bag></dc:subject>
</rdf:Description></rdf:RDF></x:xmpmeta>`;

test("captions, keywords and stars in photos and sidecars are found; a changed sidecar is seen", async () => {
	const { client, photosPath } = await openTestLibrary();
	await makePhotoFolder(photosPath, 3);
	const embedded = await sharp(await makePhoto(9))
		.withXmp(packet)
		.jpeg()
		.toBuffer();
	writeFileSync(join(photosPath, "embedded.jpg"), embedded);
	const sidecar = join(photosPath, "photo-1.jpg.xmp");
	writeFileSync(sidecar, newSidecar({ add: [["Animals", "Dog"]], rating: 5 }));
	await client.folder.add({ path: photosPath });
	await untilSearchable(client, 4);
	expect((await client.photo.columns({})).ids).toHaveLength(4);
	const named = async (query: string) => {
		const { hits } = await client.search.text({ query, limit: 10 });
		const summaries = await client.photo.summaries({ ids: hits.map(({ id }) => id) });
		return summaries.map(({ fileName }) => fileName).sort();
	};
	const finds = (query: string, names: string[]) =>
		expect.poll(() => named(query), { interval: 50 }).toEqual(names);
	await finds("tag:dog", ["photo-1.jpg"]);
	await finds("tag:ferry", ["embedded.jpg"]);
	await finds("rating:>=4", ["embedded.jpg", "photo-1.jpg"]);
	await expect
		.poll(async () => {
			const { hits } = await client.search.text({ query: "kattegat ferry", limit: 1 });
			return client.photo.summaries({ ids: hits.map(({ id }) => id) });
		})
		.toMatchObject([{ fileName: "embedded.jpg" }]);

	writeFileSync(
		sidecar,
		editXmp(readFileSync(sidecar), { add: [["Beach"]], remove: [["Animals", "Dog"]] }),
	);
	await finds("tag:beach", ["photo-1.jpg"]);
	await finds("tag:dog", []);
	rmSync(sidecar);
	await finds("rating:5", []);
	await finds("tag:beach", ["photo-1.jpg"]);
	expect(readFileSync(join(photosPath, "embedded.jpg")).equals(embedded)).toBe(true);
	expect(await client.tagWriting.status()).toMatchObject({ keptIn: "library", sidecarsWritten: 0 });
});

test("stars and words set here are found at once, told with their source, and undone", async () => {
	const { client, photosPath } = await openTestLibrary();
	await makePhotoFolder(photosPath, 2);
	await client.folder.add({ path: photosPath });
	await untilSearchable(client, 2);
	const [id] = (await client.photo.columns({})).ids;
	if (id === undefined) throw new Error("There is no photo.");
	const { changeId } = await client.description.change({
		ids: [id],
		title: "  The  Skagerrak \u0007",
		rating: 5,
	});
	expect((await client.search.text({ query: "rating:5", limit: 5 })).hits).toMatchObject([{ id }]);
	const { hits } = await client.search.text({ query: "skagerrak", limit: 1 });
	expect(hits).toMatchObject([{ id }]);
	expect(await client.description.ofPhoto({ id })).toMatchObject({
		title: "The  Skagerrak",
		rating: 5,
		setHere: ["title", "rating"],
		inSidecar: null,
		sidecarPath: null,
	});
	expect(await client.tag.changes({ limit: 1 })).toMatchObject([
		{ title: "Give 5 stars, Set the title “The  Skagerrak”", changed: 2, undone: false },
	]);
	if (changeId === null) throw new Error("Nothing changed.");
	expect(await client.tag.undo({ changeId })).toMatchObject({ changed: 2, skipped: 0 });
	expect((await client.search.text({ query: "rating:5", limit: 5 })).hits).toEqual([]);
	await client.description.change({ ids: [id], rating: 0, title: "" });
	expect(await client.description.ofPhotos({ ids: [id] })).toMatchObject({
		photos: 1,
		title: null,
		rating: null,
	});
});

test("tags of one library are those of another over the same folder, and of the same one after its folder came back", async () => {
	const first = await openTestLibrary();
	await makePhotoFolder(first.photosPath, 2);
	const folder = await first.client.folder.add({ path: first.photosPath });
	await untilSearchable(first.client, 2);
	const { ids } = await first.client.photo.columns({});
	await first.client.tag.apply({ ids, add: ["animal/dog", "Été à la plage"], remove: [] });
	await first.client.tagWriting.change({ keptIn: "sidecars" });
	await expect
		.poll(() => first.client.tagWriting.status())
		.toMatchObject({ waiting: 0, sidecarsWritten: 2 });
	const tagsOf = async ({ client }: typeof first) =>
		(await client.tag.list({})).map(({ path, accepted }) => [path, accepted]);
	const expected = [
		["animal", 0],
		["animal/dog", 2],
		["Été à la plage", 2],
	];
	expect(await tagsOf(first)).toEqual(expected);

	await first.client.tagWriting.change({ keptIn: "library" });
	for (const name of ["photo-0.jpg.xmp", "photo-1.jpg.xmp"]) {
		copyFileSync(join(first.photosPath, name), join(first.libraryPath, name));
	}
	await first.client.folder.remove({ id: folder.id });
	for (const name of ["photo-0.jpg.xmp", "photo-1.jpg.xmp"]) rmSync(join(first.photosPath, name));
	await first.client.folder.add({ path: first.photosPath });
	await untilSearchable(first.client, 2);
	expect(await tagsOf(first)).toEqual(expected);

	for (const name of ["photo-0.jpg.xmp", "photo-1.jpg.xmp"]) {
		copyFileSync(join(first.libraryPath, name), join(first.photosPath, name));
	}
	await first.library.close();
	const second = await openTestLibrary();
	await second.client.folder.add({ path: first.photosPath });
	await untilSearchable(second.client, 2);
	await expect.poll(() => tagsOf(second)).toEqual(expected);
});
