import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ORPCError } from "@orpc/client";
import { describe, expect, test } from "vitest";
import type { EngineEvent } from "../../contract/activity.ts";
import { makePhoto, makePhotoFolder } from "../fixtures/make-photos.ts";
import { openTestLibrary, temporaryRoot, untilSearchable } from "./open-test-library.ts";

async function indexed(count: number) {
	const opened = await openTestLibrary();
	await makePhotoFolder(opened.photosPath, count);
	const folder = await opened.client.folder.add({ path: opened.photosPath });
	await untilSearchable(opened.client, count);
	return { ...opened, folder };
}

/** The code with which a call is refused; a defect shows itself by its own code. */
async function codeOf(call: Promise<unknown>): Promise<string> {
	try {
		await call;
		return "no error";
	} catch (error) {
		return error instanceof ORPCError ? error.code : String(error);
	}
}

describe("a folder that was added", () => {
	test("becomes searchable by words, by a picture and by one of its photos", async () => {
		const { client, photosPath } = await indexed(12);
		const byWords = await client.search.text({ query: "a red circle", limit: 5 });
		expect(byWords.hits).toHaveLength(5);
		expect(byWords.searched).toBe(12);
		const similarities = byWords.hits.map((hit) => hit.similarity);
		expect(similarities).toEqual([...similarities].sort((left, right) => right - left));

		const file = join(photosPath, "photo-4.jpg");
		const image = new File([readFileSync(file)], "query.jpg", { type: "image/jpeg" });
		const byPicture = await client.search.image({ image, limit: 3 });
		expect(byPicture.hits[0]?.path).toBe(file);
		expect(byPicture.hits[0]?.similarity).toBeGreaterThan(0.999);

		const id = byPicture.hits[0]?.id;
		if (id === undefined) throw new Error("Nothing was found.");
		const similar = await client.search.similar({ id, limit: 50 });
		expect(similar.hits).toHaveLength(11);
		expect(similar.hits.map((hit) => hit.id)).not.toContain(id);
	});

	test("shows photos that are added, edited, renamed and deleted on disk without a rescan", async () => {
		const { client, photosPath } = await indexed(4);
		const idOf = async (name: string) => {
			const { ids } = await client.photo.columns({});
			const summaries = await client.photo.summaries({ ids });
			return summaries.find((summary) => summary.fileName === name)?.id;
		};
		const kept = await idOf("photo-1.jpg");

		writeFileSync(join(photosPath, "new.jpg"), await makePhoto(77));
		await untilSearchable(client, 5);
		renameSync(join(photosPath, "photo-1.jpg"), join(photosPath, "renamed.jpg"));
		await expect.poll(() => idOf("renamed.jpg")).toBe(kept);
		rmSync(join(photosPath, "photo-2.jpg"));
		await expect.poll(async () => (await client.activity.progress()).photos).toBe(4);
		await untilSearchable(client, 4);
		expect((await client.library.status()).index.vectors).toBe(4);
	});

	test("continues where it was after the library was closed in the middle", async () => {
		const root = temporaryRoot();
		const first = await openTestLibrary({ root });
		await makePhotoFolder(first.photosPath, 60);
		await first.client.folder.add({ path: first.photosPath });
		await expect
			.poll(async () => (await first.client.activity.progress()).searchable)
			.toBeGreaterThan(3);
		await first.library.close();

		const second = await openTestLibrary({ root });
		await untilSearchable(second.client, 60);
		expect((await second.client.library.check({})).map((finding) => finding.outcome)).toEqual(
			Array(9).fill("good"),
		);
	});

	test("is shown as offline when it goes away, and keeps its photos", async () => {
		const { client, photosPath, folder } = await indexed(3);
		renameSync(photosPath, `${photosPath} elsewhere`);
		await expect.poll(async () => (await client.folder.list())[0]?.state).toBe("offline");
		const result = await client.search.text({ query: "a circle" });
		expect(result.hits).toHaveLength(3);
		expect(result.hits.every((hit) => hit.offline)).toBe(true);
		expect(await codeOf(client.folder.rescan({ id: folder.id }))).toBe("FOLDER_OFFLINE");
		renameSync(`${photosPath} elsewhere`, photosPath);
		await expect.poll(async () => (await client.folder.list())[0]?.state).toBe("online");
		await untilSearchable(client, 3);
	});

	test("can be forgotten without a photo being touched", async () => {
		const { client, photosPath, folder } = await indexed(5);
		expect(await client.folder.remove({ id: folder.id })).toEqual({ photosForgotten: 5 });
		expect((await client.photo.columns({})).ids).toEqual([]);
		expect((await client.library.status()).index.vectors).toBe(0);
		expect(statSync(join(photosPath, "photo-0.jpg")).size).toBeGreaterThan(0);
	});

	test("lists photos that cannot be read with a reason, and tries again when asked", async () => {
		const { client, photosPath } = await openTestLibrary();
		mkdirSync(photosPath);
		const good = await makePhoto(1);
		writeFileSync(join(photosPath, "good.jpg"), good);
		writeFileSync(join(photosPath, "half.jpg"), good.subarray(0, good.length / 2));
		writeFileSync(join(photosPath, "empty.png"), "");
		writeFileSync(join(photosPath, "words.jpg"), "these are words");
		await client.folder.add({ path: photosPath });
		await untilSearchable(client, 1);
		const failures = await client.photo.failures();
		const reasons = Object.fromEntries(
			failures.map((failure) => [failure.path.slice(photosPath.length + 1), failure.reason]),
		);
		expect(reasons).toMatchObject({ "half.jpg": "truncated", "empty.png": "empty" });
		expect(Object.keys(reasons)).toHaveLength(3);
		expect(failures.every((failure) => failure.message.length > 10)).toBe(true);

		writeFileSync(join(photosPath, "half.jpg"), good);
		await untilSearchable(client, 2);
		expect(await client.photo.retry({})).toEqual({ queued: 2 });
	});
});

