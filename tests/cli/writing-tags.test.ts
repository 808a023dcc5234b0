/** @file `afterimage tags write`, `keep` and `restore` on small photos with the real encoder. */
import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { readXmp } from "../../engine/xmp/read-xmp.ts";
import { findExifTool } from "../xmp/exiftool.ts";
import { newFolder, runCli } from "./run-cli.ts";

const exiftool = findExifTool();
const photos = join(import.meta.dirname, "..", "..", "resources", "demo-photos");

async function taggedLibrary() {
	const [libraryPath, folder] = [join(newFolder(), "library"), newFolder()];
	copyFileSync(join(photos, "giant-panda.webp"), join(folder, "giant-panda.webp"));
	const words = ["tag", folder, "--json", "--accept-above", "0.5"];
	expect(await runCli(libraryPath, words)).toMatchObject({ code: 0, stderr: "" });
	const photo = join(folder, "giant-panda.webp");
	return { libraryPath, photo, sidecar: `${photo}.xmp` };
}

test("a dry run names what would be written and writes nothing; then it is written, once", async () => {
	const { libraryPath, photo, sidecar } = await taggedLibrary();
	const dry = await runCli(libraryPath, ["tags", "write", "--dry-run"]);
	expect(dry).toMatchObject({ code: 0, stderr: "" });
	expect(dry.stdout).toContain(`${sidecar} (new): +`);
	expect(dry.stdout).toMatch(/^1 file would be written\.$/m);
	expect(existsSync(sidecar)).toBe(false);
	const plan = JSON.parse(
		(await runCli(libraryPath, ["tags", "write", "--dry-run", "--json"])).stdout,
	);
	expect(plan).toMatchObject({
		writes: [{ path: sidecar, isNew: true, remove: [] }],
		conflicts: [],
	});

	const before = readFileSync(photo);
	const written = await runCli(libraryPath, ["tags", "write", "--json"]);
	expect(JSON.parse(written.stdout)).toMatchObject({ sidecars: 1, photos: 0, refused: [] });
	const paths = readXmp(readFileSync(sidecar)).hierarchies.map((parts) => parts.join("/"));
	expect(paths.sort()).toEqual([...plan.writes[0].add].sort());
	expect(readFileSync(photo).equals(before)).toBe(true);
	const again = await runCli(libraryPath, ["tags", "write"]);
	expect(again.stdout).toBe("0 sidecars and 0 photo files written.\n");
	expect((await runCli(libraryPath, ["tags", "keep"])).stdout).toBe(
		"Tags are kept in the library alone.\n",
	);
});

test.runIf(exiftool !== null)(
	"photo files are written when that is said, and put back as they were",
	async () => {
		const { libraryPath, photo } = await taggedLibrary();
		const before = readFileSync(photo);
		const written = await runCli(libraryPath, ["tags", "write", "--into-files", "--json"]);
		expect(JSON.parse(written.stdout)).toMatchObject({ sidecars: 1, photos: 1, refused: [] });
		expect(readFileSync(photo).equals(before)).toBe(false);
		const restored = await runCli(libraryPath, ["tags", "restore"]);
		expect(restored).toMatchObject({ code: 0, stdout: "1 photo file put back.\n" });
		expect(readFileSync(photo).equals(before)).toBe(true);
	},
	300_000,
);

test.runIf(exiftool !== null)(
	"untouched copies are listed with their size, and discarded when that is said twice",
	async () => {
		const { libraryPath, photo } = await taggedLibrary();
		expect((await runCli(libraryPath, ["tags", "originals"])).stdout).toBe(
			"No untouched copies are kept.\n",
		);
		const before = readFileSync(photo);
		await runCli(libraryPath, ["tags", "write", "--into-files"]);
		const listed = await runCli(libraryPath, ["tags", "originals", photo, "--json"]);
		expect(JSON.parse(listed.stdout)).toMatchObject({
			originals: [{ sizeBytes: before.length, photos: [{ path: photo }], copiedFrom: photo }],
			sizeBytes: before.length,
		});
		const [{ path: kept }] = JSON.parse(listed.stdout).originals;
		const unused = await runCli(libraryPath, ["tags", "originals", "--unused", "--discard"]);
		expect(unused).toMatchObject({ code: 0, stdout: "Every untouched copy has its photo.\n" });
		const unasked = await runCli(libraryPath, ["tags", "originals", "--discard"]);
		expect(unasked).toMatchObject({ code: 2, stdout: "" });
		expect(unasked.stderr).toContain("add --yes");
		expect(readFileSync(kept).equals(before)).toBe(true);

		const data = newFolder();
		const words = ["tags", "originals", photo, "--discard", "--yes"];
		const gone = await runCli(libraryPath, words, [], { XDG_DATA_HOME: data });
		expect(gone.code).toBe(0);
		expect(gone.stdout).toMatch(/^1 untouched copy moved to the trash, \d+ KB\.$/m);
		expect(existsSync(kept)).toBe(false);
		expect(readFileSync(join(data, "Trash", "files", basename(kept))).equals(before)).toBe(true);
		const back = await runCli(libraryPath, ["tags", "restore"]);
		expect(back.stdout).toContain("0 photo files put back.\n1 photo file left as it is now");
	},
	300_000,
);

test("a place that is none is named", async () => {
	const result = await runCli(join(newFolder(), "library"), ["tags", "keep", "cloud"]);
	expect(result).toMatchObject({ code: 2 });
	expect(result.stderr).toContain("Tags are kept in library, sidecars or files");
});
