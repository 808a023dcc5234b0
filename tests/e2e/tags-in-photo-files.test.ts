/**
 * @file Tags inside photo files, by clicking alone: switched on, written, read by another program, undone, the
 * untouched file put back, its copy discarded; then sidecars instead.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readXmp } from "../../engine/xmp/read-xmp.ts";
import { findExifTool } from "../xmp/exiftool.ts";
import { app, openLibraryPages, view } from "./library-pages.ts";
import { copyDemoPhotos, demoPhotosPath } from "./running-app.ts";
import { seriousFindings } from "./serious-findings.ts";
import { closeDialog, keepTagsIn, openTagSettings } from "./tag-settings.ts";
import { openPhoto } from "./view.ts";

const name = "giant-panda.webp";
const exiftool = findExifTool();
// axe is put into the page, which the page's own policy would refuse.
openLibraryPages(
	2,
	{ photos: (path) => copyDemoPhotos(path, [name, "dahlia.jpg"]) },
	{ bypassCSP: true },
);

const untouched = readFileSync(join(demoPhotosPath, name));
const file = () => join(app.photosPath, name);
const isUntouched = () => readFileSync(file()).equals(untouched);
/** What another program finds in the photo file. */
const subjects = (): string[] => {
	const [said] = JSON.parse(exiftool?.("-json", "-XMP-dc:Subject", file()) ?? "[{}]");
	return [said.Subject ?? []].flat();
};

test.runIf(exiftool !== null)(
	"an accepted tag is in the photo file until it is undone, and the untouched file can be put back",
	async () => {
		const { page } = view;
		await openTagSettings(page);
		await keepTagsIn(page, /Also inside the photo files/);
		await closeDialog(page);
		expect(isUntouched()).toBe(true);

		await openPhoto(page, name);
		await page.keyboard.press("i");
		const accept = page.getByRole("list", { name: "Suggested tags" }).getByRole("button", {
			name: /^Accept /,
		});
		await accept.first().waitFor();
		const path = (await accept.first().getAttribute("aria-label"))?.replace("Accept ", "") ?? "";
		await accept.first().click();
		await page.getByRole("button", { name: `Remove ${path}` }).waitFor();
		await expect.poll(subjects).toEqual([path.split("/").at(-1)]);
		await expect.poll(async () => (await app.client.tagWriting.status()).waiting).toBe(0);
		const { originals } = await app.client.tagWriting.originals();
		expect(originals.map((kept) => readFileSync(kept.path).equals(untouched))).toEqual([true]);

		await page.keyboard.press("Control+z");
		await page.getByRole("button", { name: `Accept ${path}` }).waitFor();
		await expect.poll(subjects).toEqual([]);
		expect(isUntouched()).toBe(false);
		await page.keyboard.press("Escape");

		await openTagSettings(page);
		await page.getByText("Of 1 photo,").waitFor();
		await page.getByRole("button", { name: "Put all back…" }).click();
		await page.getByRole("button", { name: "Put them back" }).click();
		await page.getByText("1 photo put back as they were.").waitFor();
		expect(isUntouched()).toBe(true);
	},
);

test.runIf(exiftool !== null)(
	"untouched copies are looked through, discarded once that is confirmed, and kept again by undo",
	async () => {
		const { page } = view;
		const copies = () => app.client.tagWriting.originals().then(({ originals }) => originals);
		await openTagSettings(page);
		await page.getByRole("button", { name: "Look through them…" }).click();
		const dialog = page.getByRole("dialog", { name: "Untouched copies" });
		await dialog.getByRole("checkbox", { name: new RegExp(name) }).check();
		expect(await seriousFindings(page, { part: dialog })).toEqual([]);
		await dialog.getByRole("button", { name: /^Discard 1, / }).click();
		await dialog.getByRole("button", { name: "Cancel" }).click();
		expect(await copies()).toHaveLength(1);
		await dialog.getByRole("button", { name: /^Discard 1, / }).click();
		await dialog.getByRole("button", { name: "Move to trash" }).click();
		await dialog.getByText("No untouched copies are kept.").waitFor();
		expect(await copies()).toEqual([]);
		await page.keyboard.press("Control+z");
		await page.getByText("The untouched copies are kept again.").waitFor();
		await dialog.getByRole("checkbox", { name: new RegExp(name) }).waitFor();
		expect(await copies()).toHaveLength(1);
	},
);

test.runIf(exiftool !== null)(
	"once sidecars are chosen instead, photo files stay as they are",
	async () => {
		const { page } = view;
		await openTagSettings(page);
		await keepTagsIn(page, /Also in sidecars/);
		await closeDialog(page);
		await openPhoto(page, "dahlia.jpg");
		await page.keyboard.press("t");
		await page.getByRole("combobox", { name: "Add a tag to this photo" }).fill("orange");
		await page.keyboard.press("Enter");
		await page.getByText("Added “orange” to 1 photo.").waitFor();
		const sidecar = join(app.photosPath, "dahlia.jpg.xmp");
		await expect
			.poll(() => (existsSync(sidecar) ? readXmp(readFileSync(sidecar)).keywords : null))
			.toEqual(["orange"]);
		await expect.poll(async () => (await app.client.tagWriting.status()).waiting).toBe(0);
		const dahlia = readFileSync(join(app.photosPath, "dahlia.jpg"));
		expect(dahlia.equals(readFileSync(join(demoPhotosPath, "dahlia.jpg")))).toBe(true);
	},
);
