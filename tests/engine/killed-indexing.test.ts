import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import Database from "better-sqlite3";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { makePhotoFolder } from "../fixtures/make-photos.ts";

const photoCount = 600;
const kills = 20;
const command = join(import.meta.dirname, "..", "..", "cli", "main.ts");

let root: string;
let photosPath: string;
let libraryPath: string;

beforeAll(async () => {
	root = mkdtempSync(join(tmpdir(), "afterimage-kills-"));
	photosPath = join(root, "photos");
	libraryPath = join(root, "library");
	await makePhotoFolder(photosPath, photoCount);
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

function start(...words: string[]): ChildProcess {
	return spawn(process.execPath, [command, "--library", libraryPath, ...words], {
		stdio: ["ignore", "pipe", "pipe"],
	});
}

async function finish(child: ChildProcess): Promise<{ code: number | null; output: string }> {
	let output = "";
	child.stdout?.on("data", (chunk) => {
		output += chunk;
	});
	child.stderr?.on("data", (chunk) => {
		output += chunk;
	});
	const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
	return { code, output };
}

const summarySchema = z.object({
	photos: z.number(),
	embedded: z.number(),
	failed: z.number(),
	skipped: z.number(),
});

async function index() {
	const { code, output } = await finish(start("index", photosPath, "--json"));
	expect(code, output).toBe(0);
	return summarySchema.parse(JSON.parse(output.trim().split("\n").at(-1) ?? ""));
}

test("killed twenty times while it works, indexing loses nothing and repeats nothing", async () => {
	// Seeded, so that a failure can be run again. After this many new photos and this little time
	// more, so that every kill falls into work, on machines of any speed.
	const moments = fc.sample(
		fc.record({
			newPhotos: fc.integer({ min: 0, max: 8 }),
			delayMs: fc.integer({ min: 0, max: 60 }),
		}),
		{ numRuns: kills, seed: 20 },
	);
	let searchableBefore = 0;
	for (const { newPhotos, delayMs } of moments) {
		const child = start("index", photosPath, "--json");
		const closed = finish(child);
		while (child.exitCode === null && countSearchable() < searchableBefore + newPhotos) {
			await delay(5);
		}
		await delay(delayMs);
		child.kill("SIGKILL");
		await closed;
		const searchable = countSearchable();
		expect(searchable).toBeGreaterThanOrEqual(searchableBefore);
		searchableBefore = searchable;
	}
	expect(searchableBefore).toBeLessThan(photoCount);

	const last = await index();
	expect(last).toMatchObject({ photos: photoCount, failed: 0 });
	expect(last.embedded).toBe(photoCount - searchableBefore);
	expect(await index()).toMatchObject({ photos: photoCount, embedded: 0, skipped: photoCount });

	const database = new Database(join(libraryPath, "catalogue.sqlite"), { readonly: true });
	try {
		expect(database.pragma("integrity_check")).toEqual([{ integrity_check: "ok" }]);
		const embeddings = database.prepare("select photo_id from embeddings").pluck().all();
		expect(embeddings).toHaveLength(photoCount);
		expect(new Set(embeddings).size).toBe(photoCount);
	} finally {
		database.close();
	}

	const { code, output } = await finish(start("search", "a red circle", "--json", "--limit", "5"));
	expect(code, output).toBe(0);
	expect(JSON.parse(output).hits).toHaveLength(5);
});

/** Looks into the catalogue as the killed process left it; 0 while there is none. */
function countSearchable(): number {
	let database: Database.Database;
	try {
		database = new Database(join(libraryPath, "catalogue.sqlite"), {
			fileMustExist: true,
			readonly: true,
		});
	} catch {
		return 0;
	}
	try {
		const row = database.prepare("select count(*) from photos where state = 'searchable'");
		return z.number().parse(row.pluck().get());
	} catch {
		// Killed before the first migration was complete.
		return 0;
	} finally {
		database.close();
	}
}
