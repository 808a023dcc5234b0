/** @file What may become a library folder, with real folders. */
import {
	chmodSync,
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
import { prepareLibraryFolder } from "../../engine/library/library-folder.ts";

function newFolder(): string {
	const path = mkdtempSync(join(tmpdir(), "afterimage-library-"));
	onTestFinished(() => {
		chmodSync(path, 0o755);
		rmSync(path, { recursive: true, force: true });
	});
	return path;
}

const inside = ["generated", "indexes", "library.json", "thumbnails"];

test("a new folder becomes a library and stays the same one", async () => {
	const path = join(newFolder(), "deep", "it's a 🌅 library");
	const library = await prepareLibraryFolder(path);
	expect(library).toMatchObject({
		path,
		cataloguePath: join(path, "catalogue.sqlite"),
		indexesPath: join(path, "indexes"),
		thumbnailsPath: join(path, "thumbnails"),
		generatedPath: join(path, "generated"),
	});
	expect(readdirSync(path).sort()).toEqual(inside);
	const identity = JSON.parse(readFileSync(join(path, "library.json"), "utf8"));
	expect(identity).toEqual({ format: 1, id: library.id, createdAt: expect.any(String) });
	expect(Math.abs(Date.parse(identity.createdAt) - Date.now())).toBeLessThan(60_000);
	expect(await prepareLibraryFolder(path)).toEqual(library);
});

test("folders that went missing inside a library are made again", async () => {
	const path = newFolder();
	await prepareLibraryFolder(path);
	rmSync(join(path, "thumbnails"), { recursive: true });
	await prepareLibraryFolder(path);
	expect(readdirSync(path).sort()).toEqual(inside);
});

test("two that make a library at once make the same one", async () => {
	const path = newFolder();
	const libraries = await Promise.all(Array.from({ length: 8 }, () => prepareLibraryFolder(path)));
	expect(new Set(libraries.map((library) => library.id)).size).toBe(1);
	expect(readdirSync(path).sort()).toEqual(inside);
});

test("a folder with other files is not turned into a library", async () => {
	const path = newFolder();
	writeFileSync(join(path, "IMG_0001.jpg"), "a photo");
	await expect(prepareLibraryFolder(path)).rejects.toMatchObject({
		code: "LIBRARY_UNUSABLE",
		message: expect.stringContaining(path),
		detail: { path },
	});
	expect(readdirSync(path)).toEqual(["IMG_0001.jpg"]);
});

test("files that systems leave anywhere, and unfinished ones of ours, do not count as others", async () => {
	const path = newFolder();
	writeFileSync(join(path, ".DS_Store"), "");
	writeFileSync(join(path, "library.json.1234.partial"), "{");
	const { id } = await prepareLibraryFolder(path);
	expect((await prepareLibraryFolder(path)).id).toBe(id);
});

test("a path that is a file, or leads through one, is refused", async () => {
	const path = join(newFolder(), "file");
	writeFileSync(path, "");
	for (const refused of [path, join(path, "library")])
		await expect(prepareLibraryFolder(refused)).rejects.toMatchObject({
			code: "LIBRARY_UNUSABLE",
			message: expect.stringContaining("is a file"),
			detail: { path: refused },
		});
});

test("a library of a newer format is refused with both numbers and left as it is", async () => {
	const path = newFolder();
	const text = JSON.stringify({ format: 7, shape: "not known here" });
	writeFileSync(join(path, "library.json"), text);
	await expect(prepareLibraryFolder(path)).rejects.toMatchObject({
		code: "LIBRARY_UNUSABLE",
		message: expect.stringMatching(/format 7.*up to 1/),
	});
	expect(readFileSync(join(path, "library.json"), "utf8")).toBe(text);
	expect(readdirSync(path)).toEqual(["library.json"]);
});

test("a damaged identity is refused by name and left as it is", async () => {
	const path = newFolder();
	const identityPath = join(path, "library.json");
	for (const text of ["", "{", "null", "[]", '{"format":1}', '{"format":"1","id":"x"}', "\0\0\0"]) {
		writeFileSync(identityPath, text);
		await expect(prepareLibraryFolder(path)).rejects.toMatchObject({
			code: "LIBRARY_UNUSABLE",
			message: expect.stringContaining(identityPath),
		});
		expect(readFileSync(identityPath, "utf8")).toBe(text);
	}
});

test("a folder that cannot be written is refused with what to check", async () => {
	const path = newFolder();
	const closed = join(path, "closed");
	mkdirSync(closed);
	await prepareLibraryFolder(join(closed, "library"));
	chmodSync(join(closed, "library"), 0o555);
	chmodSync(closed, 0o555);
	chmodSync(path, 0o755);
	onTestFinished(() => {
		chmodSync(closed, 0o755);
		chmodSync(join(closed, "library"), 0o755);
	});
	// The superuser may write anywhere, so it asks as somebody else.
	const isSuperuser = process.geteuid?.() === 0;
	if (isSuperuser) process.seteuid?.(65_534);
	try {
		for (const name of ["library", "new"])
			await expect(prepareLibraryFolder(join(closed, name))).rejects.toMatchObject({
				code: "LIBRARY_UNUSABLE",
				message: expect.stringContaining("cannot be written"),
			});
	} finally {
		if (isSuperuser) process.seteuid?.(0);
	}
});
