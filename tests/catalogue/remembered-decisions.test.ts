/** @file Tags, titles and stars that come back with the same bytes; see [Note: Remembered decisions]. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { unknownCaptureFacts } from "../../contract/capture-facts.ts";
import type { FolderId, PhotoId } from "../../contract/ids.ts";
import { openCatalogue } from "../../engine/catalogue/open-catalogue.ts";

async function open() {
	const root = mkdtempSync(join(tmpdir(), "afterimage-remembered-"));
	const catalogue = await openCatalogue(join(root, "catalogue.sqlite"));
	onTestFinished(async () => {
		await catalogue.close();
		rmSync(root, { recursive: true, force: true });
	});
	const addFolder = async (): Promise<FolderId> => {
		const place = { volumeId: "test", pathInVolume: "photos", lastPath: join(root, "photos") };
		return (await catalogue.folders.add(place)).id;
	};
	/** A photo that has been read; of equal bytes for equal contents. */
	const read = async (folderId: FolderId, name: string, content: string): Promise<PhotoId> => {
		const file = { relativePath: name, sizeBytes: 7, modifiedAtMs: 1, fileIdentity: name };
		const [id] = await catalogue.photos.discover(folderId, [file]);
		if (id === undefined) throw new Error("It was known.");
		await catalogue.photos.storeRead("test-encoder", [
			{
				id,
				sizeBytes: 7,
				modifiedAtMs: 1,
				contentHash: content,
				format: "jpeg",
				width: 4,
				height: 3,
				takenAtMs: null,
				...unknownCaptureFacts,
				perceptualHash: new Uint8Array(98),
				embedding: Float32Array.of(1, 0, 0, 0),
			},
		]);
		return id;
	};
	return { catalogue, addFolder, read };
}

test("a folder that is removed and added again has its tags, titles and stars back", async () => {
	const { catalogue, addFolder, read } = await open();
	const first = await addFolder();
	const ids = [await read(first, "a.jpg", "A"), await read(first, "b.jpg", "B")];
	await catalogue.tags.apply(ids, ["animal/dog"], []);
	await catalogue.tags.apply(ids.slice(0, 1), ["beach"], ["animal/dog"]);
	await catalogue.descriptions.change(ids.slice(0, 1), { title: "Sea", rating: 4 }, "A change");
	await catalogue.folders.remove(first);
	expect(await catalogue.tags.list(false)).toMatchObject([
		{ path: "animal", accepted: 0 },
		{ path: "animal/dog", accepted: 0 },
		{ path: "beach", accepted: 0 },
	]);

	const second = await addFolder();
	const [a, b] = [await read(second, "moved/a.jpg", "A"), await read(second, "b.jpg", "B")];
	expect(await catalogue.tagWriting.accepted(a)).toEqual(["beach"]);
	expect(await catalogue.tagWriting.accepted(b)).toEqual(["animal/dog"]);
	expect(await catalogue.descriptions.ofPhotos([a])).toMatchObject({ title: "Sea", rating: 4 });
	expect(await catalogue.descriptions.ofPhotos([b])).toMatchObject({ title: null, rating: null });
	expect(await catalogue.tagWriting.countToWrite()).toBe(2);
	expect(await read(second, "c.jpg", "C")).toBeGreaterThan(0);
});

test("what was taken away, deleted or merged meanwhile comes back as it is by now", async () => {
	const { catalogue, addFolder, read } = await open();
	const folder = await addFolder();
	const id = await read(folder, "a.jpg", "A");
	await catalogue.tags.apply([id], ["dog", "hound", "gone", "refused"], []);
	await catalogue.photos.remove([id]);
	const named = async (path: string) => {
		const tag = await catalogue.tags.withPath(path);
		if (tag === undefined) throw new Error(`There is no tag ${path}.`);
		return tag.id;
	};
	await catalogue.tags.merge([await named("hound")], await named("dog"));
	const removal = await catalogue.tags.remove([await named("gone")]);
	const again = await read(folder, "a.jpg", "A");
	expect(await catalogue.tagWriting.accepted(again)).toEqual(["dog", "refused"]);
	await catalogue.tags.apply([again], [], ["refused"]);
	await catalogue.photos.remove([again]);
	expect(removal.changeId).not.toBeNull();
	await catalogue.tags.undo(removal.changeId ?? (0 as never));
	const third = await read(folder, "a.jpg", "A");
	expect(await catalogue.tagWriting.accepted(third)).toEqual(["dog", "gone"]);
});
