/**
 * @file What is said of photos and where it is kept: stars by key, sidecars that appear once they are
 * chosen, and photos that two programs have changed.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { readXmp } from "../../engine/xmp/read-xmp.ts";
import { app, openLibraryPages, view } from "./library-pages.ts";
import { copyDemoPhotos } from "./running-app.ts";
import { closeDialog, keepTagsIn, openTagSettings } from "./tag-settings.ts";
import { openPhoto, photo } from "./view.ts";

const names = ["moose.webp", "grass.jpg", "dahlia.jpg", "giant-panda.webp"];
openLibraryPages(names.length, { photos: (path) => copyDemoPhotos(path, names) });

const sidecar = (name: string) => join(app.photosPath, `${name}.xmp`);
const keywords = (name: string) =>
	existsSync(sidecar(name)) ? readXmp(readFileSync(sidecar(name))).keywords.toSorted() : null;
const starred = (page: Page, name: string, stars: string) =>
	page.getByRole("option", { name: new RegExp(`^${name}.*, ${stars}`) });

test("stars are given by key to a photo and to a selection, said, shown, and taken back", async () => {
	const { page } = view;
	await photo(page, "moose.webp").focus();
	await page.keyboard.press("4");
	await page.getByRole("status").getByText("4 stars for 1 photo.").waitFor();
	await starred(page, "moose.webp", "4 stars").waitFor();

	await photo(page, "dahlia.jpg").click({ modifiers: ["Control"] });
	await photo(page, "grass.jpg").click({ modifiers: ["Control"] });
	await page.getByText("2 selected").waitFor();
	await page.keyboard.press("2");
	await page.getByRole("status").getByText("2 stars for 2 photos.").waitFor();
	await expect.poll(() => page.getByRole("option", { name: /, 2 stars/ }).count()).toBe(2);

	await page.keyboard.press("Control+z");
	await page.getByText("The stars of 2 photos are as they were.").waitFor();
	await expect.poll(() => page.getByRole("option", { name: /, 2 stars/ }).count()).toBe(0);
	await page.keyboard.press("Escape");
	await photo(page, "moose.webp").focus();
	await page.keyboard.press("0");
	await expect.poll(() => page.getByRole("option", { name: /stars/ }).count()).toBe(0);
});

test("in the viewer a title is typed, and its letters are not taken for keys", async () => {
	const { page } = view;
	await openPhoto(page, "dahlia.jpg");
	await page.keyboard.press("5");
	await page.getByText("5 stars for 1 photo.").waitFor();
	await page.keyboard.press("i");
	await expect
		.poll(() => page.getByRole("slider", { name: "Stars" }).getAttribute("aria-valuetext"))
		.toBe("5 stars");
	await page.getByRole("textbox", { name: "Title" }).focus();
	await page.keyboard.type("Big orange 3");
	await page.keyboard.press("Enter");
	await page.getByText("The title was saved.").waitFor();
	await page.getByRole("heading", { name: "dahlia.jpg" }).waitFor();
	await expect
		.poll(() => page.getByRole("textbox", { name: "Title" }).inputValue())
		.toBe("Big orange 3");
});

test("sidecars are written once they are chosen; what is accepted is in them until it is undone", async () => {
	const { page } = view;
	await openTagSettings(page);
	expect(names.map(keywords)).toEqual([null, null, null, null]);
	await keepTagsIn(page, /Also in sidecars/);
	await closeDialog(page);

	await openPhoto(page, "giant-panda.webp");
	await page.keyboard.press("t");
	await page.getByRole("combobox", { name: "Add a tag to this photo" }).fill("bamboo");
	await page.keyboard.press("Enter");
	await page.getByText("Added “bamboo” to 1 photo.").waitFor();
	await expect.poll(() => keywords("giant-panda.webp")).toEqual(["bamboo"]);
	// In the field the keys would take back what was typed.
	await page.keyboard.press("Escape");
	await page.keyboard.press("Control+z");
	await page.getByText("The tags of 1 photo are as they were.").waitFor();
	await expect.poll(() => keywords("giant-panda.webp")).toEqual([]);
});

test("what was changed in two places is decided in a dialog, and undone", async () => {
	const { page } = view;
	await app.client.tagWriting.change({ keptIn: "sidecars" });
	const { ids } = await app.client.photo.columns({});
	const summaries = await app.client.photo.summaries({ ids });
	const moose = summaries.find(({ fileName }) => fileName === "moose.webp")?.id;
	if (moose === undefined) throw new Error("The photo is not in the library.");
	await app.client.tag.apply({ ids: [moose], add: ["base"] });
	await expect.poll(() => keywords("moose.webp")).toEqual(["base"]);
	await expect.poll(async () => (await app.client.tagWriting.status()).waiting).toBe(0);

	// The file first: its change is noticed a moment later, the library's at once.
	const before = readFileSync(sidecar("moose.webp"), "utf8");
	const theirs = "<rdf:li>base</rdf:li><rdf:li>theirs</rdf:li>";
	writeFileSync(sidecar("moose.webp"), before.replace("<rdf:li>base</rdf:li>", theirs));
	await app.client.tag.apply({ ids: [moose], add: ["mine"] });

	const notice = page.getByRole("button", { name: "1 changed in two places" });
	await notice.click();
	const row = page.getByRole("dialog").getByRole("listitem", { name: "moose.webp" });
	await row.getByText("mine", { exact: true }).waitFor();
	await row.getByText("theirs", { exact: true }).waitFor();
	await row.getByRole("button", { name: "Take the file’s: moose.webp" }).click();
	await page.getByText("Took the file’s for 1 photo.").waitFor();
	await page.getByText("Nothing is left to decide.").waitFor();
	expect((await app.client.tag.ofPhoto({ id: moose })).map(({ path }) => path)).toEqual([
		"base",
		"theirs",
	]);

	await page.keyboard.press("Control+z");
	await page.getByText("1 photo waits for a decision again.").waitFor();
	await row.getByRole("button", { name: "Both: moose.webp" }).click();
	await expect.poll(() => keywords("moose.webp")).toEqual(["base", "mine", "theirs"]);
	await page.getByText("Nothing is left to decide.").waitFor();
});
