/** @file Look-alikes through a whole engine: listed, kept, moved to the trash, brought back. */
import {
	appendFileSync,
	copyFileSync,
	existsSync,
	mkdirSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { createRouterClient } from "@orpc/server";
import sharp from "sharp";
import { expect, onTestFinished, test } from "vitest";
import { openLibrary } from "../../engine/engine.ts";
import { FreedesktopTrash } from "../../engine/trash/freedesktop-trash.ts";
import { resourcesPath, temporaryRoot, untilSearchable } from "../engine/open-test-library.ts";
import { drawnPicture } from "./drawn-picture.ts";

/** Seven photos: one with an identical (or linked), a small and a mirrored copy, and three others. */
async function libraryWithCopies(options: { trash: boolean; linked?: boolean }) {
	const root = temporaryRoot();
	const photosPath = join(root, "photos");
	mkdirSync(photosPath);
	const path = (name: string) => join(photosPath, name);
	const original = await drawnPicture(1);
	writeFileSync(path("holiday.jpg"), original);
	const linksPath = join(root, "links");
	mkdirSync(linksPath);
	if (options.linked === true) {
		symlinkSync(path("holiday.jpg"), join(linksPath, "holiday (1).jpg"));
	} else copyFileSync(path("holiday.jpg"), path("holiday (1).jpg"));
	writeFileSync(path("small.jpg"), await sharp(original).resize(240).jpeg().toBuffer());
	writeFileSync(
		path("mirrored.jpg"),
		await sharp(original).flop().jpeg({ quality: 80 }).toBuffer(),
	);
	for (const seed of [2, 3, 4]) writeFileSync(path(`other-${seed}.jpg`), await drawnPicture(seed));
	const library = await openLibrary({
		libraryPath: join(root, "library"),
		resourcesPath,
		version: "0.0.0-test",
		live: true,
		...(options.trash && {
			trash: new FreedesktopTrash({ XDG_DATA_HOME: join(root, "data") }),
		}),
	});
	onTestFinished(() => library.close());
	const client = createRouterClient(library.router);
	await client.folder.add({ path: photosPath });
	if (options.linked === true) await client.folder.add({ path: linksPath });
	await untilSearchable(client, 7);
	const groups = async () => (await client.lookAlike.list({})).groups;
	return { client, groups, path, linksPath };
}

test("copies are one group, the best of them suggested, and other photos are in none", async () => {
	const { client, groups } = await libraryWithCopies({ trash: false });
	const [group, ...others] = await groups();
	expect(others).toEqual([]);
	expect(group?.kind).toBe("edited");
	expect(group?.reason).toMatch(/^Suggested for keeping because it has|original/);
	const told = group?.photos.map(({ fileName, kind, differences }) => ({
		fileName,
		kind,
		differences,
	}));
	expect(told).toEqual([
		{ fileName: "holiday.jpg", kind: null, differences: [] },
		{ fileName: "holiday (1).jpg", kind: "identical", differences: [] },
		{ fileName: "small.jpg", kind: "resaved", differences: ["fewer pixels", "smaller file"] },
		{ fileName: "mirrored.jpg", kind: "edited", differences: ["mirrored", "smaller file"] },
	]);
	expect(await client.lookAlike.list({ limit: 1 })).toMatchObject({ total: 1, copies: 3 });
});

test("a group that is kept is not shown again, until that is taken back", async () => {
	const { client, groups } = await libraryWithCopies({ trash: false });
	const ids = (await groups())[0]?.photos.map(({ id }) => id) ?? [];
	await client.lookAlike.keepAll({ ids });
	expect(await groups()).toEqual([]);
	await client.lookAlike.showAgain({ ids });
	expect(await groups()).toHaveLength(1);
});

test("chosen copies go to the trash and come back", async () => {
	const { client, groups, path } = await libraryWithCopies({ trash: true });
	const photos = (await groups())[0]?.photos ?? [];
	const chosen = photos.filter(({ fileName }) => fileName !== "holiday.jpg");
	const move = await client.lookAlike.moveToTrash({ photos: chosen });
	expect(move).toMatchObject({ moved: chosen.map(({ id }) => id), stayed: [], restorable: true });
	expect(existsSync(path("small.jpg"))).toBe(false);
	expect(existsSync(path("holiday.jpg"))).toBe(true);
	expect(await groups()).toEqual([]);
	expect(await client.trash.restore({ moveId: move.moveId })).toEqual({ restored: 3 });
	expect(existsSync(path("small.jpg"))).toBe(true);
	await untilSearchable(client, 7);
	expect((await groups())[0]?.photos).toHaveLength(4);
	await expect(client.trash.restore({ moveId: move.moveId })).rejects.toMatchObject({
		code: "PHOTO_NOT_FOUND",
	});
});

test("what was said of copies passes to the photo that stays, and back", async () => {
	const { client, groups } = await libraryWithCopies({ trash: true });
	const photos = (await groups())[0]?.photos ?? [];
	const stays = photos.find(({ fileName }) => fileName === "holiday.jpg");
	const [one, other] = photos.filter((photo) => photo !== stays);
	if (stays === undefined || one === undefined || other === undefined)
		throw new Error("No copies.");
	await client.tag.apply({ ids: [one.id], add: ["trip/norway"] });
	await client.tag.apply({ ids: [stays.id], add: ["sea"] });
	await client.description.change({ ids: [one.id], title: "The fjord", rating: 4 });
	await client.description.change({ ids: [other.id], title: "Another", caption: "From the boat" });
	await client.description.change({ ids: [stays.id], rating: 2 });
	const said = async () => {
		const { title, caption, rating } = await client.description.ofPhoto({ id: stays.id });
		const tags = (await client.tag.ofPhoto({ id: stays.id })).map(({ path }) => path).toSorted();
		return { title, caption, rating, tags };
	};
	const before = await said();
	const move = await client.lookAlike.moveToTrash({ photos: [one, other] });
	// Its own stars stay; of two titles the first counts.
	expect(await said()).toEqual({
		title: "The fjord",
		caption: "From the boat",
		rating: 2,
		tags: ["sea", "trip/norway"],
	});
	await client.trash.restore({ moveId: move.moveId });
	for (const changeId of move.passedOn.toReversed()) await client.tag.undo({ changeId });
	expect(await said()).toEqual(before);
	await untilSearchable(client, 7);
	const [back] =
		(await groups())[0]?.photos.filter(({ fileName }) => fileName === one.fileName) ?? [];
	if (back === undefined) throw new Error("It did not come back.");
	expect((await client.tag.ofPhoto({ id: back.id })).map(({ path }) => path)).toEqual([
		"trip/norway",
	]);
});

test("a copy that was rejected does not reject the photo that stays", async () => {
	const { client, groups } = await libraryWithCopies({ trash: true });
	const photos = (await groups())[0]?.photos ?? [];
	const stays = photos.find(({ fileName }) => fileName === "holiday.jpg");
	const [rejected] = photos.filter((photo) => photo !== stays);
	if (stays === undefined || rejected === undefined) throw new Error("No copies.");
	await client.description.change({ ids: [rejected.id], rating: -1 });
	const { passedOn } = await client.lookAlike.moveToTrash({ photos: [rejected] });
	expect(passedOn).toEqual([]);
	expect((await client.description.ofPhoto({ id: stays.id })).rating).toBeNull();
});

test("nothing is moved when a chosen file has changed, or when no photo would stay", async () => {
	const { client, groups, path } = await libraryWithCopies({ trash: true });
	const photos = (await groups())[0]?.photos ?? [];
	await expect(client.lookAlike.moveToTrash({ photos })).rejects.toMatchObject({
		code: "PHOTO_CHANGED",
		message: expect.stringMatching(/at least one/),
	});
	const small = photos.filter(({ fileName }) => fileName === "small.jpg");
	const older = small.map(({ id, version }) => ({ id, version: version + 1 }));
	await expect(client.lookAlike.moveToTrash({ photos: older })).rejects.toMatchObject({
		code: "PHOTO_CHANGED",
	});
	appendFileSync(path("small.jpg"), "changed");
	await expect(client.lookAlike.moveToTrash({ photos: small })).rejects.toMatchObject({
		code: "PHOTO_CHANGED",
	});
	expect(existsSync(path("small.jpg"))).toBe(true);
});

test("nothing is moved when every file that would stay is gone", async () => {
	const { client, groups, path } = await libraryWithCopies({ trash: true });
	const photos = (await groups())[0]?.photos ?? [];
	const chosen = photos.filter(({ fileName }) => fileName !== "holiday.jpg");
	rmSync(path("holiday.jpg"));
	await expect(client.lookAlike.moveToTrash({ photos: chosen })).rejects.toMatchObject({
		code: "PHOTO_CHANGED",
	});
	expect(existsSync(path("small.jpg"))).toBe(true);
});

test("a link to a chosen file does not count as staying, and may itself go", async () => {
	const { client, groups, path, linksPath } = await libraryWithCopies({
		trash: true,
		linked: true,
	});
	const photos = (await groups())[0]?.photos ?? [];
	const links = photos.filter(({ fileName }) => fileName === "holiday (1).jpg");
	const others = photos.filter((photo) => !links.includes(photo));
	await expect(client.lookAlike.moveToTrash({ photos: others })).rejects.toMatchObject({
		code: "PHOTO_CHANGED",
		message: expect.stringMatching(/holiday \(1\)\.jpg is the same file as .* under another name/),
	});
	expect(existsSync(path("holiday.jpg"))).toBe(true);
	await client.lookAlike.moveToTrash({ photos: links });
	expect(existsSync(join(linksPath, "holiday (1).jpg"))).toBe(false);
	expect(existsSync(path("holiday.jpg"))).toBe(true);
});

test("without a trash nothing can be moved", async () => {
	const { client, groups, path } = await libraryWithCopies({ trash: false });
	const photos = (await groups())[0]?.photos.slice(1) ?? [];
	await expect(client.lookAlike.moveToTrash({ photos })).rejects.toMatchObject({
		code: "NOT_SUPPORTED",
	});
	expect(existsSync(path("small.jpg"))).toBe(true);
});
