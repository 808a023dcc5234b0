/** @file ExifTool as it is found, and files it will not write. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { ExifTool, ExifToolFailure, whyNoExifTool } from "../../engine/sidecars/exif-tool.ts";
import { findExifTool } from "../xmp/exiftool.ts";

const exiftool = findExifTool();

test.runIf(process.platform !== "win32")(
	"where Perl is missing, it is said how to get it",
	async () => {
		expect(await whyNoExifTool({ PATH: "" })).toMatch(/needs Perl, .* Install it/);
		expect(await whyNoExifTool({ PATH: tmpdir() })).toMatch(/needs Perl/);
		expect((await whyNoExifTool()) === null).toBe(exiftool !== null);
	},
);

test.runIf(exiftool !== null)(
	"what it will not write is told in a sentence without our own paths, and it goes on",
	async () => {
		const folder = mkdtempSync(join(tmpdir(), "afterimage-exiftool-"));
		const tool = new ExifTool();
		onTestFinished(async () => {
			await tool.close();
			rmSync(folder, { recursive: true, force: true });
		});
		const broken = join(folder, "broken.jpg");
		writeFileSync(broken, "no picture");
		const writing = tool.run(["-XMP-dc:Subject=x", "-o", join(folder, "after.jpg"), broken]);
		await expect(writing).rejects.toThrow(ExifToolFailure);
		await expect(writing).rejects.toThrow(/^ExifTool will not write into it \([^/]+\)\.$/);
		expect((await tool.run(["-ver"])).trim()).toMatch(/^\d+\.\d+$/);
	},
	60_000,
);
