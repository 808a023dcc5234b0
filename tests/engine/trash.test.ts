/** @file Photos of a whole engine go to the trash and come back. */
import { appendFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makePhoto } from "../fixtures/make-photos.ts";
import { openTestLibrary, untilSearchable } from "./open-test-library.ts";

/** Three photos, one of which cannot be read, and a trash of their own. */
async function libraryWithTrash(options: { trash: boolean }) {
	const { client, photosPath, trashed } = await openTestLibrary(options);
	mkdirSync(photosPath);
	writeFileSync(join(photosPath, "a.jpg"), await makePhoto(1));
	writeFileSync(join(photosPath, "b.jpg"), await makePhoto(2));
	writeFileSync(join(photosPath, "broken.jpg"), "no picture");
	await client.folder.add({ path: photosPath });
	await untilSearchable(client, 2);
	const photo = async (name: string) => {
		const { ids } = await client.photo.columns({});
		const found = (await client.photo.summaries({ ids })).find(({ fileName }) => fileName === name);
		if (found === undefined) throw new Error(`${name} is not in the library.`);
		return { id: found.id, version: found.version };
	};
	return { client, photo, trashed, path: (name: string) => join(photosPath, name) };
}

test("a photo goes to the trash with the sidecar of its name, is gone from the library at once, and comes back with its tags", async () => {
	const { client, photo, trashed, path } = await libraryWithTrash({ trash: true });
	const chosen = await photo("a.jpg");
	await client.tag.apply({ ids: [chosen.id], add: ["animal/dog"] });
	await client.description.change({ ids: [chosen.id], rating: 4 });
	await client.tagWriting.change({ keptIn: "sidecars" });
	await expect.poll(() => existsSync(path("a.jpg.xmp"))).toBe(true);
	// It may speak for other photos of that name.
	writeFileSync(path("a.xmp"), "of another program");

	const move = await client.trash.putPhotos({ photos: [chosen] });
	expect(move).toMatchObject({ moved: [chosen.id], stayed: [], restorable: true });
	expect(trashed()).toEqual(["a.jpg", "a.jpg.xmp"]);
	expect(existsSync(path("a.jpg"))).toBe(false);
	expect(existsSync(path("a.xmp"))).toBe(true);
	expect((await client.photo.columns({})).ids).not.toContain(chosen.id);
	await expect(client.photo.detail({ id: chosen.id })).rejects.toMatchObject({
		code: "PHOTO_NOT_FOUND",
	});

	expect(await client.trash.restore({ moveId: move.moveId })).toEqual({ restored: 1 });
	expect(trashed()).toEqual([]);
	expect(existsSync(path("a.jpg.xmp"))).toBe(true);
	await untilSearchable(client, 2);
	const back = await photo("a.jpg");
	await expect
		.poll(() => client.tag.ofPhoto({ id: back.id }))
		.toMatchObject([{ path: "animal/dog", state: "accepted" }]);
	expect((await client.photo.detail({ id: back.id })).rating).toBe(4);
	await expect(client.trash.restore({ moveId: move.moveId })).rejects.toMatchObject({
		code: "PHOTO_NOT_FOUND",
	});
});

test("a file that could not be read goes to the trash too", async () => {
	const { client, photo, trashed } = await libraryWithTrash({ trash: true });
	await expect.poll(async () => (await client.photo.failures()).length).toBe(1);
	await client.trash.putPhotos({ photos: [await photo("broken.jpg")] });
	expect(trashed()).toEqual(["broken.jpg"]);
	expect(await client.photo.failures()).toEqual([]);
});

test("nothing is moved when one of the files is not what was shown", async () => {
	const { client, photo, trashed, path } = await libraryWithTrash({ trash: true });
	const photos = [await photo("a.jpg"), await photo("b.jpg")];
	const newer = photos.map(({ id, version }) => ({ id, version: version + 1 }));
	await expect(client.trash.putPhotos({ photos: newer })).rejects.toMatchObject({
		code: "PHOTO_CHANGED",
	});
	appendFileSync(path("b.jpg"), "changed");
	await expect(client.trash.putPhotos({ photos })).rejects.toMatchObject({
		code: "PHOTO_CHANGED",
	});
	expect(trashed()).toEqual([]);
	expect([existsSync(path("a.jpg")), existsSync(path("b.jpg"))]).toEqual([true, true]);
});

test("without a trash nothing is moved", async () => {
	const { client, photo, path } = await libraryWithTrash({ trash: false });
	await expect(client.trash.putPhotos({ photos: [await photo("a.jpg")] })).rejects.toMatchObject({
		code: "NOT_SUPPORTED",
		message: expect.stringMatching(/no trash/),
	});
	expect(existsSync(path("a.jpg"))).toBe(true);
});
