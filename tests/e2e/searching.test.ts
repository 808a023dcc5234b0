/** @file Searching by words, by a picture and by a photo, as a person does it. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { launchBrowser } from "./browser.ts";
import { handOver } from "./handing-over-pictures.ts";
import { copyDemoPhotos, demoPhotosPath, RunningApp } from "./running-app.ts";
import {
	openPhoto,
	openView,
	photo,
	photos,
	searchBox,
	shownNames,
	untilFocused,
	type View,
} from "./view.ts";

const names = [
	"astronaut.jpg",
	"brick-wall.jpg",
	"chelsea-the-cat.jpg",
	"crocodile.webp",
	"cup-of-coffee.jpg",
	"forest-stream.jpg",
	"giant-panda.webp",
	"grass.jpg",
	"great-wall.webp",
	"hubble-deep-field.jpg",
	"louvre.webp",
	"moose.webp",
	"nagasaki-boats.jpg",
	"paint-brushes.jpg",
	"rocket-launch.jpg",
	"sunset-over-hills.jpg",
	"two-dogs-at-a-window.jpg",
	"winter-palace-at-night.webp",
];
/** A smaller copy of one of the photos: what is most like it. */
const copyName = "moose-small.jpg";

let browser: Browser;
let app: RunningApp;
let view: View;

beforeAll(async () => {
	browser = await launchBrowser();
	app = await RunningApp.start({
		photos: async (photosPath) => {
			copyDemoPhotos(photosPath, names);
			const moose = await sharp(join(demoPhotosPath, "moose.webp")).resize(300).jpeg().toBuffer();
			writeFileSync(join(photosPath, copyName), moose);
		},
	});
	await app.untilSearchable(names.length + 1);
});
afterAll(async () => {
	await app.close();
	await browser.close();
});
beforeEach(async () => {
	view = await openView(browser, app.address);
	await photos(view.page).first().waitFor();
});
afterEach(() => view.close());

const heading = (name: string | RegExp) => view.page.getByRole("heading", { level: 1, name });

/** The first names once the results for these words are there. */
async function firstFor(words: string): Promise<string[]> {
	await heading(`Best matches for “${words}”`).waitFor();
	await expect.poll(async () => (await shownNames(view.page)).slice(0, 3)).not.toContain("Photo");
	return (await shownNames(view.page)).slice(0, 3);
}

// What the bundled encoder knows well: scenes, animals, food.
test.each([
	["sunset over hills", "sunset-over-hills.jpg"],
	["a crocodile", "crocodile.webp"],
	["a cup of coffee", "cup-of-coffee.jpg"],
	["dogs looking out of a window", "two-dogs-at-a-window.jpg"],
	["boats in a harbour", "nagasaki-boats.jpg"],
	["a palace lit up at night", "winter-palace-at-night.webp"],
	["galaxies in space", "hubble-deep-field.jpg"],
])("typing %j finds %s among the first three", async (words, name) => {
	await view.page.keyboard.press("/");
	await view.page.keyboard.type(words);
	// Also where the engine is not sure of them, they are the closest there are.
	await heading(/^(Best matches for|Nothing in your library)/).waitFor();
	await expect.poll(async () => (await shownNames(view.page)).slice(0, 3)).toContain(name);
});

test("results change while one types, and there is never a moment without photos", async () => {
	const { page } = view;
	await page.evaluate(() => {
		const seen = { emptiest: Number.POSITIVE_INFINITY, frames: 0 };
		const look = () => {
			const shown = document.querySelectorAll("main [role=option]").length;
			seen.emptiest = Math.min(seen.emptiest, shown);
			seen.frames += 1;
			document.documentElement.dataset.emptiest = String(seen.emptiest);
			document.documentElement.dataset.frames = String(seen.frames);
			requestAnimationFrame(look);
		};
		look();
	});
	await searchBox(page).click();
	await page.keyboard.type("a cat", { delay: 60 });
	expect(await firstFor("a cat")).toContain("chelsea-the-cat.jpg");
	await page.keyboard.press("Control+A");
	await page.keyboard.type("panda", { delay: 60 });
	expect((await firstFor("panda"))[0]).toBe("giant-panda.webp");
	await page.keyboard.type(" bear on a", { delay: 200 });
	await heading("Best matches for “panda bear on a”").waitFor();
	const { emptiest, frames } = await page.evaluate(() => ({ ...document.documentElement.dataset }));
	expect(Number(frames)).toBeGreaterThan(5);
	expect(Number(emptiest)).toBeGreaterThan(0);
	// Every similarity is no greater than the one before it.
	const { hits } = await app.client.search.text({ query: "panda bear on a", limit: 100 });
	expect(hits.map((hit) => hit.similarity)).toEqual(
		hits.map((hit) => hit.similarity).toSorted((one, other) => other - one),
	);
	const ranked = hits.map((hit) => hit.path.split("/").at(-1));
	await expect
		.poll(async () => {
			const shown = await shownNames(page);
			return shown.length > 0 && shown.every((name, rank) => name === ranked[rank]);
		})
		.toBe(true);
});

