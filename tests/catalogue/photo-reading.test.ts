/** @file The queue and what reading brings, on a real database. */
import { expect, test } from "vitest";
import type { PhotoId } from "../../contract/ids.ts";
import { addFolder, discoverOne, found, read, unit } from "./catalogue-contents.ts";
import { newCatalogue } from "./catalogue-on-disk.ts";

test("waiting photos come newest first, without those left out and those offline", async () => {
	const { catalogue } = await newCatalogue();
	const online = await addFolder(catalogue, "online");
	const offline = await addFolder(catalogue, "offline");
	const files = [3, 1, 2, 2].map((day, index) =>
		found(`${index}.jpg`, { modifiedAtMs: Date.UTC(2020, 0, day) }),
	);
	const ids = await catalogue.photos.discover(online.id, files);
	const newest = found("x.jpg", { modifiedAtMs: Date.UTC(2030, 0, 1) });
	const elsewhere = await discoverOne(catalogue, offline.id, newest);
	await catalogue.folders.update(offline.id, { offline: true });
	const next = async (count: number, ...except: (PhotoId | undefined)[]) =>
		(await catalogue.photos.nextWaiting(count, new Set(except.flatMap((id) => id ?? [])))).map(
			(photo) => photo.id,
		);
	expect(await next(10)).toEqual([ids[0], ids[3], ids[2], ids[1]]);
	expect(await next(2)).toEqual([ids[0], ids[3]]);
	expect(await next(2, ids[0], ids[2])).toEqual([ids[3], ids[1]]);
	await catalogue.folders.update(offline.id, { offline: false });
	expect(await next(1)).toEqual([elsewhere]);
	await catalogue.photos.storeFailure(elsewhere, "empty", "no bytes");
	expect(await next(1)).toEqual([ids[0]]);
});

test("what was read is stored whole and makes the photo searchable", async () => {
	const { catalogue } = await newCatalogue();
	const folder = await addFolder(catalogue);
	const file = found("a.jpg");
	const id = await discoverOne(catalogue, folder.id, file);
	const facts = {
		contentHash: "abc",
		format: "heic",
		width: 3000,
		height: 4000,
		takenAtMs: Date.UTC(1969, 6, 20, 20, 17, 40),
		takenOffsetMinutes: -330,
		latitude: -33.85,
		longitude: 151.2,
		cameraMake: "Maker",
		cameraModel: "Model",
		lens: "50mm",
		focalLengthMm: 50.5,
		aperture: 1.8,
		exposureSeconds: 1 / 250,
		iso: 100,
	};
	expect(await catalogue.photos.storeRead("encoder", [read(id, file, facts)])).toEqual([id]);
	expect(await catalogue.photos.get(id)).toMatchObject({
		...file,
		...facts,
		state: "searchable",
		takenAtKnown: true,
		version: 1,
		attempts: 0,
	});
	const embedding = await catalogue.embeddings.get("encoder", id);
	expect([...(embedding ?? [])]).toEqual([expect.closeTo(0.6, 3), expect.closeTo(0.8, 3)]);
});

test("a capture time that is no time counts as unknown", async () => {
	const { catalogue } = await newCatalogue();
	const folder = await addFolder(catalogue);
	for (const takenAtMs of [Number.NaN, Number.POSITIVE_INFINITY, 1e300, -9e15]) {
		const file = found(`${takenAtMs}.jpg`);
		const id = await discoverOne(catalogue, folder.id, file);
		await catalogue.photos.storeRead("encoder", [
			read(id, file, { takenAtMs, takenOffsetMinutes: 60 }),
		]);
		expect(await catalogue.photos.get(id)).toMatchObject({
			takenAtMs: file.modifiedAtMs,
			takenAtKnown: false,
			takenOffsetMinutes: null,
		});
	}
});

test("photos that vanished or changed while they were read are skipped", async () => {
	const { catalogue } = await newCatalogue();
	const { id: folderId } = await addFolder(catalogue);
	const file = found("a.jpg");
	const [good, gone, grown, newer] = await Promise.all(
		["good", "gone", "grown", "newer"].map((name) => discoverOne(catalogue, folderId, found(name))),
	);
	if (!good || !gone || !grown || !newer) throw new Error("four photos were discovered");
	await catalogue.photos.remove([gone]);
	await catalogue.photos.markChanged([
		{ id: grown, file: found("grown", { sizeBytes: 2000 }) },
		{ id: newer, file: found("newer", { modifiedAtMs: file.modifiedAtMs + 0.5 }) },
	]);
	const stored = await catalogue.photos.storeRead(
		"encoder",
		[good, gone, grown, newer].map((id) => read(id, file)),
	);
	expect(stored).toEqual([good]);
	expect(await catalogue.photos.counts()).toEqual({
		photos: 3,
		searchable: 1,
		failed: 0,
		waiting: 2,
	});
	expect(await catalogue.embeddings.count("encoder")).toBe(1);
});

