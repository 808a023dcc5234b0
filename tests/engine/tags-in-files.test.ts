/** @file Tags, captions and stars between library and files, with everything real. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
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
		expect.poll(() => named(query), { timeout: 15_000, interval: 50 }).toEqual(names);
	await finds("tag:dog", ["photo-1.jpg"]);
	await finds("tag:ferry", ["embedded.jpg"]);
	await finds("rating:>=4", ["embedded.jpg", "photo-1.jpg"]);
	await expect
		.poll(
			async () => {
				const { hits } = await client.search.text({ query: "kattegat ferry", limit: 1 });
				return client.photo.summaries({ ids: hits.map(({ id }) => id) });
			},
			{ timeout: 15_000 },
		)
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
	expect(await client.tagWriting.status()).toMatchObject({ enabled: false, sidecarsWritten: 0 });
}, 60_000);
