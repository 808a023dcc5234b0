/** @file A photo that is found by its name, and the page saying so. */
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "./browser.ts";
import { copyDemoPhotos, demoPhotosPath, RunningApp } from "./running-app.ts";
import { openPhoto, openView, photos, searchBox, shownNames } from "./view.ts";

const names = ["astronaut.jpg", "chelsea-the-cat.jpg", "grass.jpg", "moose.webp", "louvre.webp"];
/** Nothing in the picture says so. */
const namedPhoto = "Quentin 2.jpg";

let browser: Browser;
let app: RunningApp;

beforeAll(async () => {
	browser = await launchBrowser();
	app = await RunningApp.start({
		photos: (photosPath) => {
			mkdirSync(photosPath, { recursive: true });
			copyDemoPhotos(photosPath, names);
			copyFileSync(join(demoPhotosPath, "brick-wall.jpg"), join(photosPath, namedPhoto));
		},
	});
	await app.untilSearchable(names.length + 1);
});
afterAll(async () => {
	await app.close();
	await browser.close();
});

test("a name finds its photo first, with a mark in the grid and the words beside the photo", async () => {
	const view = await openView(browser, app.address);
	try {
		const { page } = view;
		await photos(page).first().waitFor();
		await searchBox(page).fill("quentin");
		await expect.poll(async () => (await shownNames(page))[0]).toBe(namedPhoto);
		await page.getByTitle("In its file name: Quentin 2").waitFor();
		await page.getByRole("heading", { name: /^Strong · 1/ }).waitFor();
		await openPhoto(page, namedPhoto);
		const panel = page.getByRole("complementary", { name: "About this photo" });
		await page.keyboard.press("i");
		const reasons = panel.getByRole("list", { name: "Why it was found" });
		await reasons.waitFor();
		await expect.poll(() => reasons.locator("mark").allTextContents()).toEqual(["Quentin"]);
		await reasons.getByText("In its file name").waitFor();
	} finally {
		await view.close();
	}
});