test("Enter in the search box opens the best result, and Escape steps back to all photos", async () => {
	const { page } = view;
	await searchBox(page).fill("a cup of coffee");
	await firstFor("a cup of coffee");
	await searchBox(page).press("Enter");
	await page.getByRole("dialog", { name: "cup-of-coffee.jpg" }).waitFor();
	await page.keyboard.press("Escape");
	await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
	await page.keyboard.press("Escape");
	await heading("Photos").waitFor();
	await expect.poll(() => searchBox(page).inputValue()).toBe("");
});

test("Back and Forward go through search, photo and library", async () => {
	const { page } = view;
	await searchBox(page).fill("panda");
	await firstFor("panda");
	await photo(page, "giant-panda.webp").click();
	const viewer = page.getByRole("dialog", { name: /^giant-panda\.webp/ });
	await viewer.waitFor();
	await page.goBack();
	await expect.poll(() => viewer.count()).toBe(0);
	await heading("Best matches for “panda”").waitFor();
	await page.goBack();
	await heading("Photos").waitFor();
	await expect.poll(() => searchBox(page).inputValue()).toBe("");
	await page.goForward();
	await firstFor("panda");
	await expect.poll(() => searchBox(page).inputValue()).toBe("panda");
	await page.goForward();
	await viewer.waitFor();
});

test("an address with a search in it can be reloaded", async () => {
	const { page } = view;
	await searchBox(page).fill("paint brushes");
	await firstFor("paint brushes");
	await page.reload();
	expect((await firstFor("paint brushes"))[0]).toBe("paint-brushes.jpg");
	await expect.poll(() => searchBox(page).inputValue()).toBe("paint brushes");
});

test("find similar puts the photo's copy first", async () => {
	const { page } = view;
	await photo(page, "moose.webp").focus();
	await page.keyboard.press("s");
	await heading("Similar to moose.webp").waitFor();
	await expect.poll(async () => (await shownNames(page))[0]).toBe(copyName);
	await page.getByRole("button", { name: "Remove: Similar to moose.webp" }).click();
	await heading("Photos").waitFor();
});

test.each(["drop", "paste"] as const)("a picture handed over by %s is searched by", async (by) => {
	const { page } = view;
	await handOver(page, by, join(demoPhotosPath, "moose.webp"));
	await heading("Photos like your picture").waitFor();
	await expect
		.poll(async () => (await shownNames(page)).slice(0, 2).toSorted())
		.toEqual([copyName, "moose.webp"]);
	await expect.poll(() => page.getByText("Drop a picture to find photos like it").count()).toBe(0);
});

test("a picture file chosen with the keyboard is searched by", async () => {
	const { page } = view;
	const asked = page.waitForEvent("filechooser");
	await page.keyboard.press("o");
	const chooser = await asked;
	const picture = readFileSync(join(demoPhotosPath, "giant-panda.webp"));
	await chooser.setFiles({ name: "bear.webp", mimeType: "image/webp", buffer: picture });
	await heading("Photos like your picture").waitFor();
	await expect.poll(async () => (await shownNames(page))[0]).toBe("giant-panda.webp");
	await page.getByText("Like bear.webp").waitFor();
});

test("a file that is no picture is refused in words", async () => {
	const { page } = view;
	const asked = page.waitForEvent("filechooser");
	await page.getByRole("button", { name: "Search by a picture" }).click();
	const notPicture = Buffer.from("just words");
	await (await asked).setFiles({ name: "notes.jpg", mimeType: "image/jpeg", buffer: notPicture });
	await page.getByRole("heading", { name: "That search did not work" }).waitFor();
	await page.getByRole("button", { name: "Show all photos" }).click();
	await heading("Photos").waitFor();
});

test("a query of 10,000 characters is answered, and that it was shortened is said", async () => {
	const { page } = view;
	await searchBox(page).click();
	await page.keyboard.insertText("sunset over hills ".repeat(556).slice(0, 10_000));
	await page.getByText("Only the first words were used: the search is long.").waitFor();
	await expect.poll(() => photos(page).count()).toBeGreaterThan(0);
});

test.each(["🐱", "заход солнца", '"; DROP TABLE photo; --', "<b>cat</b>"])(
	"the query %s is answered",
	async (query) => {
		const { page } = view;
		await searchBox(page).fill(query);
		await expect.poll(() => page.title()).toContain(query);
		await heading(/^(Best matches for|Nothing in your library)/).waitFor();
		await expect.poll(() => photos(page).count()).toBeGreaterThan(0);
	},
);

