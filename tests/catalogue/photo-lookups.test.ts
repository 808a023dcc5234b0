/** @file Photos looked up, as the grid's columns and counted, on a real database. */
import { expect, test } from "vitest";
import type { PhotoId } from "../../contract/ids.ts";
import { addFolder, discoverOne, found, read } from "./catalogue-contents.ts";
import { newCatalogue } from "./catalogue-on-disk.ts";

test("photos come in the order asked for, missing ones left out, repeated ones repeated", async () => {
	const { catalogue } = await newCatalogue();
	const folder = await addFolder(catalogue);
	const [a, b] = await catalogue.photos.discover(folder.id, [found("a"), found("b")]);
	if (!a || !b) throw new Error("two photos were discovered");
	const records = await catalogue.photos.getMany([b, 99 as PhotoId, a, b]);
	expect(records.map((record) => record.relativePath)).toEqual(["b", "a", "b"]);
	expect(await catalogue.photos.getMany([])).toEqual([]);
	expect(await catalogue.photos.get(99 as PhotoId)).toBeUndefined();
});

test("photos are found by size and by content over all folders", async () => {
	const { catalogue } = await newCatalogue();
	const [one, two] = [await addFolder(catalogue, "one"), await addFolder(catalogue, "two")];
	const file = found("a", { sizeBytes: 77 });
	const a = await discoverOne(catalogue, one.id, file);
	const b = await discoverOne(catalogue, two.id, file);
	const c = await discoverOne(catalogue, two.id, found("c"));
	await catalogue.photos.storeRead("encoder", [read(a, file), read(b, file)]);
	const idsOf = (records: { id: PhotoId }[]) => records.map((record) => record.id);
	expect(idsOf(await catalogue.photos.withSize(77))).toEqual([a, b]);
	expect(idsOf(await catalogue.photos.withSize(1000))).toEqual([c]);
	expect(idsOf(await catalogue.photos.withSize(78))).toEqual([]);
	expect(idsOf(await catalogue.photos.withContentHash("hash of a"))).toEqual([a, b]);
	expect(idsOf(await catalogue.photos.withContentHash("none"))).toEqual([]);
	expect(await catalogue.photos.contentHashes()).toEqual(new Set(["hash of a"]));
});

test("columns are newest first, with the day where the photo was taken", async () => {
	const { catalogue } = await newCatalogue();
	const folder = await addFolder(catalogue);
	const other = await addFolder(catalogue, "other");
	const cases = [
		// Just before midnight in UTC, already the next day two hours east.
		{ takenAtMs: Date.UTC(2020, 4, 1, 23, 30), takenOffsetMinutes: 120, day: Date.UTC(2020, 4, 2) },
		// Ten in the evening of the day before, five hours west.
		{ takenAtMs: Date.UTC(2020, 4, 1, 3), takenOffsetMinutes: -300, day: Date.UTC(2020, 3, 30) },
		{ takenAtMs: Date.UTC(2020, 4, 1, 2), takenOffsetMinutes: null, day: Date.UTC(2020, 4, 1) },
		{ takenAtMs: 0, takenOffsetMinutes: null, day: 0 },
		{ takenAtMs: -1, takenOffsetMinutes: null, day: Date.UTC(1969, 11, 31) },
		{ takenAtMs: Date.UTC(1969, 11, 31), takenOffsetMinutes: null, day: Date.UTC(1969, 11, 31) },
		{ takenAtMs: Date.UTC(1900, 0, 1, 12), takenOffsetMinutes: -60, day: Date.UTC(1900, 0, 1) },
	];
	const ids: PhotoId[] = [];
	for (const [index, { takenAtMs, takenOffsetMinutes }] of cases.entries()) {
		const file = found(`${index}.jpg`);
		const id = await discoverOne(catalogue, folder.id, file);
		const facts = { takenAtMs, takenOffsetMinutes, width: 1600, height: 900 };
		await catalogue.photos.storeRead("encoder", [read(id, file, facts)]);
		ids.push(id);
	}
	const unread = await discoverOne(
		catalogue,
		other.id,
		found("unread", { modifiedAtMs: Date.UTC(2030, 0, 1) }),
	);
	const columns = await catalogue.photos.columns();
	expect(columns).toEqual({
		ids: [unread, ...ids],
		aspectsPermille: [1000, ...ids.map(() => 1778)],
		days: [Date.UTC(2030, 0, 1), ...cases.map((one) => one.day)].map((ms) => ms / 86_400_000),
		versions: [0, ...ids.map(() => 1)],
		hiddenDrawn: 0,
	});
	expect((await catalogue.photos.columns(folder.id)).ids).toEqual(ids);
	expect((await catalogue.photos.columns(other.id)).ids).toEqual([unread]);
});

test("photos of one moment come with the newest id first", async () => {
	const { catalogue } = await newCatalogue();
	const folder = await addFolder(catalogue);
	const ids = await catalogue.photos.discover(folder.id, [found("a"), found("b"), found("c")]);
	expect((await catalogue.photos.columns()).ids).toEqual(ids.toReversed());
});

test("aspects are rounded, and never 0 however tall the picture", async () => {
	const { catalogue } = await newCatalogue();
	const folder = await addFolder(catalogue);
	const sizes = [
		[2, 3],
		[1, 30_000],
		[30_000, 1],
		[1, 1],
	] as const;
	for (const [width, height] of sizes) {
		const file = found(`${width}x${height}`);
		const id = await discoverOne(catalogue, folder.id, file);
		await catalogue.photos.storeRead("encoder", [read(id, file, { width, height })]);
	}
	expect((await catalogue.photos.columns()).aspectsPermille.toReversed()).toEqual([
		667, 1, 30_000_000, 1000,
	]);
});

test("an empty catalogue has empty columns and counts", async () => {
	const { catalogue } = await newCatalogue();
	expect(await catalogue.photos.columns()).toEqual({
		ids: [],
		aspectsPermille: [],
		days: [],
		versions: [],
		hiddenDrawn: 0,
	});
	expect(await catalogue.photos.counts()).toEqual({
		photos: 0,
		searchable: 0,
		failed: 0,
		waiting: 0,
	});
	expect(await catalogue.photos.nextWaiting(5, new Set())).toEqual([]);
});

test("counts can be of one folder", async () => {
	const { catalogue } = await newCatalogue();
	const [one, two] = [await addFolder(catalogue, "one"), await addFolder(catalogue, "two")];
	const [a, b, c] = await catalogue.photos.discover(one.id, [found("a"), found("b"), found("c")]);
	await catalogue.photos.discover(two.id, [found("a")]);
	if (!a || !b || !c) throw new Error("three photos were discovered");
	await catalogue.photos.storeRead("encoder", [read(a, found("a"))]);
	await catalogue.photos.storeFailure(b, "empty", "no bytes");
	expect(await catalogue.photos.counts(one.id)).toEqual({
		photos: 3,
		searchable: 1,
		failed: 1,
		waiting: 1,
	});
	expect(await catalogue.photos.counts()).toMatchObject({ photos: 4, waiting: 2 });
});