describe("a question that cannot be answered", () => {
	test("is refused with a code and a sentence", async () => {
		const { client, photosPath } = await indexed(1);
		expect(await codeOf(client.search.text({ query: "   " }))).toBe("INVALID_QUERY");
		expect(await codeOf(client.search.text({ query: "x".repeat(10_000) }))).toBe("INVALID_QUERY");
		const image = new File(["no picture"], "query.jpg");
		expect(await codeOf(client.search.image({ image }))).toBe("IMAGE_UNREADABLE");
		expect(await codeOf(client.folder.add({ path: join(photosPath, "missing") }))).toBe(
			"FOLDER_NOT_ALLOWED",
		);
		expect(await codeOf(client.folder.add({ path: join(photosPath, "photo-0.jpg") }))).toBe(
			"FOLDER_NOT_ALLOWED",
		);
		const { ids } = await client.photo.columns({});
		const unknown = Math.max(...ids) + 1;
		const found = { id: unknown } as { id: (typeof ids)[number] };
		expect(await codeOf(client.photo.detail(found))).toBe("PHOTO_NOT_FOUND");
	});

	test("in another script still gets an answer", async () => {
		const { client } = await indexed(2);
		for (const query of ["пляж на закате", "日没のビーチ", "🏖️", "a\u0000b", "ـسلام‏"]) {
			expect((await client.search.text({ query })).hits).toHaveLength(2);
		}
	});
});

test("pausing holds the work, is remembered, and ends when told", async () => {
	const root = temporaryRoot();
	const first = await openTestLibrary({ root });
	await first.client.activity.pause();
	await makePhotoFolder(first.photosPath, 6);
	await first.client.folder.add({ path: first.photosPath });
	await expect.poll(async () => (await first.client.activity.progress()).waiting).toBe(6);
	await first.library.close();
	const second = await openTestLibrary({ root });
	expect((await second.client.activity.progress()).phase).toBe("paused");
	await second.client.activity.resume();
	await untilSearchable(second.client, 6);
});

test("events begin with the present progress and announce photos as they become searchable", async () => {
	const { client, photosPath } = await openTestLibrary();
	const stop = new AbortController();
	const seen: EngineEvent[] = [];
	const following = (async () => {
		for await (const event of await client.activity.events(undefined, { signal: stop.signal })) {
			seen.push(event);
		}
	})().catch(() => undefined);
	await makePhotoFolder(photosPath, 5);
	await client.folder.add({ path: photosPath });
	await untilSearchable(client, 5);
	await expect
		.poll(() => seen.some((event) => event.type === "progress" && event.progress.searchable === 5))
		.toBe(true);
	stop.abort();
	await following;
	expect(seen[0]?.type).toBe("progress");
	expect(seen.some((event) => event.type === "photos-changed")).toBe(true);
	expect(seen.some((event) => event.type === "folders-changed")).toBe(true);
});
