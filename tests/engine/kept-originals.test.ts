/** @file Untouched copies of photo files: listed, discarded, brought back, kept anew. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { makePhoto } from "../fixtures/make-photos.ts";
import { findExifTool } from "../xmp/exiftool.ts";
import { openTestLibrary, untilSearchable } from "./open-test-library.ts";

const exiftool = findExifTool();

/** One photo, with tags written into it. */
async function writtenPhoto(options: { trash: boolean }) {
	const { client, photosPath, trashed } = await openTestLibrary(options);
	mkdirSync(photosPath);
	const path = join(photosPath, "a.jpg");
	writeFileSync(path, await makePhoto(5));
	const untouched = readFileSync(path);
	await client.folder.add({ path: photosPath });
	await untilSearchable(client, 1);
	const [id] = (await client.photo.columns({})).ids;
	if (id === undefined) throw new Error("There is no photo.");
	const write = async (tag: string) => {
		await client.tag.apply({ ids: [id], add: [tag] });
		await client.tagWriting.change({ keptIn: "files" });
		await expect
			.poll(() => client.tagWriting.status())
			.toMatchObject({ waiting: 0, problem: null });
	};
	await write("first");
	const originals = async () => (await client.tagWriting.originals()).originals;
	const discardAll = async (forGood = false) =>
		client.tagWriting.discardOriginals({
			ids: (await originals()).map((original) => original.id),
			forGood,
		});
	const isUntouched = () => readFileSync(path).equals(untouched);
	return { client, id, path, untouched, trashed, write, originals, discardAll, isUntouched };
}

test.runIf(exiftool !== null)(
	"a copy is listed with its photo, goes to the trash, and undo lets the photo be put back again",
	async () => {
		const library = await writtenPhoto({ trash: true });
		const { client, id, path, untouched, trashed, originals, discardAll } = library;
		const [kept] = await originals();
		if (kept === undefined) throw new Error("No copy is kept.");
		expect(kept).toMatchObject({
			sizeBytes: untouched.length,
			photos: [{ id, path }],
			copiedFrom: path,
		});
		expect(readFileSync(kept.path).equals(untouched)).toBe(true);

		const done = await discardAll();
		expect(done).toMatchObject({ discarded: 1, sizeBytes: untouched.length, restorable: true });
		expect(trashed()).toEqual([basename(kept.path)]);
		expect(await originals()).toEqual([]);
		expect((await client.tagWriting.status()).originals.files).toBe(0);
		expect(await client.tagWriting.restore({})).toEqual({
			restored: 0,
			withoutCopy: 1,
			refused: [],
		});
		expect((await client.tagWriting.restore({ ids: [id] })).refused).toMatchObject([{ path }]);

		await client.trash.restore({ moveId: done.moveId ?? -1 });
		expect(await originals()).toMatchObject([{ id: kept.id, photos: [{ id }] }]);
		expect(await client.tagWriting.restore({})).toMatchObject({ restored: 1 });
		expect(library.isUntouched()).toBe(true);
	},
	120_000,
);

test.runIf(exiftool !== null)(
	"what is written after a copy was discarded keeps the file as it was just then",
	async () => {
		const { client, path, write, originals, discardAll } = await writtenPhoto({ trash: true });
		const afterFirst = readFileSync(path);
		await discardAll();
		await write("second");
		const [kept, ...others] = await originals();
		if (kept === undefined) throw new Error("No copy is kept.");
		expect(others).toEqual([]);
		expect(readFileSync(kept.path).equals(afterFirst)).toBe(true);
		expect(await client.tagWriting.restore({})).toMatchObject({ restored: 1, refused: [] });
		expect(readFileSync(path).equals(afterFirst)).toBe(true);
	},
	120_000,
);

test.runIf(exiftool !== null)(
	"a copy of a photo that another program has written to is told apart, and keeps its name",
	async () => {
		const { client, path, originals } = await writtenPhoto({ trash: true });
		appendFileSync(path, "of another program");
		for (const { id } of await client.folder.list()) await client.folder.rescan({ id });
		await untilSearchable(client, 1);
		expect(await originals()).toMatchObject([{ photos: [], copiedFrom: path }]);
	},
	120_000,
);

test.runIf(exiftool !== null)(
	"where there is no trash, copies are deleted only when that is said",
	async () => {
		const { client, originals, discardAll } = await writtenPhoto({ trash: false });
		const [kept] = await originals();
		if (kept === undefined) throw new Error("No copy is kept.");
		expect((await client.tagWriting.originals()).trash).toBe(false);
		await expect(discardAll()).rejects.toMatchObject({ code: "NOT_SUPPORTED" });
		expect(existsSync(kept.path)).toBe(true);
		expect(await discardAll(true)).toMatchObject({
			moveId: null,
			discarded: 1,
			restorable: false,
		});
		expect(existsSync(kept.path)).toBe(false);
	},
	120_000,
);
