/** @file What belongs to a library and what does not. */
import { execFileSync } from "node:child_process";
import { truncateSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { IgnoreRules } from "../../engine/watcher/ignore-rules.ts";
import { put, temporaryTree } from "./photo-tree.ts";

describe("names", () => {
	test.each([
		"a.jpg",
		"2024/July/IMG_0001.HEIC",
		"Photos Library.photoslibrary/originals/0/A.jpeg",
		"Old.aplibrary/Masters/2009/b.tif",
		"thumbs/mine.png",
		"new\nline/“quoted” 'and' \"more\" 🏖️.webp",
		"Cache/holiday.jpg",
	])("%j is a photo of the library", (relativePath) => {
		expect(new IgnoreRules("/nowhere").belongs(relativePath, "file")).toBe(true);
	});

	test.each([
		"notes.txt",
		"jpg",
		".hidden.jpg",
		"._IMG_0001.jpg",
		".thumbnails/normal/a.png",
		".Trash-1000/files/a.jpg",
		"$RECYCLE.BIN/S-1-5/a.jpg",
		"System Volume Information/a.jpg",
		"album/@eaDir/a.jpg/SYNOPHOTO_THUMB_M.jpg",
		"#recycle/a.jpg",
		"site/node_modules/pkg/logo.png",
		"Lightroom Catalog Previews.lrdata/0/a.jpg",
		"Photos Library.photoslibrary/resources/derivatives/a.jpeg",
		"Photos Library.photoslibrary/cover.jpeg",
		"Shoot/CaptureOne/Cache/Thumbnails/a.jpg",
	])("%j is not", (relativePath) => {
		expect(new IgnoreRules("/nowhere").belongs(relativePath, "file")).toBe(false);
	});

	test("Immich's derived folders are known by its marker file", () => {
		const root = temporaryTree();
		put(root, "immich/thumbs/.immich");
		const rules = new IgnoreRules(root);
		expect(rules.belongs("immich/thumbs/a.webp", "file")).toBe(false);
		expect(rules.belongs("immich/library/a.webp", "file")).toBe(true);
	});

	test("excluded folders are left out with all they hold", () => {
		const rules = new IgnoreRules("/photos", ["/photos/library"]);
		expect(rules.belongs("library/thumbnails/aa/bb.jpg", "file")).toBe(false);
		expect(rules.belongs("library2/bb.jpg", "file")).toBe(true);
	});

	test("any name at all gets an answer", () => {
		const rules = new IgnoreRules("/nowhere");
		const name = fc.string({ unit: "binary", minLength: 1 }).filter((text) => !/[/\0]/.test(text));
		fc.assert(
			fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), (names) => {
				expect(typeof rules.belongs(names.join("/"), "file")).toBe("boolean");
			}),
		);
	});
});

describe(".afterimageignore", () => {
	test("applies at and below its folder, the nearest one deciding", () => {
		const root = temporaryTree();
		put(root, ".afterimageignore", "# not these\nscreenshots/\n*.gif\n/top.png\n");
		put(root, "a/.afterimageignore", "!keep.gif\nsecret.jpg\n");
		const rules = new IgnoreRules(root);
		expect(rules.belongs("screenshots/x.png", "file")).toBe(false);
		expect(rules.belongs("b/screenshots/x.png", "file")).toBe(false);
		expect(rules.belongs("b/x.gif", "file")).toBe(false);
		expect(rules.belongs("a/keep.gif", "file")).toBe(true);
		expect(rules.belongs("keep.gif", "file")).toBe(false);
		expect(rules.belongs("top.png", "file")).toBe(false);
		expect(rules.belongs("b/top.png", "file")).toBe(true);
		expect(rules.belongs("secret.jpg", "file")).toBe(true);
		expect(rules.belongs("a/b/secret.jpg", "file")).toBe(false);
	});

	test("a broken one hides nothing", () => {
		const root = temporaryTree();
		put(root, ".afterimageignore/is-a-folder", "");
		expect(new IgnoreRules(root).belongs("a.jpg", "file")).toBe(true);
	});

	test("one that is endless, or a pipe that nobody writes to, holds nothing up", () => {
		const root = temporaryTree();
		truncateSync(put(root, "huge/.afterimageignore", "*"), 3 * 1024 ** 3);
		put(root, "pipe/a.jpg");
		if (process.platform !== "win32") {
			execFileSync("mkfifo", [path.join(root, "pipe", ".afterimageignore")]);
		}
		const rules = new IgnoreRules(root);
		expect(rules.belongs("huge/a.jpg", "file")).toBe(true);
		expect(rules.belongs("pipe/a.jpg", "file")).toBe(true);
	});
});
