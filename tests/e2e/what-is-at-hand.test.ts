/** @file Keys, selections and half-done work stay with what is on the screen. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { app, openLibraryPages, view } from "./library-pages.ts";
import { copyDemoPhotos } from "./running-app.ts";
import { openPhoto, photo, photos, searchBox, untilFocused } from "./view.ts";

const names = [
	"moose.webp",
	"grass.jpg",
	"dahlia.jpg",
	"louvre.webp",
	"giant-panda.webp",
	"crocodile.webp",
	"cup-of-coffee.jpg",
	"brick-wall.jpg",
];
openLibraryPages(names.length, { photos: (path) => copyDemoPhotos(path, names) });

const bar = (page: Page) => page.getByRole("toolbar", { name: "Selected photos" });
const title = (page: Page, name: string | RegExp) => page.getByRole("heading", { level: 1, name });

test("looking at one photo leaves the others selected; what is folded away is not", async () => {
	const { page } = view;
	await photo(page, "moose.webp").click({ modifiers: ["Control"] });
	await photo(page, "grass.jpg").click({ modifiers: ["Control"] });
	await bar(page).getByText("2 selected").waitFor();
	await page.keyboard.press("Space");
	await page.locator("[role=dialog]:focus-within").waitFor();
	await page.keyboard.press("Escape");
	await page.getByRole("dialog").waitFor({ state: "detached" });
	await bar(page).getByText("2 selected").waitFor();

	await searchBox(page).fill("a moose");
	await title(page, /^Best matches/).waitFor();
	const fold = page.getByRole("button", { name: "Everything else" });
	await fold.click();
	await expect.poll(() => photos(page).count()).toBe(names.length);
	await photo(page, "moose.webp").click({ modifiers: ["Control"] });
	await photo(page, "cup-of-coffee.jpg").click({ modifiers: ["Control"] });
	await bar(page).getByText("2 selected").waitFor();
	await fold.click();
	await bar(page).getByText("1 selected").waitFor();
});

test("Enter before the answer opens its first photo all the same", async () => {
	const { page } = view;
	await searchBox(page).pressSequentially("a giant panda");
	await page.keyboard.press("Enter");
	await page.getByRole("heading", { name: "giant-panda.webp" }).waitFor();
});

test("on other pages no key acts on a photo that is out of sight, and a label left unsaved goes on", async () => {
	const { page } = view;
	await openPhoto(page, "moose.webp");
	await page.keyboard.press("Escape");
	await page.getByRole("link", { name: /^Tags/ }).click();
	await page.getByRole("button", { name: "New label" }).click();
	const field = page.getByLabel("What do the photos show?");
	await field.fill("reptile");
	await page.getByRole("slider", { name: "How well a photo must fit" }).waitFor();
	await title(page, "New label").click();
	await page.keyboard.press("s");
	await page.keyboard.press("g");
	await title(page, "New label").waitFor();

	await page.getByRole("link", { name: /^Look-alikes/ }).click();
	await page.getByText("The label “reptile” is not saved yet.").waitFor();
	await page.getByRole("button", { name: "Go on" }).click();
	await expect.poll(() => field.inputValue()).toBe("reptile");
	// Another label, looked at and left as it was, does not cost the unsaved one.
	await page.goto(`${app.address.origin}/#/labels`);
	await page.getByRole("button", { name: /^Animals/ }).click();
	await page.getByText("animal/dog", { exact: true }).click();
	await title(page, "Label “animal/dog”").waitFor();
	await page.getByRole("link", { name: /^Tags/ }).click();
	await page.getByRole("button", { name: "New label" }).click();
	await expect.poll(() => field.inputValue()).toBe("reptile");
	await page.getByRole("button", { name: "Discard changes" }).click();
	await title(page, "New label").waitFor({ state: "detached" });
	await page.getByRole("link", { name: /^Tags/ }).click();
	await page.getByRole("button", { name: "New label" }).click();
	await expect.poll(() => field.inputValue()).toBe("");
});

test("text that comes with a picture is pasted as text into a field", async () => {
	const { page } = view;
	const paste = (selector: string) =>
		page.locator(selector).evaluate((target) => {
			const data = new DataTransfer();
			data.items.add(new File([new Uint8Array(8)], "table.png", { type: "image/png" }));
			data.setData("text/plain", "red car");
			const options = { bubbles: true, cancelable: true, clipboardData: data };
			return target.dispatchEvent(new ClipboardEvent("paste", options));
		});
	// What nobody has taken is the browser's to paste.
	expect(await paste("search input:not([type=file])")).toBe(true);
	expect(await paste("main")).toBe(false);
});

test("the words beside a photo can be typed at once, also from its menu", async () => {
	const { page } = view;
	await photo(page, "moose.webp").click({ button: "right" });
	await page.getByRole("menuitem", { name: "More like this, but…" }).click();
	await title(page, "Similar to moose.webp").waitFor();
	await untilFocused(searchBox(page));
});

test("examples that are all that is searched for cannot count against themselves", async () => {
	const { page } = view;
	await photo(page, "moose.webp").click({ modifiers: ["Control"] });
	await photo(page, "grass.jpg").click({ modifiers: ["Control"] });
	await photo(page, "grass.jpg").click({ button: "right" });
	await page.getByRole("menuitem", { name: "Find photos like these" }).click();
	const chip = page.getByRole("button", { name: /^Like 2 / });
	await chip.click();
	const less = page.getByRole("radio", { name: "Less like this" });
	await less.waitFor({ state: "attached" });
	expect(await less.isDisabled()).toBe(true);
	await page.keyboard.press("Escape");
	await searchBox(page).fill("grass");
	await chip.click();
	await expect.poll(() => less.isDisabled()).toBe(false);
});

test("asking anew with a photo leaves the saved search that was open", async () => {
	const { page } = view;
	const question = {
		query: "a moose",
		strictness: 0.3,
		order: "relevance",
		grouping: "none",
	} as const;
	const { id } = await app.client.savedSearch.save({ name: "Moose", question });
	await page.getByRole("link", { name: /^Moose/ }).click();
	await title(page, "Moose").waitFor();
	await photo(page, "moose.webp").click({ button: "right" });
	await page.getByRole("menuitem", { name: "More like this, but…" }).click();
	await title(page, "Similar to moose.webp").waitFor();
	expect(await page.getByRole("button", { name: /^Update/ }).count()).toBe(0);
	expect(page.url()).not.toContain("saved=");
	await app.client.savedSearch.remove({ id });
});

test("where only drawn pictures are shown and there are none, that is said and can be undone", async () => {
	const { page } = view;
	await page.evaluate(() => localStorage.setItem("afterimage.search.drawn", "only"));
	await page.reload();
	await searchBox(page).fill("a moose");
	await page.getByRole("heading", { name: "No drawn picture fits" }).waitFor();
	await page.getByRole("button", { name: "Show photos" }).click();
	await title(page, /^Best matches/).waitFor();
});

test("the folder that is typed is the one that is added", async () => {
	const { page } = view;
	const wanted = join(app.homePath, "elsewhere");
	mkdirSync(wanted);
	await page.getByRole("button", { name: /^Add folder/ }).click();
	const path = page.getByRole("textbox", { name: "Path of the folder" });
	await expect.poll(() => path.inputValue()).toBe(app.homePath);
	await path.fill(join(app.homePath, "nowhere"));
	await page.getByRole("button", { name: "Add this folder" }).click();
	await page.getByRole("dialog").getByRole("alert").waitFor();
	await path.fill(wanted);
	await page.getByRole("button", { name: "Add this folder" }).click();
	await page.getByRole("dialog").waitFor({ state: "detached" });
	const added = (await app.client.folder.list()).map((folder) => folder.path);
	expect(added.toSorted()).toEqual([app.photosPath, wanted].toSorted());
});
