/** @file Titles, captions and stars between library and sidecars. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { expect, test } from "vitest";
import type { Described } from "../../contract/description.ts";
import type { PhotoId } from "../../contract/ids.ts";
import { newSidecar } from "../../engine/xmp/new-sidecar.ts";
import { readXmp } from "../../engine/xmp/read-xmp.ts";
import { findExifTool } from "../xmp/exiftool.ts";
import { openWithSidecars } from "./library-with-sidecars.ts";

const exiftool = findExifTool();

async function open() {
	const library = await openWithSidecars();
	const { catalogue } = library;
	return {
		...library,
		set: (id: PhotoId, values: Partial<Described>) =>
			catalogue.descriptions.change([id], values, "A change"),
		async says(id: PhotoId): Promise<Described> {
			const known = await catalogue.fileMetadata.get(id);
			return {
				title: known?.title ?? null,
				caption: known?.caption ?? null,
				rating: known?.rating ?? null,
			};
		},
		file: (name: string) => readXmp(readFileSync(library.inFolder(name))),
		async inStep() {
			library.tags.wake();
			await library.tags.idle();
		},
	};
}

test("what the person says counts at once, is found, and can be undone and done again", async () => {
	const library = await open();
	const { catalogue } = library;
	const id = await library.photo("a.jpg");
	await library.sidecar("a.jpg.xmp", newSidecar({ title: "Harbour", rating: 2 }));
	expect(await library.says(id)).toEqual({ title: "Harbour", caption: null, rating: 2 });

	const change = await library.set(id, { title: "The ferry leaves", rating: 5 });
	expect(change.changed).toBe(2);
	expect(await library.says(id)).toMatchObject({ title: "The ferry leaves", rating: 5 });
	const rated = (from: number) => catalogue.photos.matching([{ kind: "rating", from, to: null }]);
	expect(await rated(5)).toEqual([id]);
	await catalogue.words.indexPending(10, () => []);
	const found = (text: string) => catalogue.photos.matching([{ kind: "words", text }]);
	expect(await found("ferry")).toEqual([id]);
	expect(await found("harbour")).toEqual([]);

	const undone = await catalogue.tags.undo(change.changeId ?? (0 as never));
	expect(undone).toMatchObject({ changed: 2, skipped: 0 });
	expect(await library.says(id)).toMatchObject({ title: "Harbour", rating: 2 });
	expect(await rated(5)).toEqual([]);
	await catalogue.words.indexPending(10, () => []);
	expect(await found("harbour")).toEqual([id]);
	await catalogue.tags.undo(undone?.changeId ?? (0 as never));
	expect(await library.says(id)).toMatchObject({ title: "The ferry leaves", rating: 5 });
	expect((await library.set(id, { rating: 5 })).changeId).toBeNull();
});

test("they are written with tags, read by ExifTool, and taken back in the file by undoing", async () => {
	const library = await open();
	const id = await library.photo("a.jpg");
	const first = await library.set(id, {
		title: "Fähre & <Möwe>",
		caption: "Line one\nLine two",
		rating: 4,
	});
	await library.run();
	expect(existsSync(library.inFolder("a.jpg.xmp"))).toBe(false);
	await library.write();
	expect(library.file("a.jpg.xmp")).toMatchObject({
		title: "Fähre & <Möwe>",
		caption: "Line one\nLine two",
		rating: 4,
	});
	expect(await library.tags.status()).toMatchObject({ waiting: 0, sidecarsWritten: 1 });
	if (exiftool !== null) {
		const words = ["-json", "-Title", "-Description", "-Rating", library.inFolder("a.jpg.xmp")];
		expect(JSON.parse(exiftool(...words))[0]).toMatchObject({
			Title: "Fähre & <Möwe>",
			Description: "Line one\nLine two",
			Rating: 4,
		});
	}
	await library.catalogue.tags.undo(first.changeId ?? (0 as never));
	await library.inStep();
	expect(library.file("a.jpg.xmp")).toMatchObject({ title: null, caption: null, rating: null });
	expect(await library.says(id)).toEqual({ title: null, caption: null, rating: null });
});

test("a file that says something newer is believed; one that says so too agrees", async () => {
	const library = await open();
	const id = await library.photo("a.jpg");
	await library.set(id, { rating: 4 });
	await library.write();
	await library.sidecar("a.jpg.xmp", newSidecar({ rating: 1, title: "From elsewhere" }));
	expect(await library.says(id)).toMatchObject({ rating: 1, title: "From elsewhere" });
	expect(await library.catalogue.descriptions.setHere(id)).toEqual([]);
	await library.set(id, { rating: 3 });
	await library.sidecar("a.jpg.xmp", newSidecar({ rating: 3 }));
	expect(await library.tags.status()).toMatchObject({ conflicts: 0, waiting: 0 });
});

test.each([
	["file", { title: "Theirs", rating: 1 }],
	["library", { title: "Mine", rating: 5 }],
	["both", { title: "Mine", rating: 5 }],
] as const)(
	"changed by both sides, nothing is guessed; %s is what then counts",
	async (choice, expected) => {
		const library = await open();
		const id = await library.photo("a.jpg");
		await library.sidecar("a.jpg.xmp", newSidecar({ title: "Base", add: [["dog"]] }));
		await library.write();
		await library.set(id, { title: "Mine", rating: 5 });
		await library.sidecar("a.jpg.xmp", newSidecar({ title: "Theirs", rating: 1, add: [["dog"]] }));
		expect(library.file("a.jpg.xmp")).toMatchObject({ title: "Theirs", rating: 1 });
		expect(await library.says(id)).toMatchObject({ title: "Mine", rating: 5 });
		const [conflict] = await library.catalogue.tagWriting.conflicts(10);
		expect(conflict).toMatchObject({ id, fileTags: null, fields: ["rating", "title"] });

		expect(await library.tags.settle(id, choice)).not.toBeNull();
		await library.tags.idle();
		expect(await library.says(id)).toMatchObject(expected);
		expect(library.file("a.jpg.xmp")).toMatchObject({ ...expected, keywords: ["dog"] });
		expect(await library.accepted(id)).toEqual(["dog"]);
		expect(await library.tags.status()).toMatchObject({ conflicts: 0, waiting: 0 });
	},
);

test("while nothing is written the person's words stay, and the file is asked about when it is to be written", async () => {
	const library = await open();
	const id = await library.photo("a.jpg");
	await library.sidecar("a.jpg.xmp", newSidecar({ title: "Base" }));
	await library.set(id, { title: "Mine" });
	await library.sidecar("a.jpg.xmp", newSidecar({ title: "Theirs" }));
	expect(await library.says(id)).toMatchObject({ title: "Mine" });
	expect(await library.tags.status()).toMatchObject({ conflicts: 0 });
	await library.write();
	expect(library.file("a.jpg.xmp")).toMatchObject({ title: "Theirs" });
	expect(await library.tags.status()).toMatchObject({ conflicts: 1 });
});

test("a sidecar that vanishes takes no words along, and stars taken away stay away", async () => {
	const library = await open();
	const id = await library.photo("a.jpg");
	await library.set(id, { title: "Kept", rating: 4 });
	await library.write();
	rmSync(library.inFolder("a.jpg.xmp"));
	await library.catalogue.sidecars.noteGone(library.folderId, ["a.jpg.xmp"]);
	await library.inStep();
	expect(await library.says(id)).toMatchObject({ title: "Kept", rating: 4 });
	await library.set(id, { rating: 2 });
	await library.inStep();
	expect(library.file("a.jpg.xmp")).toMatchObject({ title: "Kept", rating: 2 });
	await library.set(id, { rating: null });
	await library.inStep();
	expect(library.file("a.jpg.xmp")).toMatchObject({ title: "Kept", rating: null });
});

test("many photos are rated at once, and what they have in common is told", async () => {
	const library = await open();
	const ids = [await library.photo("a.jpg"), await library.photo("b.jpg")];
	const [first] = ids;
	if (first === undefined) throw new Error("There is no photo.");
	await library.catalogue.descriptions.change(ids, { rating: 3 }, "Give 3 stars");
	await library.set(first, { caption: "Alone" });
	expect(await library.catalogue.descriptions.ofPhotos(ids)).toEqual({
		photos: 2,
		title: null,
		caption: null,
		rating: 3,
		mixed: ["caption"],
	});
	await library.catalogue.photos.remove(ids);
	expect(await library.catalogue.descriptions.ofPhotos(ids)).toMatchObject({ photos: 0 });
});
