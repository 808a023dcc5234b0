import {
	chmodSync,
	existsSync,
	lstatSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { expect, test } from "vitest";
import { realDisk } from "../../engine/sidecars/replace-sidecar.ts";
import { editXmp } from "../../engine/xmp/edit-xmp.ts";
import { readXmp } from "../../engine/xmp/read-xmp.ts";
import { pathOfTag, tagOfPath } from "../../engine/xmp/tag-paths.ts";
import { findExifTool } from "../xmp/exiftool.ts";
import { hostileSidecars } from "../xmp/hostile-sidecars.ts";
import { lightroom } from "../xmp/sidecar-samples.ts";
import { openWithSidecars } from "./library-with-sidecars.ts";

const exiftool = findExifTool();

test("keywords of both kinds of sidecar become tags, and the full name goes before the short one", async () => {
	const library = await openWithSidecars();
	const a = await library.photo("a.jpg");
	const b = await library.photo("b.jpg");
	await library.sidecar("a.xmp", [["short"]]);
	await library.sidecar("a.jpg.xmp", [["Animals", "Dog"]]);
	await library.sidecar("b.xmp", [["Beach"]]);
	expect(await library.accepted(b)).toEqual(["Beach"]);
	expect(await library.accepted(a)).toEqual(["Animals/Dog", "short"]);
	expect((await library.catalogue.fileMetadata.get(a))?.sidecarPath).toBe("a.jpg.xmp");
	expect(await library.catalogue.photos.matching([{ kind: "tag", path: "animals" }])).toEqual([a]);
	// Programs read the full-named one alone, so it gets what only the short one had.
	await library.write();
	expect(readXmp(readFileSync(library.inFolder("a.jpg.xmp")))).toMatchObject({
		hierarchies: [["Animals", "Dog"], ["short"]],
	});
	expect(readXmp(readFileSync(library.inFolder("a.xmp")))).toMatchObject({ keywords: ["short"] });
	expect(await library.tags.status()).toMatchObject({ waiting: 0, sidecarsWritten: 1 });
});

test("a changed sidecar brings and takes tags; one that vanishes takes none", async () => {
	const library = await openWithSidecars();
	const id = await library.photo("a.jpg");
	await library.sidecar("a.jpg.xmp", [["one"], ["two"]]);
	await library.sidecar("a.jpg.xmp", [["two"], ["three"]]);
	expect(await library.accepted(id)).toEqual(["three", "two"]);
	rmSync(library.inFolder("a.jpg.xmp"));
	await library.catalogue.sidecars.noteGone(library.folderId, ["a.jpg.xmp"]);
	await library.run();
	expect(await library.accepted(id)).toEqual(["three", "two"]);
	expect((await library.catalogue.fileMetadata.get(id))?.sidecarPath).toBeNull();
	expect(await library.catalogue.sidecars.pathsOf(library.folderId)).toEqual([]);
});

test("what stands in files indexed earlier is read once, in the background", async () => {
	const library = await openWithSidecars();
	const id = await library.photo("a.jpg", true);
	await library.run();
	await library.run();
	expect(library.described).toEqual([library.inFolder("a.jpg")]);
	expect(await library.accepted(id)).toEqual(["old"]);
	const record = await library.catalogue.fileMetadata.get(id);
	expect(record).toMatchObject({ caption: "A lighthouse", agreed: ["old"] });
	const texts = await library.catalogue.photos.matching([{ kind: "words", text: "lighthouse" }]);
	await library.catalogue.words.indexPending(10, () => []);
	expect(texts.length).toBeLessThanOrEqual(1);
	expect(await library.catalogue.photos.matching([{ kind: "words", text: "lighthouse" }])).toEqual([
		id,
	]);
});

test("nothing is written unless it is switched on; then tags stand beside the photo", async () => {
	const library = await openWithSidecars();
	const id = await library.photo("a.jpg");
	await library.person(id, ["animal/dog", "Été à la plage"]);
	await library.run();
	expect(existsSync(library.inFolder("a.jpg.xmp"))).toBe(false);
	const before = statSync(library.inFolder("a.jpg")).mtimeMs;

	await library.write();
	const written = readXmp(readFileSync(library.inFolder("a.jpg.xmp")));
	expect(written.hierarchies).toEqual([["animal", "dog"], ["Été à la plage"]]);
	expect(statSync(library.inFolder("a.jpg")).mtimeMs).toBe(before);
	expect(await library.tags.status()).toMatchObject({
		waiting: 0,
		sidecarsWritten: 1,
		conflicts: 0,
	});
	if (exiftool !== null) {
		const words = ["-json", "-Subject", "-HierarchicalSubject", library.inFolder("a.jpg.xmp")];
		expect(JSON.parse(exiftool(...words))[0]).toMatchObject({
			Subject: ["dog", "Été à la plage"],
			HierarchicalSubject: ["animal|dog", "Été à la plage"],
		});
	}

	await library.person(id, ["cat"], ["animal/dog"]);
	library.tags.wake();
	await library.tags.idle();
	const again = readXmp(readFileSync(library.inFolder("a.jpg.xmp")));
	expect(again.hierarchies).toEqual([["Été à la plage"], ["cat"]]);
});

test("another program's sidecar keeps everything but the tags", async () => {
	const library = await openWithSidecars();
	const id = await library.photo("a.jpg");
	await library.sidecar("a.xmp", lightroom);
	await library.person(id, ["animal/dog"]);
	await library.write();
	const text = readFileSync(library.inFolder("a.xmp"), "utf8");
	const expected = editXmp(Buffer.from(lightroom), { add: [["animal", "dog"]] });
	expect(text).toBe(Buffer.from(expected).toString());
	expect(existsSync(library.inFolder("a.jpg.xmp"))).toBe(false);
});

test("a short-named sidecar that two photos share is not written to for one of them", async () => {
	const library = await openWithSidecars();
	const id = await library.photo("a.jpg");
	await library.photo("a.png");
	await library.sidecar("a.xmp", [["both"]]);
	const before = readFileSync(library.inFolder("a.xmp"));
	await library.person(id, ["mine"]);
	await library.write();
	expect(readFileSync(library.inFolder("a.xmp"))).toEqual(before);
	expect(readXmp(readFileSync(library.inFolder("a.jpg.xmp"))).keywords.sort()).toEqual([
		"both",
		"mine",
	]);
});

test.each([
	["file", ["base", "theirs"], ["base", "theirs"]],
	["library", ["base", "mine"], ["base", "mine"]],
	["both", ["base", "mine", "theirs"], ["base", "mine", "theirs"]],
] as const)(
	"changed by both sides, nothing is guessed; %s is what then counts",
	async (choice, tags, inFile) => {
		const library = await openWithSidecars();
		const id = await library.photo("a.jpg");
		await library.sidecar("a.jpg.xmp", [["base"]]);
		await library.write();
		await library.person(id, ["mine"]);
		await library.sidecar("a.jpg.xmp", [["base"], ["theirs"]]);
		expect(await library.accepted(id)).toEqual(["base", "mine"]);
		expect(readXmp(readFileSync(library.inFolder("a.jpg.xmp"))).keywords).toEqual([
			"base",
			"theirs",
		]);
		expect(await library.tags.status()).toMatchObject({ conflicts: 1 });

		expect(await library.tags.settle(id, choice)).not.toBeNull();
		await library.tags.idle();
		expect(await library.accepted(id)).toEqual(tags);
		expect(readXmp(readFileSync(library.inFolder("a.jpg.xmp"))).keywords.sort()).toEqual(inFile);
		expect(await library.tags.status()).toMatchObject({ conflicts: 0, waiting: 0 });
		expect(await library.tags.settle(id, choice)).toBeNull();
	},
);

test("settling is undone: the conflict is there again, and nothing is written until it is settled anew", async () => {
	const library = await openWithSidecars();
	const id = await library.photo("a.jpg");
	const inFile = () => readXmp(readFileSync(library.inFolder("a.jpg.xmp"))).keywords.sort();
	await library.sidecar("a.jpg.xmp", [["base"]]);
	await library.write();
	await library.person(id, ["mine"]);
	await library.sidecar("a.jpg.xmp", [["base"], ["theirs"]]);

	const settled = await library.tags.settle(id, "library");
	await library.tags.idle();
	expect(inFile()).toEqual(["base", "mine"]);
	await library.undo(settled?.changeId);
	await library.run();
	expect(await library.tags.status()).toMatchObject({ conflicts: 1 });
	expect(inFile()).toEqual(["base", "mine"]);

	await library.tags.settle(id, "file");
	await library.tags.idle();
	expect(await library.accepted(id)).toEqual(["base", "theirs"]);
	expect(inFile()).toEqual(["base", "theirs"]);
	expect(await library.tags.status()).toMatchObject({ conflicts: 0, waiting: 0 });
});

test("200 hostile sidecars are refused with a reason and left untouched", async () => {
	const library = await openWithSidecars();
	await library.write();
	const all = hostileSidecars();
	for (const [index, { bytes }] of all.entries()) {
		writeFileSync(library.inFolder(`${index}.jpg.xmp`), bytes);
		await library.person(await library.photo(`${index}.jpg`), ["tag"]);
	}
	library.tags.wake();
	await library.tags.idle();
	for (const [index, { what, bytes }] of all.entries()) {
		expect(readFileSync(library.inFolder(`${index}.jpg.xmp`)).equals(bytes), what).toBe(true);
	}
	const refused = await library.catalogue.sidecars.refused(1000);
	expect(refused).toHaveLength(all.length);
	for (const { refusal } of refused) expect(refusal).toMatch(/\.$/);
	expect((await library.tags.status()).problem).toBeNull();
});

test("a folder that takes no files is told once, and the tags stay in the library", async () => {
	const library = await openWithSidecars({
		disk: {
			...realDisk,
			open: async () => {
				throw Object.assign(new Error("EROFS: read-only file system"), { code: "EROFS" });
			},
		},
	});
	const id = await library.photo("a.jpg");
	await library.photo("b.jpg");
	await library.person(id, ["dog"]);
	await library.write();
	expect(await library.accepted(id)).toEqual(["dog"]);
	const { unwritable, waiting, problem } = await library.tags.status();
	expect(unwritable).toMatchObject([{ told: false }]);
	expect({ waiting, problem }).toEqual({ waiting: 1, problem: null });
	await library.catalogue.tagWriting.unwritableTold();
	await library.write();
	expect((await library.tags.status()).unwritable).toMatchObject([{ told: true }]);
});

test("a sidecar that another program writes at the same moment is read again before it is written", async () => {
	let meddled = false;
	const library = await openWithSidecars({
		disk: {
			...realDisk,
			async open(path, flags, mode) {
				if (!meddled) {
					meddled = true;
					const other = library.inFolder("a.jpg.xmp");
					writeFileSync(other, editXmp(readFileSync(other), { rating: 5 }));
				}
				return realDisk.open(path, flags, mode);
			},
		},
	});
	const id = await library.photo("a.jpg");
	await library.sidecar("a.jpg.xmp", [["base"]]);
	await library.person(id, ["mine"]);
	await library.write();
	expect(readXmp(readFileSync(library.inFolder("a.jpg.xmp")))).toMatchObject({
		rating: 5,
		keywords: ["base", "mine"],
	});
	expect((await library.catalogue.fileMetadata.get(id))?.rating).toBe(5);
});

test("a linked sidecar stays a link, and permissions stay", async () => {
	const library = await openWithSidecars();
	const id = await library.photo("a.jpg");
	await library.sidecar("elsewhere.xmp", [["base"]]);
	chmodSync(library.inFolder("elsewhere.xmp"), 0o640);
	symlinkSync(library.inFolder("elsewhere.xmp"), library.inFolder("a.jpg.xmp"));
	await library.person(id, ["mine"]);
	await library.write();
	expect(lstatSync(library.inFolder("a.jpg.xmp")).isSymbolicLink()).toBe(true);
	const target = library.inFolder("elsewhere.xmp");
	expect(statSync(target).mode & 0o777).toBe(0o640);
	expect(readXmp(readFileSync(target)).keywords).toEqual(["base", "mine"]);
});

test("a tag that the person took away does not come back with its file", async () => {
	const library = await openWithSidecars();
	const id = await library.photo("a.jpg");
	await library.sidecar("a.jpg.xmp", [["one"]]);
	await library.person(id, [], ["one"]);
	expect(await library.accepted(id)).toEqual([]);
	await library.sidecar("a.jpg.xmp", [["one"], ["two"]]);
	expect(await library.accepted(id)).toEqual(["two"]);
});

test.each([[["AC/DC", "Live"]], [["a"]]])(
	"the keyword %j comes back from the library as it was",
	(path) => {
		expect(pathOfTag(tagOfPath(path) ?? "")).toEqual(path);
	},
);

test("keywords past the library's limits stay in the file only", async () => {
	const library = await openWithSidecars();
	const id = await library.photo("a.jpg");
	const long = "x".repeat(150);
	await library.sidecar("a.jpg.xmp", [[long], ["short"]]);
	await library.person(id, ["new"]);
	await library.write();
	expect(await library.accepted(id)).toEqual(["new", "short"]);
	expect(readXmp(readFileSync(library.inFolder("a.jpg.xmp"))).keywords).toEqual([
		long,
		"short",
		"new",
	]);
});
