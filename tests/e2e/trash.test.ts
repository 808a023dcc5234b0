/** @file Photos to the trash by key, menu, selection and from the viewer; asked first, taken back after. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { beforeEach, expect, test } from "vitest";
import { app, browser, openLibraryPages, view } from "./library-pages.ts";
import { copyDemoPhotos } from "./running-app.ts";
import { openPhoto, openView, photo, photos, untilFocused } from "./view.ts";

const names = ["moose.webp", "grass.jpg", "dahlia.jpg", "giant-panda.webp"];
openLibraryPages(names.length, { photos: (path) => copyDemoPhotos(path, names) });
beforeEach(() =>
	photos(view.page)
		.nth(names.length - 1)
		.waitFor(),
);

const where = (name: string) => ({
	folder: existsSync(join(app.photosPath, name)),
	trash: existsSync(join(app.homePath, ".local", "share", "Trash", "files", name)),
});
const inFolder = { folder: true, trash: false };
const inTrash = { folder: false, trash: true };
const question = (page: Page, title: string) => page.getByRole("dialog", { name: title });
const confirm = (page: Page) => page.getByRole("button", { name: "Move to trash", exact: true });

/** The last move is taken back, and the photos can be found again. */
async function takeBack(page: Page, words: string): Promise<void> {
	await page.keyboard.press("Control+z");
	await page.getByText(words).waitFor();
	await app.untilSearchable(names.length);
	await photos(page)
		.nth(names.length - 1)
		.waitFor();
}

test("the key asks first; Escape leaves the photo where it is, Enter moves it", async () => {
	const { page } = view;
	await photo(page, "dahlia.jpg").focus();
	await page.keyboard.press("Delete");
	const asked = question(page, "Move 1 photo to the trash?");
	await asked.getByText("dahlia.jpg").waitFor();
	await page.keyboard.press("Escape");
	await asked.waitFor({ state: "detached" });
	expect(where("dahlia.jpg")).toEqual(inFolder);

	await photo(page, "dahlia.jpg").focus();
	await page.keyboard.press("Delete");
	await untilFocused(confirm(page));
	await page.keyboard.press("Enter");
	await page.getByText("Moved 1 photo to the trash.").waitFor();
	expect(where("dahlia.jpg")).toEqual(inTrash);
	await photo(page, "dahlia.jpg").waitFor({ state: "detached" });
	await takeBack(page, "The photo is back where it was.");
	expect(where("dahlia.jpg")).toEqual(inFolder);
	await photo(page, "dahlia.jpg").waitFor();
});

test("a selection goes from its bar, a single photo from its menu", async () => {
	const { page } = view;
	await photo(page, "moose.webp").click({ modifiers: ["Control"] });
	await photo(page, "grass.jpg").click({ modifiers: ["Control"] });
	await page.getByText("2 selected").waitFor();
	await page
		.getByRole("toolbar", { name: "Selected photos" })
		.getByRole("button", { name: "Move to trash…" })
		.click();
	await question(page, "Move 2 photos to the trash?").waitFor();
	await confirm(page).click();
	await page.getByText("Moved 2 photos to the trash.").waitFor();
	expect([where("moose.webp"), where("grass.jpg")]).toEqual([inTrash, inTrash]);
	await page.getByRole("toolbar", { name: "Selected photos" }).waitFor({ state: "detached" });
	await takeBack(page, "The photos are back where they were.");
	expect([where("moose.webp"), where("grass.jpg")]).toEqual([inFolder, inFolder]);

	// One that has not been away: those that came back are new rows, which the grid is about to show.
	await photo(page, "giant-panda.webp").click({ button: "right" });
	await page.getByRole("menuitem", { name: "Move to trash…" }).click();
	await question(page, "Move 1 photo to the trash?").getByText("giant-panda.webp").waitFor();
	await page.getByRole("button", { name: "Cancel" }).click();
	await question(page, "Move 1 photo to the trash?").waitFor({ state: "detached" });
	expect(where("giant-panda.webp")).toEqual(inFolder);
});

test("on a phone the viewer's menu has what its bar has no room for", async () => {
	const phone = await openView(browser, app.address, { viewport: { width: 390, height: 844 } });
	const { page } = phone;
	await openPhoto(page, "giant-panda.webp");
	await page.getByRole("button", { name: "More", exact: true }).click();
	await page.getByRole("menuitem", { name: "Draw a picture from it" }).waitFor();
	await page.getByRole("menuitem", { name: "Move to trash…" }).click();
	await question(page, "Move 1 photo to the trash?").getByText("giant-panda.webp").waitFor();
	await page.getByRole("button", { name: "Cancel" }).click();
	await question(page, "Move 1 photo to the trash?").waitFor({ state: "detached" });
	expect(where("giant-panda.webp")).toEqual(inFolder);
	await phone.close();
});

test("in the viewer the next photo follows the one that is moved", async () => {
	const { page } = view;
	await openPhoto(page, "giant-panda.webp");
	await page.getByRole("heading", { name: "giant-panda.webp" }).waitFor();
	await page.keyboard.press("Delete");
	await untilFocused(confirm(page));
	await page.keyboard.press("Enter");
	await page.getByText("Moved 1 photo to the trash.").waitFor();
	await page.getByRole("heading", { name: "giant-panda.webp" }).waitFor({ state: "detached" });
	await page.getByRole("heading", { name: /moose|grass|dahlia/ }).waitFor();
	expect(where("giant-panda.webp")).toEqual(inTrash);
	await page.keyboard.press("Control+z");
	await page.getByText("The photo is back where it was.").waitFor();
	expect(where("giant-panda.webp")).toEqual(inFolder);
	await app.untilSearchable(names.length);
	await page.keyboard.press("Escape");
	await photo(page, "giant-panda.webp").waitFor();
});
