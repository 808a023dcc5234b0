/** @file Opening database files: new, old, newer, foreign, damaged, unreachable, and full disks. */
import {
	copyFileSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	statSync,
	truncateSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { Refusal } from "../../contract/errors.ts";
import { connect } from "../../engine/catalogue/connection.ts";
import { asRefusal } from "../../engine/catalogue/database-errors.ts";
import { backupPath, migrations, newestFormat } from "../../engine/catalogue/migrate.ts";
import type { Migration } from "../../engine/catalogue/migrations/migration.ts";
import { openCatalogue, openConnection } from "../../engine/catalogue/open-catalogue.ts";
import { addFolder, found } from "./catalogue-contents.ts";
import { newCatalogue, temporaryFolder } from "./catalogue-on-disk.ts";

const newest = newestFormat();

const nextStep: Migration = {
	format: newest + 1,
	sql: "alter table settings add column changed_at_ms integer; create index i on settings (value);",
};

async function filledCatalogue(): Promise<string> {
	const { catalogue, filePath } = await newCatalogue();
	const folder = await addFolder(catalogue);
	const files = Array.from({ length: 500 }, (_, index) => found(`${index}.jpg`));
	await catalogue.photos.discover(folder.id, files);
	await catalogue.close();
	return filePath;
}

test("a catalogue opens again with everything in it, and closes twice without complaint", async () => {
	const filePath = await filledCatalogue();
	const catalogue = await openCatalogue(filePath);
	expect(await catalogue.photos.counts()).toMatchObject({ photos: 500 });
	expect(await catalogue.integrityProblems()).toEqual([]);
	await catalogue.close();
	await catalogue.close();
});

test("the database is kept the way that survives a power failure", async () => {
	const connection = openConnection(await filledCatalogue());
	expect(connection.pragma("journal_mode")).toBe("wal");
	expect(connection.pragma("synchronous")).toBe(1);
	expect(connection.pragma("foreign_keys")).toBe(1);
	expect(connection.pragma("busy_timeout")).toBe(5000);
	expect(connection.pragma("user_version")).toBe(newest);
	connection.close();
});

test("a file that a crash left empty becomes a catalogue", async () => {
	const filePath = join(temporaryFolder(), "catalogue.sqlite");
	writeFileSync(filePath, "");
	const catalogue = await openCatalogue(filePath);
	expect(await catalogue.folders.list()).toEqual([]);
	await catalogue.close();
});

test("a catalogue of a newer format is refused with both numbers and left as it is", async () => {
	const filePath = await filledCatalogue();
	openConnection(filePath, [...migrations, nextStep]).close();
	const before = readFileSync(filePath);
	await expect(openCatalogue(filePath)).rejects.toMatchObject({
		code: "LIBRARY_UNUSABLE",
		message: expect.stringMatching(new RegExp(`format ${newest + 1}.*up to ${newest}\\b`)),
		detail: { path: filePath },
	});
	expect(readFileSync(filePath).equals(before)).toBe(true);
});

test("an older catalogue is copied beside itself, then brought up to date", async () => {
	const filePath = await filledCatalogue();
	const connection = openConnection(filePath, [...migrations, nextStep]);
	expect(connection.pragma("user_version")).toBe(newest + 1);
	connection.execute("insert into settings values ('a', '1', 5)");
	connection.close();
	const copy = openConnection(backupPath(filePath, newest));
	expect(copy.pragma("user_version")).toBe(newest);
	expect(copy.prepare("select count(*) from photos").allRaw()).toEqual([[500]]);
	copy.close();
	expect(readdirSync(join(filePath, "..")).filter((name) => name.endsWith(".partial"))).toEqual([]);
});

test("a catalogue of every earlier format opens with its photos", async () => {
	for (const step of migrations) {
		const filePath = join(temporaryFolder(), "catalogue.sqlite");
		const old = openConnection(
			filePath,
			migrations.filter(({ format }) => format <= step.format),
		);
		old.execute(`
			insert into folders (volume_id, path_in_volume, last_path, added_at_ms) values ('v', 'a', '/a', 1);
			insert into photos (folder_id, relative_path, size_bytes, modified_at_ms, file_identity, state, taken_at_ms)
				values (1, 'dogs/beach.jpg', 10, 1, 'i', 'searchable', 1);
		`);
		old.close();
		const catalogue = await openCatalogue(filePath);
		expect(await catalogue.photos.counts()).toMatchObject({ photos: 1, searchable: 1 });
		expect(await catalogue.integrityProblems()).toEqual([]);
		await catalogue.close();
	}
});

test("a step that fails leaves the catalogue in its old format", async () => {
	const filePath = await filledCatalogue();
	const broken: Migration = {
		format: newest + 2,
		sql: "create table t (a); insert into nowhere values (1);",
	};
	expect(() => openConnection(filePath, [...migrations, nextStep, broken])).toThrow(/nowhere/);
	const connection = openConnection(filePath);
	expect(connection.pragma("user_version")).toBe(newest);
	expect(
		connection.prepare("select name from sqlite_schema where name in ('t', 'i')").all(),
	).toEqual([]);
	connection.close();
});

test("a file that is no database is refused by name and left as it is", async () => {
	const filePath = join(temporaryFolder(), "catalogue.sqlite");
	for (const contents of [
		"not a database ".repeat(1000),
		"x",
		"SQLite format 3\0 and then nonsense",
	]) {
		writeFileSync(filePath, contents);
		await expect(openCatalogue(filePath)).rejects.toMatchObject({
			code: "LIBRARY_UNUSABLE",
			message: expect.stringContaining(filePath),
		});
		expect(readFileSync(filePath, "utf8")).toBe(contents);
		expect(readdirSync(join(filePath, ".."))).toEqual(["catalogue.sqlite"]);
	}
});

test("another program's database is refused and left as it is", async () => {
	const filePath = join(temporaryFolder(), "catalogue.sqlite");
	const foreign = new Database(filePath);
	foreign.exec("create table bookmarks (url); insert into bookmarks values ('x')");
	foreign.close();
	const before = readFileSync(filePath);
	await expect(openCatalogue(filePath)).rejects.toMatchObject({ code: "LIBRARY_UNUSABLE" });
	expect(readFileSync(filePath).equals(before)).toBe(true);
});

test("a truncated catalogue is refused as damaged, wherever it was cut", async () => {
	const whole = await filledCatalogue();
	const { size } = statSync(whole);
	for (const kept of [1, 50, 100, 4096, 8192, Math.floor(size / 2), size - 8192, size - 1]) {
		const filePath = join(temporaryFolder(), "catalogue.sqlite");
		copyFileSync(whole, filePath);
		truncateSync(filePath, kept);
		await expect(openCatalogue(filePath)).rejects.toMatchObject({
			code: "LIBRARY_UNUSABLE",
			message: expect.stringContaining(filePath),
		});
		expect(statSync(filePath).size).toBe(kept);
	}
});

test("damage inside the file is found by the integrity check", async () => {
	const filePath = await filledCatalogue();
	const bytes = readFileSync(filePath);
	bytes.fill(0xa5, 8192 * 12, 8192 * 14);
	writeFileSync(filePath, bytes);
	const catalogue = await openCatalogue(filePath);
	expect((await catalogue.integrityProblems()).length).toBeGreaterThan(0);
	await catalogue.close();
});

test("a path that cannot be opened is refused by name", async () => {
	const folder = temporaryFolder();
	await expect(openCatalogue(join(folder, "absent", "catalogue.sqlite"))).rejects.toMatchObject({
		code: "LIBRARY_UNUSABLE",
	});
	mkdirSync(join(folder, "catalogue.sqlite"));
	await expect(openCatalogue(join(folder, "catalogue.sqlite"))).rejects.toMatchObject({
		code: "LIBRARY_UNUSABLE",
	});
	expect(existsSync(join(folder, "absent"))).toBe(false);
});

test("a full disk is said to be full, and what was stored before stays", async () => {
	const filePath = await filledCatalogue();
	const connection = openConnection(filePath);
	// SQLite's own page limit fails in the very place where a full disk does.
	connection.pragma(`max_page_count = ${connection.pragma("page_count")}`);
	const fill = connection.prepare("insert into settings values (?, ?)");
	let raised: unknown;
	try {
		connection.transaction(() => {
			for (let row = 0; row < 1000; row += 1) fill.run(`${row}`, "x".repeat(1000));
		});
	} catch (error) {
		raised = error;
	}
	expect(raised).toMatchObject({ code: "DISK_FULL", message: expect.stringContaining("full") });
	expect(connection.prepare("select count(*) from settings").allRaw()).toEqual([[0]]);
	expect(connection.prepare("select count(*) from photos").allRaw()).toEqual([[500]]);
	connection.close();
});

test("a file that cannot be written is refused with what to check", async () => {
	const connection = connect(await filledCatalogue(), { readonly: true });
	expect(() => connection.execute("delete from photos")).toThrow(
		expect.objectContaining({
			code: "LIBRARY_UNUSABLE",
			message: expect.stringContaining("read-only"),
		}),
	);
	connection.close();
});

test("every way the file can fail has its message, and a defect of ours keeps its own", () => {
	const codes = {
		SQLITE_FULL: "DISK_FULL",
		SQLITE_IOERR_SHMSIZE: "DISK_FULL",
		SQLITE_IOERR_WRITE: "LIBRARY_UNUSABLE",
		SQLITE_CORRUPT_INDEX: "LIBRARY_UNUSABLE",
		SQLITE_NOTADB: "LIBRARY_UNUSABLE",
		SQLITE_READONLY_DIRECTORY: "LIBRARY_UNUSABLE",
		SQLITE_CANTOPEN_ISDIR: "LIBRARY_UNUSABLE",
		SQLITE_BUSY_RECOVERY: "LIBRARY_UNUSABLE",
	};
	for (const [code, expected] of Object.entries(codes)) {
		const refusal = asRefusal(new Database.SqliteError("words", code), "/library/catalogue.sqlite");
		expect(refusal).toBeInstanceOf(Refusal);
		expect(refusal).toMatchObject({
			code: expected,
			detail: { path: "/library/catalogue.sqlite" },
		});
	}
	const defect = new Database.SqliteError("UNIQUE constraint", "SQLITE_CONSTRAINT_UNIQUE");
	expect(asRefusal(defect, "x")).toBe(defect);
});
