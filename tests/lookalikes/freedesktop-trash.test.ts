/** @file The trash of Linux desktops, with real files. */
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { FreedesktopTrash } from "../../engine/trash/freedesktop-trash.ts";

function place() {
	const root = mkdtempSync(join(tmpdir(), "afterimage-trash-"));
	onTestFinished(() => rmSync(root, { recursive: true, force: true }));
	const dataPath = join(root, "data");
	const photosPath = join(root, "photos");
	mkdirSync(photosPath);
	const trash = new FreedesktopTrash({ XDG_DATA_HOME: dataPath });
	const write = (name: string, text: string) => {
		writeFileSync(join(photosPath, name), text);
		return join(photosPath, name);
	};
	return { trash, write, trashPath: join(dataPath, "Trash") };
}

test("a file is moved with a note of where it was, and comes back", async () => {
	const { trash, write, trashPath } = place();
	const path = write("räksmörgås 100%.jpg", "photo");
	const { restore } = await trash.put(path);
	expect(existsSync(path)).toBe(false);
	expect(readFileSync(join(trashPath, "files", "räksmörgås 100%.jpg"), "utf8")).toBe("photo");
	const note = readFileSync(join(trashPath, "info", "räksmörgås 100%.jpg.trashinfo"), "utf8");
	expect(note).toMatch(/^\[Trash Info\]\nPath=\/.*r%C3%A4ksm%C3%B6rg%C3%A5s%20100%25\.jpg\n/);
	expect(note).toMatch(/\nDeletionDate=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\n$/);
	await restore?.();
	expect(readFileSync(path, "utf8")).toBe("photo");
	expect(readdirSync(join(trashPath, "info"))).toEqual([]);
	expect(readdirSync(join(trashPath, "files"))).toEqual([]);
});

test("two files of one name both find room", async () => {
	const { trash, write, trashPath } = place();
	const first = await trash.put(write("a.jpg", "one"));
	const path = write("a.jpg", "two");
	await trash.put(path);
	expect(readdirSync(join(trashPath, "files")).sort()).toEqual(["a.2.jpg", "a.jpg"]);
	await first.restore?.();
	expect(readFileSync(path, "utf8")).toBe("one");
});

test("coming back never overwrites what took the place meanwhile", async () => {
	const { trash, write, trashPath } = place();
	const { restore } = await trash.put(write("a.jpg", "old"));
	const path = write("a.jpg", "new");
	await expect(restore?.()).rejects.toThrow(/another file/);
	expect(readFileSync(path, "utf8")).toBe("new");
	expect(readFileSync(join(trashPath, "files", "a.jpg"), "utf8")).toBe("old");
});

test("a file that is not there leaves no note behind", async () => {
	const { trash, write, trashPath } = place();
	const path = write("a.jpg", "x");
	rmSync(path);
	await expect(trash.put(path)).rejects.toThrow();
	expect(existsSync(join(trashPath, "info", "a.jpg.trashinfo"))).toBe(false);
});

test("what was taken out of the trash elsewhere is said to be gone", async () => {
	const { trash, write, trashPath } = place();
	const { restore } = await trash.put(write("a.jpg", "x"));
	rmSync(join(trashPath, "files", "a.jpg"));
	await expect(restore?.()).rejects.toThrow(/no longer in the trash/);
});
