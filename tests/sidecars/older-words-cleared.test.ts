/** @file Titles and captions that stand in a photo's IPTC block alone can be taken away. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { expect, onTestFinished, test } from "vitest";
import type { DescribedField } from "../../contract/description.ts";
import { ExifTool } from "../../engine/sidecars/exif-tool.ts";
import { photoCommand } from "../../engine/sidecars/photo-change.ts";
import { saysAll } from "../../engine/sidecars/wanted-change.ts";
import { readEmbeddedMetadata } from "../../engine/xmp/embedded-metadata.ts";
import { makePhoto } from "../fixtures/make-photos.ts";
import { findExifTool } from "../xmp/exiftool.ts";

async function metadataOf(path: string) {
	const { xmp, iptc } = await sharp(readFileSync(path)).metadata();
	return readEmbeddedMetadata({ xmp, iptc });
}

test.runIf(findExifTool() !== null).each<[string, DescribedField, string[]]>([
	["title", "title", ["-IPTC:ObjectName=Old words"]],
	["headline", "title", ["-IPTC:Headline=Old words"]],
	["title beside the same in XMP", "title", ["-IPTC:Headline=Old", "-XMP-dc:Title=Old words"]],
	["caption", "caption", ["-IPTC:Caption-Abstract=Old words"]],
])("a %s there is cleared, and the rest stays", async (_, field, older) => {
	const folder = mkdtempSync(join(tmpdir(), "afterimage-older-words-"));
	const exifTool = new ExifTool();
	onTestFinished(async () => {
		await exifTool.close();
		rmSync(folder, { recursive: true, force: true });
	});
	const [before, after] = [join(folder, "before.jpg"), join(folder, "after.jpg")];
	writeFileSync(before, await makePhoto(6));
	await exifTool.run(["-overwrite_original", ...older, "-IPTC:By-line=Somebody", before]);
	expect((await metadataOf(before))[field]).toBe("Old words");
	const wanted = { accepted: ["dog"], described: new Map([[field, null]]) };
	const { words } = await photoCommand(exifTool, before, wanted);
	await exifTool.run([...words, "-o", after, before]);
	const said = await metadataOf(after);
	expect(said[field]).toBeNull();
	expect(saysAll(said, wanted)).toBe(true);
	expect(await exifTool.run(["-s3", "-IPTC:By-line", after])).toContain("Somebody");
});