test("reading again replaces the embedding and gives the thumbnail a new version", async () => {
	const { catalogue } = await newCatalogue();
	const folder = await addFolder(catalogue);
	const file = found("a.jpg");
	const id = await discoverOne(catalogue, folder.id, file);
	await catalogue.photos.storeRead("encoder", [read(id, file)]);
	await catalogue.photos.storeRead("encoder", [read(id, file, { embedding: unit(1, 0) })]);
	expect((await catalogue.photos.get(id))?.version).toBe(2);
	expect(await catalogue.embeddings.get("encoder", id)).toEqual(unit(1, 0));
	expect(await catalogue.embeddings.count("encoder")).toBe(1);
});

test("other encoders' embeddings stay while the bytes do, and go with them", async () => {
	const { catalogue } = await newCatalogue();
	const folder = await addFolder(catalogue);
	const file = found("a.jpg");
	const id = await discoverOne(catalogue, folder.id, file);
	await catalogue.photos.storeRead("old", [read(id, file)]);
	await catalogue.photos.storeRead("new", [read(id, file)]);
	expect(await catalogue.embeddings.get("old", id)).toBeDefined();
	await catalogue.photos.storeRead("new", [read(id, file, { contentHash: "other" })]);
	expect(await catalogue.embeddings.get("old", id)).toBeUndefined();
	expect(await catalogue.embeddings.get("new", id)).toBeDefined();
});

test("a failed photo is a row with a reason, without embedding or thumbnail", async () => {
	const { catalogue } = await newCatalogue();
	const folder = await addFolder(catalogue);
	const file = found("a.jpg");
	const id = await discoverOne(catalogue, folder.id, file);
	await catalogue.photos.storeRead("encoder", [read(id, file)]);
	await catalogue.photos.storeFailure(id, "corrupt", "The file is damaged.");
	const [failed, ...others] = await catalogue.photos.failures();
	expect(others).toEqual([]);
	expect(failed).toMatchObject({
		id,
		state: "failed",
		failureReason: "corrupt",
		failureMessage: "The file is damaged.",
		attempts: 1,
		contentHash: null,
		version: 0,
	});
	expect(Math.abs((failed?.failedAtMs ?? 0) - Date.now())).toBeLessThan(60_000);
	expect(await catalogue.embeddings.get("encoder", id)).toBeUndefined();
	expect(await catalogue.photos.counts()).toMatchObject({ searchable: 0, failed: 1 });
	await catalogue.photos.storeFailure(id, "timed-out", "Too slow.");
	expect(await catalogue.photos.get(id)).toMatchObject({ attempts: 2, failureReason: "timed-out" });
	await catalogue.photos.storeRead("encoder", [read(id, file)]);
	expect(await catalogue.photos.get(id)).toMatchObject({
		state: "searchable",
		failureReason: null,
		failureMessage: null,
		failedAtMs: null,
		version: 2,
	});
});

test("a failure of a file that changed meanwhile is not held against the new one", async () => {
	const { catalogue } = await newCatalogue();
	const folder = await addFolder(catalogue);
	const file = found("a.jpg");
	const id = await discoverOne(catalogue, folder.id, file);
	const grown = found("a.jpg", { sizeBytes: 2000 });
	await catalogue.photos.markChanged([{ id, file: grown }]);
	await catalogue.photos.storeFailure(id, "truncated", "Half a file.", file);
	expect(await catalogue.photos.get(id)).toMatchObject({ state: "waiting", attempts: 0 });
	await catalogue.photos.storeFailure(id, "truncated", "Half a file.", grown);
	expect(await catalogue.photos.get(id)).toMatchObject({ state: "failed", attempts: 1 });
});

test("failed photos are queued again, some or all", async () => {
	const { catalogue } = await newCatalogue();
	const { id: folderId } = await addFolder(catalogue);
	const files = ["a", "b", "c", "d"].map((name) => found(name));
	const ids = await catalogue.photos.discover(folderId, files);
	for (const id of ids.slice(0, 3)) await catalogue.photos.storeFailure(id, "unknown", "?");
	expect(await catalogue.photos.retry(ids.slice(2))).toBe(1);
	expect(await catalogue.photos.retry([])).toBe(0);
	expect(await catalogue.photos.counts()).toMatchObject({ failed: 2, waiting: 2 });
	expect(await catalogue.photos.retry()).toBe(2);
	expect(await catalogue.photos.failures()).toEqual([]);
	expect((await catalogue.photos.nextWaiting(9, new Set())).map((photo) => photo.attempts)).toEqual(
		[0, 1, 1, 1],
	);
});
