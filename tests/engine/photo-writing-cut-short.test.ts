/** @file What becomes of the untouched file where the library fails after the photo was replaced. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { makePhoto } from "../fixtures/make-photos.ts";
import { findExifTool } from "../xmp/exiftool.ts";
import { openTestLibrary, untilSearchable } from "./open-test-library.ts";

test.runIf(findExifTool() !== null)(
	"the untouched copy stays where the library cannot take in the replaced photo",
	async () => {
		const { client, photosPath, libraryPath } = await openTestLibrary();
		mkdirSync(photosPath);
		const path = join(photosPath, "a.jpg");
		writeFileSync(path, await makePhoto(5));
		const untouched = readFileSync(path);
		await client.folder.add({ path: photosPath });
		await untilSearchable(client, 1);
		const { ids } = await client.photo.columns({});
		await client.tag.apply({ ids, add: ["dog"], remove: [] });
		const database = new Database(join(libraryPath, "catalogue.sqlite"));
		database.exec(
			`create trigger no_room before update of content_hash on photos
			when new.content_hash <> old.content_hash begin select raise(abort, 'no room'); end`,
		);
		await client.tagWriting.change({ keptIn: "files" });
		await expect
			.poll(async () => {
				const { problem, refused } = await client.tagWriting.status();
				return problem !== null || refused.length > 0;
			})
			.toBe(true);
		expect(readFileSync(path).equals(untouched)).toBe(false);
		expect((await client.tagWriting.status()).originals.files).toBe(1);
		const [original] = database.prepare("select original_hash from originals").pluck().all();
		const kept = join(libraryPath, "originals", String(original).slice(0, 2), `${original}.jpg`);
		expect(readFileSync(kept).equals(untouched)).toBe(true);
		database.close();
	},
	60_000,
);
