/** @file From a picture with words to the first hit of a search for them, with everything real. */
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { EngineClient } from "../../contract/contract.ts";
import { makePhotoFolder } from "../fixtures/make-photos.ts";
import { openTestLibrary, temporaryRoot } from "./open-test-library.ts";

const signs = join(import.meta.dirname, "..", "fixtures", "recognition", "signs.jpg");

async function untilTextRead(client: EngineClient, photos: number) {
	await expect
		.poll(async () => (await client.recognition.status()).done, { interval: 50 })
		.toBe(photos);
}

test("a sign is found by what it says, and what it says is shown with the photo", async () => {
	const root = temporaryRoot();
	const { client, library, photosPath } = await openTestLibrary({ root });
	await makePhotoFolder(photosPath, 4);
	copyFileSync(signs, join(photosPath, "a.jpg"));
	await client.folder.add({ path: photosPath });
	await untilTextRead(client, 5);

	for (const query of ["sideways", "müller", "quick brown fox"]) {
		const { hits } = await client.search.text({ query, limit: 5 });
		const [first] = await client.photo.summaries({ ids: hits.slice(0, 1).map(({ id }) => id) });
		expect(first?.fileName).toBe("a.jpg");
	}
	const { ids } = await client.photo.columns({});
	const summaries = await client.photo.summaries({ ids });
	const sign = summaries.find(({ fileName }) => fileName === "a.jpg");
	const other = summaries.find(({ fileName }) => fileName !== "a.jpg");
	if (sign === undefined || other === undefined) throw new Error("A photo is missing.");
	const text = await client.recognition.ofPhoto({ id: sign.id });
	expect(text.state === "read" && text.lines.map((line) => line.text)).toContain(
		"The quick brown fox",
	);
	expect(await client.recognition.ofPhoto({ id: other.id })).toEqual({ state: "read", lines: [] });
	expect((await client.activity.progress()).text).toBeNull();
	await library.close();

	const second = await openTestLibrary({ root });
	await second.client.recognition.start();
	expect(await second.client.recognition.status()).toMatchObject({
		enabled: true,
		photos: 5,
		done: 5,
		secondsPerPhoto: null,
		problem: null,
	});
});

test("turned off it stays off, and photos are searchable without it", async () => {
	const root = temporaryRoot();
	const { client, library, photosPath } = await openTestLibrary({ root });
	expect(await client.recognition.change({ enabled: false })).toMatchObject({ enabled: false });
	mkdirSync(photosPath);
	copyFileSync(signs, join(photosPath, "a.jpg"));
	await client.folder.add({ path: photosPath });
	await expect.poll(async () => (await client.activity.progress()).searchable).toBe(1);
	await library.close();
	const second = await openTestLibrary({ root });
	expect(await second.client.recognition.status()).toMatchObject({ enabled: false, done: 0 });
	await second.client.recognition.change({ enabled: true });
	await untilTextRead(second.client, 1);
});
