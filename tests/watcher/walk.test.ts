/** @file Walking real folders. */
import {
	linkSync,
	mkdirSync,
	readdirSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { IgnoreRules } from "../../engine/watcher/ignore-rules.ts";
import { type WalkBatch, type WalkOptions, walkFolder } from "../../engine/watcher/walk.ts";
import { put, temporaryTree } from "./photo-tree.ts";

async function walkAll(root: string, options: Partial<WalkOptions> = {}) {
	const batches: WalkBatch[] = [];
	for await (const batch of walkFolder(root, { rules: new IgnoreRules(root), ...options })) {
		batches.push(batch);
	}
	const files = batches.flatMap((batch) => batch.files);
	return {
		batches,
		files,
		paths: files.map((file) => file.relativePath).sort(),
		unread: batches.flatMap((batch) => batch.unread),
	};
}

test("every photo is found once, with its size, time and identity", async () => {
	const root = temporaryTree();
	put(root, "a.jpg", "12345");
	put(root, "b/c.png");
	put(root, "b/d/e.HEIC");
	put(root, "b/notes.txt");
	put(root, ".hidden/f.jpg");
	const { files, paths } = await walkAll(root);
	expect(paths).toEqual(["a.jpg", "b/c.png", "b/d/e.HEIC"]);
	const stats = statSync(path.join(root, "a.jpg"));
	expect(files.find((file) => file.relativePath === "a.jpg")).toEqual({
		relativePath: "a.jpg",
		sizeBytes: 5,
		modifiedAtMs: Math.floor(stats.mtimeMs),
		fileIdentity: `${stats.dev}:${stats.ino}`,
	});
});

test("names with newlines, emoji, quotes, backslashes and 255 bytes are found as they are", async () => {
	const root = temporaryTree();
	const names = [
		"new\nline.jpg",
		"🏖️ beach.jpg",
		`"quotes" 'and' \`ticks\`.jpg`,
		"back\\slash.jpg",
		" leading and trailing .jpg",
		`${"é".repeat(125)}x.jpg`,
	];
	for (const name of names) put(root, name);
	expect(Buffer.byteLength(names[5] ?? "")).toBe(255);
	expect((await walkAll(root)).paths).toEqual([...names].sort());
});

test.runIf(process.platform === "linux")(
	"names that are no text are told, not passed over",
	async () => {
		const root = temporaryTree();
		put(root, "a.jpg");
		const latin1 = (name: string) =>
			Buffer.concat([Buffer.from(`${root}/`), Buffer.from(name, "latin1")]);
		writeFileSync(latin1("\xfcber.jpg"), "");
		mkdirSync(latin1("M\xfcnchen"));
		writeFileSync(latin1("M\xfcnchen/b.jpg"), "");
		const { paths, unread } = await walkAll(root);
		expect(paths).toEqual(["a.jpg"]);
		const expected = ["M\uFFFDnchen", "\uFFFDber.jpg"];
		expect(unread.map(({ relativePath }) => relativePath).sort()).toEqual(expected);
		expect(new Set(unread.map(({ code }) => code))).toEqual(new Set(["EILSEQ"]));
	},
);

test("linked folders are not entered, so loops end and nothing is found twice", async () => {
	const root = temporaryTree();
	const outside = temporaryTree();
	put(outside, "outside.jpg");
	put(root, "a/b/c.jpg");
	symlinkSync("..", path.join(root, "a/b/loop"));
	symlinkSync(root, path.join(root, "a/self"));
	symlinkSync(path.join(root, "a"), path.join(root, "alias"));
	symlinkSync(outside, path.join(root, "elsewhere"));
	symlinkSync("ouroboros.jpg", path.join(root, "ouroboros.jpg"));
	expect((await walkAll(root)).paths).toEqual(["a/b/c.jpg"]);
});

test("a linked file counts unless its target is a photo below the same root", async () => {
	const root = temporaryTree();
	const outside = temporaryTree();
	put(outside, "far.jpg", "far away");
	put(root, "near.jpg");
	put(root, ".store/objects/1.jpg", "annexed");
	symlinkSync(path.join(outside, "far.jpg"), path.join(root, "to-far.jpg"));
	symlinkSync("near.jpg", path.join(root, "to-near.jpg"));
	symlinkSync(".store/objects/1.jpg", path.join(root, "annexed.jpg"));
	symlinkSync("nothing.jpg", path.join(root, "dangling.jpg"));
	const { files, paths } = await walkAll(root);
	expect(paths).toEqual(["annexed.jpg", "near.jpg", "to-far.jpg"]);
	expect(files.find((file) => file.relativePath === "to-far.jpg")?.sizeBytes).toBe(8);
});

test("two hard links to one file are two photos of one identity", async () => {
	const root = temporaryTree();
	linkSync(put(root, "a.jpg"), path.join(root, "b.jpg"));
	const { files } = await walkAll(root);
	expect(files).toHaveLength(2);
	expect(files[0]?.fileIdentity).toBe(files[1]?.fileIdentity);
});

test("a folder that may not be read is told with its reason, and the walk goes on", async () => {
	const root = temporaryTree();
	put(root, "a/1.jpg");
	put(root, "locked/2.jpg");
	put(root, "z/3.jpg");
	const { paths, unread } = await walkAll(root, {
		readFolder: async (folder) => {
			if (folder.endsWith("locked")) throw Object.assign(new Error("no"), { code: "EACCES" });
			return readdir(folder, { withFileTypes: true });
		},
	});
	expect(paths).toEqual(["a/1.jpg", "z/3.jpg"]);
	expect(unread).toEqual([{ relativePath: "locked", code: "EACCES" }]);
});

test("a folder that vanishes during the walk is told, not thrown", async () => {
	const root = temporaryTree();
	put(root, "a/1.jpg");
	put(root, "z/3.jpg");
	const { paths, unread } = await walkAll(root, {
		readFolder: async (folder) => {
			if (folder === path.join(root, "z")) rmSync(path.join(root, "a"), { recursive: true });
			return readdir(folder, { withFileTypes: true });
		},
	});
	expect(paths).toEqual(["z/3.jpg"]);
	expect(unread).toEqual([{ relativePath: "a", code: "ENOENT" }]);
});

test("a missing root is an unread root", async () => {
	const { paths, unread } = await walkAll(path.join(temporaryTree(), "gone"));
	expect(paths).toEqual([]);
	expect(unread).toEqual([{ relativePath: "", code: "ENOENT" }]);
});

test("many files come in batches, the later-named folders first, and stop when asked", async () => {
	const root = temporaryTree();
	for (const year of ["2023", "2024"]) {
		mkdirSync(path.join(root, year));
		for (let index = 0; index < 300; index++) put(root, `${year}/${index}.jpg`, "x");
	}
	expect(readdirSync(root)).toHaveLength(2);
	const { batches, paths } = await walkAll(root, { batchSize: 100 });
	expect(paths).toHaveLength(600);
	expect(batches.length).toBeGreaterThanOrEqual(4);
	expect(batches[0]?.files[0]?.relativePath).toMatch(/^2024/);

	const stop = new AbortController();
	let seen = 0;
	const rules = new IgnoreRules(root);
	for await (const batch of walkFolder(root, { rules, batchSize: 100, signal: stop.signal })) {
		seen += batch.files.length;
		stop.abort();
	}
	expect(seen).toBeLessThan(300);
});
