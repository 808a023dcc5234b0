/** @file Words with pictures, framed parts and judged hits, as a person does it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { launchBrowser } from "./browser.ts";
import { handOver } from "./handing-over-pictures.ts";
import { copyDemoPhotos, demoPhotosPath, RunningApp } from "./running-app.ts";
import {
	focusedName,
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
	"black-canyon.jpg",
	"chelsea-the-cat.jpg",
	"crocodile.webp",
	"cup-of-coffee.jpg",
	"forest-stream.jpg",
	"giant-panda.webp",
	"gravel.jpg",
	"great-wall.webp",
	"locomotion-house-cat.jpg",
	"moose.webp",
	"mountain-meadow.jpg",
	"nagasaki-boats.jpg",
	"picos-de-europa.jpg",
	"two-dogs-at-a-window.jpg",
	"winter-palace-at-night.webp",
];
/** A wide photo of gravel with a small cat in its lower right corner. */
const hiddenCat = "gravel-with-a-cat.jpg";

let browser: Browser;
let app: RunningApp;
let view: View;

beforeAll(async () => {
	browser = await launchBrowser();
	app = await RunningApp.start({
		photos: async (photosPath) => {
			copyDemoPhotos(photosPath, names);
			const cat = await sharp(join(demoPhotosPath, "chelsea-the-cat.jpg"))
				.resize(300, 200, { fit: "fill" })
				.toBuffer();
			const picture = await sharp(join(demoPhotosPath, "gravel.jpg"))
				.resize(1200, 800, { fit: "fill" })
				.composite([{ input: cat, left: 800, top: 500 }])
				.jpeg()
				.toBuffer();
			writeFileSync(join(photosPath, hiddenCat), picture);
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

const ranked = (words: string | RegExp) => view.page.getByText(words);
const heading = (name: string | RegExp) => view.page.getByRole("heading", { level: 1, name });

async function ask(words: string) {
	await searchBox(view.page).fill(words);
	await heading(`Best matches for “${words}”`).waitFor();
}

/** The first photo shown is another one than before. */
async function firstChangesFrom(name: string | undefined) {
	await expect.poll(async () => (await shownNames(view.page))[0]).not.toBe(name);
}

test("a picture dropped beside words joins them, and may count less or against", async () => {
	await ask("mountains");
	await handOver(view.page, "drop", join(demoPhotosPath, "forest-stream.jpg"));
	await ranked("Ranked by: “mountains” 60 %, forest-stream.jpg 40 %").waitFor();
	expect(await searchBox(view.page).inputValue()).toBe("mountains");
	await expect
		.poll(async () => (await shownNames(view.page)).slice(0, 3))
		.toContain("forest-stream.jpg");

	const chip = view.page.getByRole("button", { name: /Like forest-stream\.jpg/ });
	await chip.focus();
	for (let presses = 0; presses < 5; presses += 1) await view.page.keyboard.press("+");
	await ranked("Ranked by: “mountains” 43 %, forest-stream.jpg 57 %").waitFor();
	await expect.poll(() => chip.getAttribute("aria-label")).toContain("counts a lot");

	await chip.click();
	await view.page.getByText("Less like this", { exact: true }).click();
	await ranked("Ranked by: “mountains”, less like forest-stream.jpg").waitFor();
	await expect
		.poll(async () => (await shownNames(view.page)).slice(0, 3))
		.not.toContain("forest-stream.jpg");
	await view.page.getByRole("button", { name: "Remove from the search" }).click();
	await heading("Best matches for “mountains”").waitFor();
	await expect.poll(() => ranked("Ranked by").count()).toBe(0);
});

test("more like this, but: the photo is a chip, and words beside it change what is found", async () => {
	await searchBox(view.page).fill("a wall over hills");
	await openPhoto(view.page, "great-wall.webp");
	await view.page.keyboard.press("b");
	await heading("Similar to great-wall.webp").waitFor();
	await untilFocused(searchBox(view.page));
	await view.page.keyboard.type("at night");
	await ranked("Ranked by: “at night” 60 %, great-wall.webp 40 %").waitFor();
	await expect
		.poll(async () => (await shownNames(view.page)).slice(0, 3))
		.toContain("winter-palace-at-night.webp");
	expect(await shownNames(view.page)).not.toContain("great-wall.webp");

	await view.page.reload();
	await ranked("Ranked by: “at night” 60 %, great-wall.webp 40 %").waitFor();
	await expect.poll(() => searchBox(view.page).inputValue()).toBe("at night");
	await view.page.getByRole("button", { name: /Like great-wall\.webp/ }).focus();
	await view.page.keyboard.press("Delete");
	await heading("Best matches for “at night”").waitFor();
	await view.page.goBack();
	await ranked("great-wall.webp 40 %").waitFor();
});

test("a part of a photo is framed, and what is in it is found", async () => {
	await openPhoto(view.page, hiddenCat);
	await view.page.keyboard.press("r");
	const tool = view.page.getByRole("application", { name: /Frame what to find/ });
	const image = view.page.getByRole("img", { name: hiddenCat, exact: true });
	await tool.waitFor();
	const around = await image.boundingBox();
	if (around === null) throw new Error("There is no photo to frame.");
	const at = (x: number, y: number) =>
		[around.x + around.width * x, around.y + around.height * y] as const;
	await view.page.mouse.move(...at(800 / 1200 + 0.01, 500 / 800 + 0.01));
	await view.page.mouse.down();
	await view.page.mouse.move(...at(1099 / 1200, 699 / 800), { steps: 4 });
	await view.page.mouse.up();
	await view.page.getByRole("button", { name: "Find this" }).click();
	await view.page.getByRole("button", { name: /Like part of gravel-with-a-cat/ }).waitFor();
	await expect.poll(async () => (await shownNames(view.page))[0]).toBe("chelsea-the-cat.jpg");
	const found = await shownNames(view.page);
	expect(found).not.toContain(hiddenCat);

	const address = view.page.url();
	await view.page.reload();
	await expect.poll(() => shownNames(view.page)).toEqual(found);
	expect(view.page.url()).toBe(address);
});

test("the frame is moved and sized by keys alone, and Escape leaves the photo open", async () => {
	await openPhoto(view.page, hiddenCat);
	await view.page.keyboard.press("r");
	const place = view.page.getByText(/from the left, .* from the top/);
	await expect.poll(() => place.textContent()).toContain("30 % from the left");
	for (let presses = 0; presses < 5; presses += 1) await view.page.keyboard.press("ArrowRight");
	await expect.poll(() => place.textContent()).toContain("40 % from the left, 30 % from the top");
	for (let presses = 0; presses < 5; presses += 1) await view.page.keyboard.press("Shift+ArrowUp");
	await expect.poll(() => place.textContent()).toContain("40 % wide");
	await expect.poll(() => place.textContent()).toContain("50 % high");
	await view.page.keyboard.press("Escape");
	await expect.poll(() => place.count()).toBe(0);
	await view.page.getByRole("heading", { name: hiddenCat }).waitFor();
	await view.page.keyboard.press("r");
	await view.page.keyboard.press("Enter");
	await view.page.getByRole("button", { name: /Like part of gravel-with-a-cat/ }).waitFor();
});

test("less like this ranks anew at once, and one key or click takes it back", async () => {
	await ask("an animal");
	const [first] = await shownNames(view.page);
	if (first === undefined) throw new Error("Nothing was found.");
	await photo(view.page, first).hover();
	await view.page.getByRole("button", { name: "Less like this" }).click();
	await ranked("Ranked by: “an animal”, less like 1 photo").waitFor();
	await firstChangesFrom(first);

	await view.page.getByRole("button", { name: "Undo" }).click();
	await expect.poll(async () => (await shownNames(view.page))[0]).toBe(first);

	await searchBox(view.page).press("ArrowDown");
	await expect.poll(() => focusedName(view.page)).toBe(first);
	await view.page.keyboard.press("-");
	await firstChangesFrom(first);
	await view.page.keyboard.press("Control+z");
	await expect.poll(async () => (await shownNames(view.page))[0]).toBe(first);
	await expect.poll(() => ranked("Ranked by").count()).toBe(0);
});

test("words, a picture and a judged hit survive a reload and Back", async () => {
	await ask("an animal");
	await photo(view.page, "moose.webp").click({ modifiers: ["Control"] });
	await view.page.getByRole("button", { name: "More like these" }).click();
	await ranked("Ranked by: “an animal” 60 %, more like 1 photo 40 %").waitFor();
	await expect.poll(async () => (await shownNames(view.page))[0]).toBe("moose.webp");
	const liked = await shownNames(view.page);
	await view.page.reload();
	await ranked("more like 1 photo 40 %").waitFor();
	await expect.poll(() => shownNames(view.page)).toEqual(liked);
	await view.page.goBack();
	await expect.poll(() => ranked("Ranked by").count()).toBe(0);
	await expect.poll(() => searchBox(view.page).inputValue()).toBe("an animal");
});

test("several selected photos are searched by together", async () => {
	await photo(view.page, "picos-de-europa.jpg").click({ modifiers: ["Control"] });
	await photo(view.page, "mountain-meadow.jpg").click({ modifiers: ["Control"] });
	await view.page.getByRole("button", { name: "More like these" }).click();
	await view.page.getByRole("button", { name: /Like 2 photos/ }).waitFor();
	await expect
		.poll(async () => (await shownNames(view.page)).slice(0, 3))
		.toContain("black-canyon.jpg");
	expect(await shownNames(view.page)).not.toContain("mountain-meadow.jpg");
});

test("a picture from outside is gone after a reload, and the page says so", async () => {
	await ask("mountains");
	await handOver(view.page, "drop", join(demoPhotosPath, "forest-stream.jpg"));
	await ranked("forest-stream.jpg 40 %").waitFor();
	await view.page.reload();
	await view.page.getByText("no longer at hand").waitFor();
	await view.page.getByRole("button", { name: /Like your picture/ }).click();
	await view.page.getByText("only kept until the page is loaded anew").waitFor();
	await view.page.getByRole("button", { name: "Remove from the search" }).click();
	await heading("Best matches for “mountains”").waitFor();
});
