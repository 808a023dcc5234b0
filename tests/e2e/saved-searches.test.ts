/** @file Saving a search, finding it again, and results in groups, as a person does it. */
import { copyFileSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { app, openLibraryPages, view } from "./library-pages.ts";
import { copyDemoPhotos, demoPhotosPath } from "./running-app.ts";
import { photo, photos, searchBox, shownNames, untilFocused } from "./view.ts";

const names = [
	"chelsea-the-cat.jpg",
	"crocodile.webp",
	"giant-panda.webp",
	"grass.jpg",
	"moose.webp",
	"two-dogs-at-a-window.jpg",
];

openLibraryPages(names.length, {
	photos: (photosPath) => {
		copyDemoPhotos(photosPath, names);
		mkdirSync(join(photosPath, "zoo"));
		for (const name of ["giant-panda.webp", "crocodile.webp"]) {
			renameSync(join(photosPath, name), join(photosPath, "zoo", name));
		}
	},
});
afterEach(async () => {
	for (const { id } of await app.client.savedSearch.list({ counts: "known" })) {
		await app.client.savedSearch.remove({ id });
	}
});

const sidebar = () =>
	view.page.getByRole("navigation", { name: "Library" }).locator("visible=true");
const entry = (name: string) => sidebar().getByRole("link", { name: new RegExp(`^${name}`) });
const title = (name: string | RegExp) => view.page.getByRole("heading", { level: 1, name });

async function search(words: string) {
	await searchBox(view.page).fill(words);
	await title(/^(Best matches|Photos) for/).waitFor();
}

async function save(words: string, name: string) {
	await search(words);
	await view.page.keyboard.press("Control+s");
	const dialog = view.page.getByRole("dialog", { name: "Save this search" });
	await dialog.getByRole("textbox", { name: "Name" }).fill(name);
	await view.page.keyboard.press("Enter");
	await entry(name).waitFor();
	// The list hears of it first; only then is it the search that is open.
	await title(name).waitFor();
}

test("a saved search is there after a reload, opens, and counts a photo that is added", async () => {
	const { page } = view;
	await save("a panda", "Pandas");
	await title("Pandas").waitFor();
	await page.goto(app.address.href);
	await page.reload();
	await entry("Pandas 1 photo").waitFor();
	copyFileSync(join(demoPhotosPath, "giant-panda.webp"), join(app.photosPath, "panda-again.webp"));
	await app.untilSearchable(names.length + 1);
	await entry("Pandas 1 new since you last looked 2 photos").waitFor();
	await entry("Pandas").click();
	await title("Pandas").waitFor();
	await page.getByText("1 new since you last looked").first().waitFor();
	await entry("Pandas 2 photos").waitFor();
	await expect.poll(() => searchBox(page).inputValue()).toBe("a panda");
	await expect
		.poll(async () => (await shownNames(page)).slice(0, 2).toSorted())
		.toEqual(["giant-panda.webp", "panda-again.webp"]);
});

test("the suggested name can be taken, a taken one is refused with a word on why", async () => {
	const { page } = view;
	await save("a moose", "Animals");
	await search("a cat");
	await page.getByRole("button", { name: "Save as a new search" }).click();
	const name = page.getByRole("dialog").getByRole("textbox", { name: "Name" });
	await expect.poll(() => name.inputValue()).toBe("A cat");
	await name.fill("ANIMALS");
	await page.keyboard.press("Enter");
	await page
		.getByRole("alert")
		.getByText("There is a saved search named “ANIMALS” already.")
		.waitFor();
	await name.fill("Cats");
	await page.getByRole("button", { name: "Save", exact: true }).click();
	await entry("Cats").waitFor();
});

test("a changed search can be taken over, which can be undone", async () => {
	const { page } = view;
	await save("a moose", "Animals");
	await searchBox(page).fill("a crocodile");
	await page.getByRole("button", { name: "Update “Animals”" }).click();
	await page.getByText("“Animals” is now what you see.").waitFor();
	const query = async () => (await app.client.savedSearch.list({}))[0]?.question.query;
	await expect.poll(query).toBe("a crocodile");
	await page.getByRole("button", { name: "Undo" }).last().click();
	await expect.poll(query).toBe("a moose");
});

test("one is removed and comes back with undo, renamed, and moved with the keyboard", async () => {
	const { page } = view;
	await save("a moose", "Moose");
	await save("a cat", "Cats");
	const order = () => sidebar().locator("[data-saved] .name").allTextContents();
	await expect.poll(order).toEqual(["Moose", "Cats"]);
	await entry("Cats").focus();
	await page.keyboard.press("Alt+ArrowUp");
	await expect.poll(order).toEqual(["Cats", "Moose"]);
	await page.keyboard.press("Alt+ArrowDown");
	await expect.poll(order).toEqual(["Moose", "Cats"]);
	await entry("Cats").dragTo(entry("Moose"), { targetPosition: { x: 40, y: 4 } });
	await expect.poll(order).toEqual(["Cats", "Moose"]);

	await sidebar().getByRole("button", { name: "More for Moose" }).click();
	await page.getByRole("menuitem", { name: "Rename" }).click();
	await page.getByRole("dialog").getByRole("textbox", { name: "Name" }).fill("Elk");
	await page.keyboard.press("Enter");
	await expect.poll(order).toEqual(["Cats", "Elk"]);

	await sidebar().getByRole("button", { name: "More for Cats" }).click();
	await page.getByRole("menuitem", { name: "Remove" }).click();
	await expect.poll(order).toEqual(["Elk"]);
	await page.keyboard.press("Control+z");
	await expect.poll(order).toEqual(["Cats", "Elk"]);
	const kept = async () => (await app.client.savedSearch.list({})).map(({ name }) => name);
	await expect.poll(kept).toEqual(["Cats", "Elk"]);
});

test("results are grouped by folder, the choice is remembered, and a saved search keeps its own", async () => {
	const { page } = view;
	await search("an animal");
	await page.getByRole("button", { name: /^Sort and group/ }).click();
	await page.getByRole("menuitemradio", { name: "By folder" }).click();
	await page.getByRole("heading", { level: 2, name: /^Pictures › zoo · \d/ }).waitFor();
	await page.getByRole("heading", { level: 2, name: /^Pictures · \d/ }).waitFor();
	await page.keyboard.press("Control+s");
	await untilFocused(page.getByRole("dialog").getByRole("textbox", { name: "Name" }));
	await page.keyboard.press("Enter");
	await entry("An animal").waitFor();
	await page.getByRole("button", { name: /^Sort and group/ }).click();
	await page.getByRole("menuitemradio", { name: "No groups" }).click();
	await page
		.getByRole("heading", { level: 2, name: /^(Strong|Maybe) · / })
		.first()
		.waitFor();
	await page.getByRole("button", { name: "Update “An animal”" }).waitFor();
	await page.keyboard.press("Escape");
	await search("a moose");
	await page.getByRole("heading", { level: 2, name: /^Pictures · \d/ }).waitFor();
	await page.getByRole("button", { name: /^Sort and group/ }).click();
	await page.getByRole("menuitemradio", { name: "No groups" }).click();
	await entry("An animal").click();
	await page.getByRole("heading", { level: 2, name: /^Pictures › zoo · \d/ }).waitFor();
});

test("newest first shows only matches, with the unsure ones marked", async () => {
	const { page } = view;
	await search("an animal");
	await page.getByRole("button", { name: /^Sort and group/ }).focus();
	await page.keyboard.press("Enter");
	await page.locator("[role=menu]:focus-within").waitFor();
	await page.keyboard.press("ArrowDown");
	await page.keyboard.press("Enter");
	await page.getByRole("heading", { level: 2, name: /^Newest first · \d/ }).waitFor();
	const { hits } = await app.client.search.text({ query: "an animal", order: "date" });
	const matches = hits.filter(({ band }) => band !== "rest");
	await expect.poll(() => photos(page).count()).toBe(matches.length);
	const unsure = matches.filter(({ band }) => band === "maybe");
	await expect.poll(() => page.getByTitle("Maybe a match").count()).toBe(unsure.length);
});

test("what one types may become a saved search, chosen with the keyboard or passed over", async () => {
	const { page } = view;
	await save("a panda", "Pandas");
	await page.keyboard.press("Escape");
	await title("Photos").waitFor();
	await searchBox(page).click();
	await page.keyboard.type("pand", { delay: 40 });
	const offers = page.getByRole("listbox", { name: "What you may be typing" });
	await offers.getByRole("option", { name: /Pandas/ }).waitFor();
	await page.keyboard.press("ArrowDown");
	await page.keyboard.press("Enter");
	await title("Pandas").waitFor();
	await expect.poll(() => searchBox(page).inputValue()).toBe("a panda");

	await searchBox(page).fill("pand");
	await offers.waitFor();
	await page.keyboard.press("Escape");
	await offers.waitFor({ state: "detached" });
	await expect.poll(() => searchBox(page).inputValue()).toBe("pand");

	// Enter without having chosen opens the best match, as ever.
	await searchBox(page).fill("panda");
	await expect.poll(async () => (await shownNames(page))[0]).toBe("giant-panda.webp");
	await offers.waitFor();
	await page.keyboard.press("Enter");
	await page.getByRole("dialog", { name: /panda/ }).waitFor();
	await page.keyboard.press("Escape");
	await photo(page, "giant-panda.webp").waitFor();
});

test("a recent search can be taken away", async () => {
	const { page } = view;
	await search("a moose");
	await searchBox(page).blur();
	await page.keyboard.press("Escape");
	await title("Photos").waitFor();
	await searchBox(page).click();
	const recent = page.getByRole("option", { name: "a moose" });
	await recent.waitFor();
	await page.keyboard.press("ArrowDown");
	await page.keyboard.press("Delete");
	await recent.waitFor({ state: "detached" });
});

test("the library is shown by folder, which is remembered", async () => {
	const { page } = view;
	await page.getByRole("button", { name: "Group: By date" }).click();
	await page.getByRole("menuitemradio", { name: "By folder" }).click();
	await page.getByRole("heading", { level: 2, name: /^Pictures › zoo · 2$/ }).waitFor();
	await page.reload();
	await page.getByRole("heading", { level: 2, name: /^Pictures › zoo · 2$/ }).waitFor();
	await page.getByRole("button", { name: "Group: By folder" }).click();
	await page.getByRole("menuitemradio", { name: "By date" }).click();
	await page.getByRole("heading", { level: 2, name: /zoo/ }).waitFor({ state: "detached" });
});
