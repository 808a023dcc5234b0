/** @file What desktops note about a photo's file stays when the file is replaced. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { hashFile } from "../../engine/library/content-hash.ts";
import { copyWithAttributes } from "../../engine/sidecars/file-attributes.ts";
import { replacePhoto, stampOf } from "../../engine/sidecars/replace-photo.ts";

/** Two files in a folder of their own: a photo, and what it is to become. */
async function photoToReplace() {
	const folder = mkdtempSync(join(tmpdir(), "afterimage-attributes-"));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	const photoPath = join(folder, "-photo.jpg");
	const preparedPath = join(folder, "prepared");
	writeFileSync(photoPath, "the old photo, which is longer");
	writeFileSync(preparedPath, "the new photo");
	const contentHash = (await hashFile(preparedPath)) ?? "";
	return { folder, photoPath, prepared: { preparedPath, contentHash } };
}

/** Runs Python's access to extended attributes; null where there is no Python, or no such attributes. */
function attributes(statement: string): string | null {
	try {
		return execFileSync("python3", ["-c", `import os\n${statement}`], { stdio: "pipe" }).toString();
	} catch {
		return null;
	}
}

function note(path: string): boolean {
	return attributes(`os.setxattr(${JSON.stringify(path)}, "user.xdg.tags", b"Holiday")`) !== null;
}

const probe = join(mkdtempSync(join(tmpdir(), "afterimage-attributes-")), "probe");
writeFileSync(probe, "");
const hasAttributes = process.platform === "linux" && note(probe);
rmSync(join(probe, ".."), { recursive: true });

test.runIf(hasAttributes)("tags that a desktop keeps with the file stay with it", async () => {
	const { photoPath, prepared } = await photoToReplace();
	note(photoPath);
	await replacePhoto(photoPath, { ...prepared, stamp: await stampOf(photoPath) });
	expect(readFileSync(photoPath, "utf8")).toBe("the new photo");
	const path = JSON.stringify(photoPath);
	expect(attributes(`print(os.getxattr(${path}, "user.xdg.tags").decode())`)).toBe("Holiday\n");
});

test("a file is replaced where nothing is noted about it, and nothing else is left beside it", async () => {
	const { folder, photoPath, prepared } = await photoToReplace();
	await replacePhoto(photoPath, { ...prepared, stamp: await stampOf(photoPath) });
	expect(readFileSync(photoPath, "utf8")).toBe("the new photo");
	expect(readdirSync(folder)).toEqual(["-photo.jpg", "prepared"]);
});

test("where the system's copying carries notes, the copy has the new bytes alone", async () => {
	const { folder, photoPath, prepared } = await photoToReplace();
	const to = join(folder, "copy");
	await copyWithAttributes(prepared, photoPath, to, "darwin");
	expect(readFileSync(to, "utf8")).toBe("the new photo");
	const other = { ...prepared, contentHash: "0" };
	await expect(copyWithAttributes(other, photoPath, to, "darwin")).rejects.toThrow("other bytes");
});
