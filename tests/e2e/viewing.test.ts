/** @file Looking at photos one by one, selecting them, and what surrounds them: keys, settings, theme. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { launchBrowser } from "./browser.ts";
import { copyDemoPhotos, demoPhotosPath, RunningApp } from "./running-app.ts";
import { focusedName, openPhoto, openView, photo, photos, shownNames, type View } from "./view.ts";

const datedName = "taken-in-rome.jpg";
const names = [
	"moose.webp",
	"grass.jpg",
	"dahlia.jpg",
	"chelsea-the-cat.jpg",
	"gravel.jpg",
	"louvre.webp",
];

let browser: Browser;
let app: RunningApp;
let view: View;

beforeAll(async () => {
	browser = await launchBrowser();
	app = await RunningApp.start({
		photos: async (photosPath) => {
			copyDemoPhotos(photosPath, names);
			const dated = await sharp(join(demoPhotosPath, "fig-in-a-red-bowl.jpg"))
				.withExif({
					IFD0: { Make: "Example", Model: "Example X100" },
					IFD2: {
						DateTimeOriginal: "2019:07:14 18:30:05",
						OffsetTimeOriginal: "+02:00",
						FNumber: "28/10",
						ExposureTime: "1/250",
						ISOSpeedRatings: "200",
						FocalLength: "35/1",
					},
					IFD3: {
						GPSLatitudeRef: "N",
						GPSLatitude: "41/1 53/1 24/1",
						GPSLongitudeRef: "E",
						GPSLongitude: "12/1 29/1 32/1",
					},
				})
				.jpeg()
				.toBuffer();
			writeFileSync(join(photosPath, datedName), dated);
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
	await expect.poll(() => shownNames(view.page)).toContain(datedName);
});
afterEach(() => view.close());

const viewer = (name?: string) =>
	view.page.getByRole("dialog", name === undefined ? {} : { name, exact: true });

test("Enter opens a photo, arrows walk on, and Escape returns the keyboard to its place", async () => {
	const { page } = view;
	const [first = "", second = "", third = ""] = await shownNames(page);
	// From nowhere an arrow leads into the grid.
	await page.keyboard.press("ArrowRight");
	await expect.poll(() => focusedName(page)).toBe(first);
	await page.keyboard.press("Enter");
	await viewer(first).waitFor();
	await page.keyboard.press("ArrowRight");
	await viewer(second).waitFor();
	await page.keyboard.press("ArrowRight");
	await viewer(third).waitFor();
	await page.getByText("3 of 7", { exact: true }).waitFor();
	await page.keyboard.press("ArrowLeft");
	await viewer(second).waitFor();
	await page.keyboard.press("Escape");
	await expect.poll(() => viewer().count()).toBe(0);
	await expect.poll(() => focusedName(page)).toBe(second);
	await page.keyboard.press("Space");
	await viewer(second).waitFor();
	await page.keyboard.press("ArrowRight");
	await viewer(third).waitFor();
	await page.goBack();
	await expect.poll(() => focusedName(page)).toBe(third);
	await page.keyboard.press("Enter");
	await viewer(third).waitFor();
	await page.keyboard.press("End");
	await page.getByText("7 of 7", { exact: true }).waitFor();
	await expect.poll(() => page.getByRole("button", { name: "Next photo" }).count()).toBe(0);
});

test("a click opens a photo, and its full picture arrives", async () => {
	const { page } = view;
	await photo(page, "dahlia.jpg").click();
	await viewer("dahlia.jpg").waitFor();
	await expect
		.poll(() =>
			page.evaluate(() =>
				[...document.querySelectorAll<HTMLImageElement>("[role=dialog] img")].some(
					(image) => image.src.includes("/display") && image.naturalWidth >= 600,
				),
			),
		)
		.toBe(true);
	await page.getByRole("button", { name: "Close", exact: true }).click();
	await expect.poll(() => viewer().count()).toBe(0);
});

test("the facts of a photo are told: date, place, camera, size, folder", async () => {
	const { page } = view;
	await openPhoto(page, datedName);
	await page.keyboard.press("i");
	const panel = page.getByRole("complementary", { name: "About this photo" });
	// What is known from the grid is told at once, the rest when the engine has told it.
	await panel.getByText("Example X100").first().waitFor();
	for (const fact of [
		/14 July 2019/,
		/18:30/,
		/ƒ\/2\.8/,
		/1\/250/,
		/41\.89/,
		/\d+\s*×\s*\d+/,
		/Pictures/,
	]) {
		await expect.poll(() => panel.textContent()).toMatch(fact);
	}
	// The panel stays open for the next photo, and in the next window.
	await page.keyboard.press("ArrowLeft");
	await expect.poll(() => panel.textContent()).not.toContain("Example X100");
	await page.reload();
	await panel.waitFor();
	await page.locator("[role=dialog]:focus-within").waitFor();
	await page.keyboard.press("i");
	await expect.poll(() => panel.count()).toBe(0);
});

test("find similar leads from an open photo to its like", async () => {
	const { page } = view;
	await photo(page, "grass.jpg").click();
	await viewer("grass.jpg").waitFor();
	await page.getByRole("button", { name: "Find similar photos" }).click();
	await page.getByRole("heading", { level: 1, name: "Similar to grass.jpg" }).waitFor();
	await expect.poll(() => photos(page).count()).toBeGreaterThan(0);
});

test("photos are selected with the keyboard and given up with Escape", async () => {
	const { page } = view;
	const bar = page.getByRole("toolbar", { name: "Selected photos" });
	await page.keyboard.press("ArrowRight");
	await page.keyboard.press("x");
	await bar.getByText("1 selected").waitFor();
	await page.keyboard.press("Shift+ArrowRight");
	await page.keyboard.press("Shift+ArrowRight");
	await bar.getByText("3 selected").waitFor();
	await expect.poll(() => page.getByRole("option", { selected: true }).count()).toBe(3);
	await page.keyboard.press("Control+a");
	await bar.getByText("7 selected").waitFor();
	await page.keyboard.press("Escape");
	await expect.poll(() => bar.count()).toBe(0);
});

test("photos are selected with the mouse", async () => {
	const { page } = view;
	const bar = page.getByRole("toolbar", { name: "Selected photos" });
	await photos(page)
		.nth(1)
		.click({ modifiers: ["Control"] });
	await photos(page)
		.nth(4)
		.click({ modifiers: ["Shift"] });
	await bar.getByText("4 selected").waitFor();
	await photos(page)
		.nth(2)
		.click({ modifiers: ["Control"] });
	await bar.getByText("3 selected").waitFor();
	await bar.getByRole("button", { name: "Clear the selection" }).click();
	await expect.poll(() => bar.count()).toBe(0);
	await photos(page).nth(0).hover();
	await photos(page).nth(0).locator("[data-check]").click();
	await bar.getByRole("button", { name: "Find similar" }).click();
	await page.getByRole("heading", { level: 1, name: /^Similar to/ }).waitFor();
});

test("? shows all keys, and Escape puts them away", async () => {
	const { page } = view;
	await page.keyboard.press("?");
	const sheet = page.getByRole("dialog", { name: "Keys" });
	await sheet.getByText("Find similar photos").first().waitFor();
	await page.keyboard.press("Escape");
	await expect.poll(() => sheet.count()).toBe(0);
});

test("the settings tell of folders, model and library, with the keyboard alone", async () => {
	const { page } = view;
	await page.getByRole("button", { name: "Settings" }).focus();
	await page.keyboard.press("Enter");
	const settings = page.getByRole("dialog", { name: "Settings" });
	await settings.getByText(app.photosPath).waitFor();
	await settings.getByRole("tab", { name: "Folders" }).focus();
	await page.keyboard.press("ArrowDown");
	await settings.getByText("Apache-2.0 (weights derived").waitFor();
	await page.keyboard.press("ArrowDown");
	await settings.getByRole("tab", { name: "Text", selected: true }).waitFor();
	await page.keyboard.press("ArrowDown");
	await settings.getByText("Only in the library").waitFor();
	await page.keyboard.press("ArrowDown");
	await settings.getByText(app.libraryPath).waitFor();
	await page.keyboard.press("Escape");
	await expect.poll(() => settings.count()).toBe(0);
	await expect.poll(() => focusedName(page)).toBe("Settings");
});

test("the theme can be chosen and is remembered", async () => {
	const { page } = view;
	const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
	const light = await ground();
	await page.getByRole("button", { name: "Settings" }).click();
	await page.getByRole("tab", { name: "Appearance" }).click();
	await page.getByText("Dark", { exact: true }).click();
	await expect.poll(ground).not.toBe(light);
	const dark = await ground();
	await page.keyboard.press("Escape");
	await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
	await page.reload();
	await photos(page).first().waitFor();
	await expect.poll(ground).toBe(dark);
});

test("the lock says that no connection was made and where the library is", async () => {
	const { page } = view;
	await page.getByRole("button", { name: "Everything stays on this computer" }).click();
	const panel = page.getByRole("dialog");
	await panel.getByText(app.libraryPath).waitFor();
	await expect.poll(() => panel.textContent()).toMatch(/None|No connections/);
});