test("nothing that fits is said, the closest are shown, and the rest unfolds by the keyboard", async () => {
	const { page } = view;
	await searchBox(page).fill("handwritten sheet music");
	await heading("Nothing in your library looks like that.").waitFor();
	await page.getByRole("heading", { level: 2, name: "Closest" }).waitFor();
	await expect.poll(() => photos(page).count()).toBe(12);
	const fold = page.getByRole("button", { name: "Everything else" });
	await expect.poll(() => fold.getAttribute("aria-expanded")).toBe("false");
	await fold.press("Enter");
	await expect.poll(() => photos(page).count()).toBeGreaterThan(12);
	await expect.poll(() => fold.getAttribute("aria-expanded")).toBe("true");
});

test("strictness moves photos between the bands, is remembered, and the viewer tells how sure", async () => {
	const { page } = view;
	await searchBox(page).fill("a giant panda");
	await page.getByRole("heading", { level: 2, name: /^Strong · / }).waitFor();
	const slider = page.getByRole("slider", { name: "How sure a match must be" });
	await slider.press("Home");
	await page.getByRole("heading", { level: 2, name: /^Maybe · / }).waitFor();
	await expect.poll(() => page.getByRole("button", { name: "Everything else" }).count()).toBe(0);
	await page.reload();
	await expect.poll(() => slider.getAttribute("aria-valuetext")).toBe("Everything");
	await openPhoto(page, "giant-panda.webp");
	await page.keyboard.press("i");
	await page.getByText(/^(A strong|Maybe a) match for “a giant panda”$/).waitFor();
	await page.getByText(/^\d+ % sure$/).waitFor();
});

test("parts of the search are chips: edited, made plain words, removed", async () => {
	const { page } = view;
	await searchBox(page).fill("dogs -cats in december is:landscape");
	const parts = page.getByRole("toolbar", { name: "How the search was read" });
	await parts.getByText("without cats").waitFor();
	await parts.getByText("landscape").first().waitFor();

	await parts.getByRole("button", { name: /^without cats/ }).click();
	const marked = () =>
		page.evaluate(() => {
			const box = document.activeElement;
			return box instanceof HTMLInputElement
				? box.value.slice(box.selectionStart ?? 0, box.selectionEnd ?? 0)
				: null;
		});
	await expect.poll(marked).toBe("-cats");

	await parts.getByRole("button", { name: "Search for the words “in december” instead" }).click();
	await expect.poll(() => parts.getByText("in december").count()).toBe(0);
	await expect
		.poll(() => searchBox(page).inputValue())
		.toBe("dogs -cats \\in \\december is:landscape");

	await searchBox(page).press("ArrowDown");
	await untilFocused(parts.getByRole("button", { name: /^without cats/ }));
	await page.keyboard.press("Delete");
	await expect.poll(() => parts.getByText("without cats").count()).toBe(0);
	await expect.poll(() => searchBox(page).inputValue()).toBe("dogs \\in \\december is:landscape");
	await expect
		.poll(() => page.evaluate(() => document.activeElement?.textContent))
		.toContain("landscape");
	await page.keyboard.press("Delete");
	await expect.poll(() => parts.count()).toBe(0);
	await expect.poll(() => searchBox(page).inputValue()).toBe("dogs \\in \\december");
	await untilFocused(searchBox(page));
});

test("a part that cannot be used says why, and nothing that fits is said", async () => {
	const { page } = view;
	await searchBox(page).fill("date:yesteryear");
	await page.getByRole("heading", { name: "Part of that search cannot be used" }).waitFor();
	await page
		.getByRole("toolbar")
		.getByText(/is no date that can be read/)
		.waitFor();
	await searchBox(page).fill("in 1890");
	await page.getByRole("heading", { name: "No photo fits all of that" }).waitFor();
});

test("recent searches are under the empty box, taken by the keyboard, and can be cleared", async () => {
	const { page } = view;
	await searchBox(page).fill("a giant panda");
	await firstFor("a giant panda");
	await searchBox(page).blur();
	await page.reload();
	await searchBox(page).fill("");
	const recent = page.getByRole("listbox", { name: "Searches to choose from" });
	await recent.getByRole("option", { name: "a giant panda" }).waitFor();
	await page.keyboard.press("Escape");
	await expect.poll(() => recent.count()).toBe(0);
	await untilFocused(searchBox(page));

	await searchBox(page).blur();
	await searchBox(page).focus();
	await recent.waitFor();
	await page.keyboard.press("ArrowDown");
	await expect.poll(() => searchBox(page).getAttribute("aria-activedescendant")).not.toBeNull();
	await page.keyboard.press("Enter");
	await firstFor("a giant panda");
	await expect.poll(() => searchBox(page).inputValue()).toBe("a giant panda");

	await searchBox(page).fill("");
	await page.getByRole("button", { name: "Clear recent" }).click();
	await expect.poll(() => recent.getByText("Recent").count()).toBe(0);
	await page.reload();
	await searchBox(page).focus();
	await recent.waitFor();
	await expect.poll(() => recent.getByRole("option", { name: "a giant panda" }).count()).toBe(0);
});
