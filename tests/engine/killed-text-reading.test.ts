/** @file Killed while it reads text, the next run goes on with what is missing. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { makePhotoFolder } from "../fixtures/make-photos.ts";
import { temporaryRoot } from "./open-test-library.ts";

const photos = 9;
const command = join(import.meta.dirname, "..", "..", "cli", "main.ts");

test("killed three times, every text is read once and none is missing", async () => {
	const root = temporaryRoot();
	const photosPath = join(root, "photos");
	const libraryPath = join(root, "library");
	await makePhotoFolder(photosPath, photos);
	const start = (...words: string[]) =>
		spawn(process.execPath, [command, "--library", libraryPath, "index", photosPath, ...words], {
			stdio: ["ignore", "pipe", "inherit"],
		});
	const [code] = await once(start("--json"), "close");
	expect(code).toBe(0);
	expect(rows()).toEqual({ texts: 0, marks: 0, attempts: null });

	for (const moment of [1, 3, 6]) {
		const child = start("--text", "--json");
		const closed = once(child, "close");
		while (child.exitCode === null && rows().marks < moment) await delay(5);
		child.kill("SIGKILL");
		await closed;
		expect(rows().marks).toBe(rows().texts);
	}
	const last = start("--text", "--json");
	let output = "";
	last.stdout.on("data", (chunk) => {
		output += chunk;
	});
	await once(last, "close");
	expect(JSON.parse(output)).toMatchObject({ skipped: photos, text: { read: photos, failed: 0 } });
	expect(rows()).toEqual({ texts: photos, marks: photos, attempts: 1 });

	function rows() {
		const database = new Database(join(libraryPath, "catalogue.sqlite"), { readonly: true });
		try {
			return database
				.prepare(
					`select (select count(*) from recognised_texts) as texts,
						(select count(*) from photo_texts) as marks,
						(select max(attempts) from recognised_texts) as attempts`,
				)
				.get() as { texts: number; marks: number; attempts: number | null };
		} finally {
			database.close();
		}
	}
});
