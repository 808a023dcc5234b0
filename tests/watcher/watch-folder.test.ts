/** @file Watching real folders: what comes out after things have settled. */
import {
	appendFileSync,
	copyFileSync,
	mkdirSync,
	renameSync,
	rmSync,
	symlinkSync,
	unlinkSync,
} from "node:fs";
import path from "node:path";
import { FSWatcher } from "chokidar";
import { expect, onTestFinished, test } from "vitest";
import type { FileChange, FileChangeBatch } from "../../engine/watcher/file-change.ts";
import { type WatchFolderOptions, watchFolder } from "../../engine/watcher/watch-folder.ts";
import { pause, put, temporaryTree, until } from "./photo-tree.ts";

async function watching(root: string, options: Partial<WatchFolderOptions> = {}) {
	const batches: FileChangeBatch[] = [];
	const watch = watchFolder(root, {
		quietMs: 100,
		maxWaitMs: 1000,
		onBatch: (batch) => batches.push(batch),
		...options,
	});
	onTestFinished(() => watch.close());
	await watch.ready;
	return {
		watch,
		batches,
		changes: () => batches.flatMap((batch) => batch.changes),
		/** What is left when every change is applied to an empty model. */
		seen: () => {
			const present = new Set<string>();
			for (const change of batches.flatMap((batch) => batch.changes)) apply(present, change);
			return [...present].sort();
		},
	};
}

function apply(present: Set<string>, change: FileChange): void {
	if (change.kind === "present") present.add(change.file.relativePath);
	else {
		for (const known of present) {
			if (known === change.relativePath || known.startsWith(`${change.relativePath}/`)) {
				present.delete(known);
			}
		}
	}
}

test("what was there before is not reported; new, changed and deleted files are", async () => {
	const root = temporaryTree();
	put(root, "old.jpg");
	const { changes } = await watching(root);
	put(root, "a/b/new.jpg", "123");
	await until(() => changes().length === 1, "the new file");
	expect(changes()[0]).toMatchObject({
		kind: "present",
		file: { relativePath: "a/b/new.jpg", sizeBytes: 3 },
	});
	appendFileSync(path.join(root, "old.jpg"), "more");
	await until(() => changes().length === 2, "the change");
	expect(changes()[1]).toMatchObject({ kind: "present", file: { relativePath: "old.jpg" } });
	unlinkSync(path.join(root, "old.jpg"));
	await until(() => changes().length === 3, "the deletion");
	expect(changes()[2]).toEqual({ kind: "absent", relativePath: "old.jpg" });
});

test("a rename is an absent and a present in one batch, with the same identity", async () => {
	const root = temporaryTree();
	put(root, "a.jpg");
	const { batches, changes } = await watching(root);
	mkdirSync(path.join(root, "d"));
	renameSync(path.join(root, "a.jpg"), path.join(root, "d/new\nname.jpg"));
	await until(() => changes().length === 2, "the rename");
	expect(batches).toHaveLength(1);
	expect(changes()).toContainEqual({ kind: "absent", relativePath: "a.jpg" });
});

test("a file that still grows is held back until it is whole", async () => {
	const root = temporaryTree();
	const { changes } = await watching(root, { quietMs: 150 });
	const growing = put(root, "big.jpg", "");
	for (let part = 0; part < 8; part++) {
		appendFileSync(growing, "x".repeat(1000));
		await pause(60);
	}
	await until(() => changes().length > 0, "the file");
	expect(changes()).toEqual([
		{ kind: "present", file: expect.objectContaining({ sizeBytes: 8000 }) },
	]);
});

test("created and deleted comes out as absent at most; deleted and created as present", async () => {
	const root = temporaryTree();
	const kept = put(root, "kept.jpg");
	const { changes, seen } = await watching(root);
	unlinkSync(put(root, "brief.jpg"));
	unlinkSync(kept);
	put(root, "kept.jpg", "again");
	await until(() => seen().includes("kept.jpg"), "the file made again");
	expect(changes().filter((change) => change.kind === "present")).toHaveLength(1);
});

test("a whole folder moved in, and deleted again", async () => {
	const root = temporaryTree();
	const outside = temporaryTree();
	for (let index = 0; index < 40; index++) put(outside, `trip/day${index % 3}/${index}.jpg`);
	const { seen, changes } = await watching(root);
	renameSync(path.join(outside, "trip"), path.join(root, "trip"));
	await until(() => seen().length === 40, "all files of the folder");
	rmSync(path.join(root, "trip"), { recursive: true });
	await until(() => seen().length === 0, "all files gone");
	expect(changes().length).toBeGreaterThanOrEqual(41);
});

test("hidden, foreign and ignored files and linked folders are not reported", async () => {
	const root = temporaryTree();
	put(root, ".afterimageignore", "drafts/\n");
	put(root, "drafts/old.jpg");
	const { seen, changes } = await watching(root);
	symlinkSync(root, path.join(root, "loop"));
	put(root, ".hidden/a.jpg");
	put(root, "@eaDir/a.jpg");
	put(root, "a.txt");
	put(root, "drafts/new.jpg");
	put(root, "mine.jpg");
	await until(() => seen().includes("mine.jpg"), "the photo");
	await pause(400);
	expect(changes().filter((change) => change.kind === "present")).toHaveLength(1);
});

test("a changed ignore file asks for a rescan and counts from then on", async () => {
	const root = temporaryTree();
	put(root, "drafts/old.jpg");
	put(root, ".afterimageignore", "drafts/\n");
	const { seen, batches } = await watching(root);
	put(root, ".afterimageignore", "# nothing\n");
	await until(() => batches.some((batch) => batch.rescanNeeded), "the rescan");
	put(root, "drafts/new.jpg");
	await until(() => seen().includes("drafts/new.jpg"), "a file of the folder let in");
});

test("a swarm of changes comes in few batches", async () => {
	const root = temporaryTree();
	const source = put(root, "source.jpg");
	const { seen, batches } = await watching(root);
	for (let index = 0; index < 500; index++) copyFileSync(source, path.join(root, `${index}.jpg`));
	await until(() => seen().length === 500, "all copies");
	expect(batches.length).toBeLessThan(10);
});

test("where the system refuses to watch, rescans are asked for instead", async () => {
	const root = temporaryTree();
	const watcher = new FSWatcher();
	let told = 0;
	const started = watching(root, {
		fallbackIntervalMs: 50,
		onWatchingChanged: () => told++,
		startWatch: () => {
			const error = Object.assign(new Error("no watches left"), { code: "ENOSPC" });
			setImmediate(() => watcher.emit("error", error));
			return watcher;
		},
	});
	const { watch, batches } = await started;
	expect(watch.watching).toBe(false);
	expect(told).toBe(2);
	await until(() => batches.length >= 3, "several rescans");
	expect(watcher.closed).toBe(true);
	expect(batches.every((batch) => batch.rescanNeeded && batch.changes.length === 0)).toBe(true);
});
