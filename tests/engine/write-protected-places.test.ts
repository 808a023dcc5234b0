/** @file Photos in places that may not be written: they stay as they are, it is said once, and tags are kept. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readXmp } from "../../engine/xmp/read-xmp.ts";
import { makePhoto } from "../fixtures/make-photos.ts";
import { writeProtect } from "../fixtures/write-protection.ts";
import { findExifTool } from "../xmp/exiftool.ts";
import { openTestLibrary, untilSearchable } from "./open-test-library.ts";

const exiftool = findExifTool();
/** Where this computer has no Perl, the same is true of sidecars alone. */
const keptIn = exiftool === null ? "sidecars" : "files";

const reason = /not allow you to write|protected from being changed|read-only/;

/** One photo in a folder called `closed` and one in `open`, both tagged; nothing is protected yet. */
async function twoFolders() {
	const { client, photosPath, trashed } = await openTestLibrary({ trash: true });
	const path = (name: string) => join(photosPath, name);
	mkdirSync(path("closed"), { recursive: true });
	mkdirSync(path("open"));
	writeFileSync(path("closed/a.jpg"), await makePhoto(1));
	writeFileSync(path("open/b.jpg"), await makePhoto(2));
	await client.folder.add({ path: photosPath });
	await untilSearchable(client, 2);
	const { ids } = await client.photo.columns({});
	const summaries = await client.photo.summaries({ ids });
	const named = (fileName: string) => {
		const found = summaries.find((photo) => photo.fileName === fileName);
		if (found === undefined) throw new Error(`${fileName} is not in the library.`);
		return { id: found.id, version: found.version };
	};
	await client.tag.apply({ ids, add: ["holiday"] });
	const protect = (name: string) => {
		const release = writeProtect(path(name));
		// Before the folders are removed.
		onTestFinished(release);
		return release;
	};
	const inSidecar = (name: string) =>
		existsSync(path(`${name}.xmp`)) ? readXmp(readFileSync(path(`${name}.xmp`))).keywords : null;
	return { client, path, a: named("a.jpg"), b: named("b.jpg"), trashed, protect, inSidecar };
}

test("a folder that takes no files is named once, keeps its photos as they are, and its tags stay in the library", async () => {
	const { client, path, a, b, protect, inSidecar } = await twoFolders();
	const untouched = readFileSync(path("closed/a.jpg"));
	const release = protect("closed");
	await client.tagWriting.change({ keptIn });
	await expect.poll(() => inSidecar("open/b.jpg")).toEqual(["holiday"]);
	const unwritable = async () => (await client.tagWriting.status()).unwritable;
	await expect
		.poll(unwritable)
		.toMatchObject([{ path: path("closed"), reason: expect.stringMatching(reason), told: false }]);
	await client.tagWriting.told();

	await client.tag.apply({ ids: [a.id, b.id], add: ["second"] });
	await expect.poll(() => inSidecar("open/b.jpg")).toEqual(["holiday", "second"]);
	expect(await unwritable()).toMatchObject([{ path: path("closed"), told: true }]);
	expect(await client.tagWriting.status()).toMatchObject({ problem: null });
	expect(readdirSync(path("closed"))).toEqual(["a.jpg"]);
	expect(readFileSync(path("closed/a.jpg")).equals(untouched)).toBe(true);
	const { originals } = await client.tagWriting.originals();
	expect(originals.flatMap(({ photos }) => photos.map(({ id }) => id))).not.toContain(a.id);
	expect((await client.tag.ofPhoto({ id: a.id })).map((tag) => tag.path)).toEqual([
		"holiday",
		"second",
	]);

	release();
	await client.tagWriting.change({ keptIn });
	await expect.poll(() => inSidecar("closed/a.jpg")).toEqual(["holiday", "second"]);
	await expect.poll(unwritable).toEqual([]);
}, 120_000);

test.runIf(exiftool !== null)(
	"a photo file that is write-protected is left alone, with the reason, and its sidecar is written",
	async () => {
		const { client, path, protect, inSidecar } = await twoFolders();
		const untouched = readFileSync(path("open/b.jpg"));
		protect("open/b.jpg");
		await client.tagWriting.change({ keptIn: "files" });
		await expect
			.poll(() => client.tagWriting.status())
			.toMatchObject({ waiting: 0, photosWritten: 1, problem: null });
		expect((await client.tagWriting.status()).refused).toEqual([
			{ path: path("open/b.jpg"), reason: "The file is write-protected." },
		]);
		expect(readFileSync(path("open/b.jpg")).equals(untouched)).toBe(true);
		expect(inSidecar("open/b.jpg")).toEqual(["holiday"]);
		expect((await client.tagWriting.originals()).originals).toHaveLength(1);
		// Neither file of a write that did not happen is left behind.
		expect(readdirSync(path("open")).toSorted()).toEqual(["b.jpg", "b.jpg.xmp"]);
	},
	120_000,
);

test("a photo that may not leave its folder stays, and the other one goes to the trash", async () => {
	const { client, path, a, b, protect, trashed } = await twoFolders();
	protect("closed");
	const move = await client.trash.putPhotos({ photos: [a, b] });
	expect(move).toMatchObject({ moved: [b.id], stayed: [{ id: a.id }] });
	const [stayed] = move.stayed;
	expect(stayed?.message).toContain(`${path("closed/a.jpg")} stays where it is. `);
	expect(stayed?.message).toMatch(reason);
	expect(trashed()).toEqual(["b.jpg"]);
	expect((await client.photo.columns({})).ids).toEqual([a.id]);
}, 120_000);
