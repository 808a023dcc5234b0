/** @file Tags written into photo files, with everything real. */
import {
	copyFileSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	statSync,
	utimesSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { expect, test } from "vitest";
import type { EngineClient } from "../../contract/contract.ts";
import type { PhotoId } from "../../contract/ids.ts";
import { behindHeader } from "../../engine/sidecars/same-picture-data.ts";
import { makePhoto } from "../fixtures/make-photos.ts";
import { findExifTool } from "../xmp/exiftool.ts";
import { openTestLibrary, untilSearchable } from "./open-test-library.ts";

const exiftool = findExifTool();
const heic = join(import.meta.dirname, "..", "fixtures", "decoder", "scene.heic");

async function untilWritten(client: EngineClient): Promise<void> {
	await expect
		.poll(() => client.tagWriting.status(), { interval: 100 })
		.toMatchObject({ waiting: 0, problem: null });
}

async function byName(client: EngineClient): Promise<Map<string, PhotoId>> {
	const { ids } = await client.photo.columns({});
	const summaries = await client.photo.summaries({ ids });
	return new Map(summaries.map(({ fileName, id }) => [fileName, id]));
}

function read(...words: string[]): Record<string, unknown> {
	return JSON.parse(exiftool?.("-json", "-G1", "-struct", ...words) ?? "[{}]")[0];
}

test.runIf(exiftool !== null)(
	"every format that can be is written, keeps its picture and time, and is not read anew",
	async () => {
		const { client, photosPath, libraryPath } = await openTestLibrary();
		mkdirSync(photosPath);
		const picture = sharp(await makePhoto(3));
		for (const format of ["jpeg", "png", "webp", "tiff", "avif", "gif"] as const) {
			writeFileSync(
				join(photosPath, `a.${format}`),
				await picture.clone().toFormat(format).toBuffer(),
			);
		}
		copyFileSync(heic, join(photosPath, "a.heic"));
		const names = readdirSync(photosPath);
		const at = new Date("2020-03-01T12:00:00Z");
		for (const name of names) utimesSync(join(photosPath, name), at, at);
		const before = new Map(names.map((name) => [name, readFileSync(join(photosPath, name))]));
		await client.folder.add({ path: photosPath });
		await untilSearchable(client, names.length);
		const ids = [...(await byName(client)).values()];
		await client.tag.apply({ ids, add: ["animal/dog", "Été"], remove: [] });
		await client.description.change({ ids, title: "Märchen", caption: "One\nTwo", rating: 4 });
		const versions = (await client.photo.columns({})).versions;

		await client.tagWriting.change({ keptIn: "files" });
		await untilWritten(client);
		const status = await client.tagWriting.status();
		expect(status).toMatchObject({
			photosWritten: 6,
			sidecarsWritten: 7,
			refused: [],
			conflicts: 0,
		});
		expect(status.originals.files).toBe(6);
		for (const name of names) {
			const path = join(photosPath, name);
			expect(statSync(path).mtimeMs, name).toBe(at.getTime());
			if (name === "a.gif") {
				expect(readFileSync(path).equals(before.get(name) ?? Buffer.alloc(0))).toBe(true);
				continue;
			}
			expect(read("-XMP:all", path), name).toMatchObject({
				"XMP-dc:Subject": ["dog", "Été"],
				"XMP-lr:HierarchicalSubject": ["animal|dog", "Été"],
				"XMP-dc:Title": "Märchen",
				"XMP-dc:Description": "One\nTwo",
				"XMP-xmp:Rating": 4,
			});
			const [id] = [(await byName(client)).get(name)];
			if (id === undefined) throw new Error(`${name} is gone.`);
			expect((await client.description.ofPhoto({ id })).inFile, name).toMatchObject({
				title: "Märchen",
				hierarchies: [["animal", "dog"], ["Été"]],
			});
		}
		expect(readdirSync(photosPath).sort()).toEqual(
			[...names, ...names.map((name) => `${name}.xmp`)].sort(),
		);
		// A look at the disk finds nothing changed: no photo waits, no thumbnail was made again.
		for (const { id } of await client.folder.list()) await client.folder.rescan({ id });
		expect(await client.activity.progress()).toMatchObject({
			waiting: 0,
			searchable: names.length,
		});
		expect((await client.photo.columns({})).versions).toEqual(versions);

		await client.tagWriting.change({ keptIn: "sidecars" });
		expect(await client.tagWriting.restore({})).toEqual({
			restored: 6,
			withoutCopy: 0,
			refused: [],
		});
		for (const name of names) {
			const bytes = readFileSync(join(photosPath, name));
			expect(bytes.equals(before.get(name) ?? Buffer.alloc(0)), name).toBe(true);
		}
		const [first] = ids;
		if (first === undefined) throw new Error("There is no photo.");
		expect((await client.tag.ofPhoto({ id: first })).map(({ path }) => path)).toEqual([
			"animal/dog",
			"Été",
		]);
		expect(
			readdirSync(join(libraryPath, "originals")).some((name) => name.startsWith("work")),
		).toBe(false);
	},
	120_000,
);

test.runIf(exiftool !== null)(
	"foreign properties and older fields are kept in step, and nothing behind the header changes",
	async () => {
		const { client, photosPath } = await openTestLibrary();
		mkdirSync(photosPath);
		const path = join(photosPath, "a.jpg");
		writeFileSync(path, await makePhoto(4));
		exiftool?.(
			"-overwrite_original",
			"-IPTC:Keywords=old",
			"-IPTC:Keywords=stays",
			"-IPTC:By-line=Müller",
			"-XMP-dc:Subject=old",
			"-XMP-dc:Subject=stays",
			"-XMP-dc:Rights=Mine",
			"-XMP-photoshop:City=Århus",
			"-IFD0:ImageDescription=Old words",
			"-IFD0:Rating=1",
			"-EXIF:Artist=Somebody",
			path,
		);
		// What cameras append, such as a film.
		writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.from("a film of a second")]));
		const behind = await behindHeader(path);
		await client.folder.add({ path: photosPath });
		await untilSearchable(client, 1);
		const [id] = (await byName(client)).values();
		if (id === undefined) throw new Error("There is no photo.");
		await client.tag.apply({ ids: [id], add: ["new/tag"], remove: ["old"] });
		await client.description.change({ ids: [id], caption: "New words", rating: 5 });
		await client.tagWriting.change({ keptIn: "files" });
		await untilWritten(client);
		expect(await client.tagWriting.status()).toMatchObject({ photosWritten: 1, refused: [] });
		expect(read("-XMP:all", "-IPTC:all", "-IFD0:all", path)).toMatchObject({
			"IPTC:Keywords": ["stays", "tag"],
			"IPTC:Caption-Abstract": "New words",
			"IPTC:By-line": "Müller",
			"XMP-dc:Subject": ["stays", "tag"],
			"XMP-lr:HierarchicalSubject": ["stays", "new|tag"],
			"XMP-dc:Rights": "Mine",
			"XMP-photoshop:City": "Århus",
			"XMP-xmp:Rating": 5,
			"IFD0:ImageDescription": "New words",
			"IFD0:Rating": 5,
			"IFD0:Artist": "Somebody",
		});
		expect(await behindHeader(path)).toBe(behind);
		expect(
			(await client.tag.ofPhoto({ id })).filter(({ state }) => state === "accepted"),
		).toMatchObject([{ path: "new/tag" }, { path: "stays" }]);
	},
	60_000,
);
