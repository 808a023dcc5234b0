/** @file The first minute: being greeted, trying the demo photos, choosing a folder without a mouse. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { launchBrowser } from "./browser.ts";
import { copyDemoPhotos, RunningApp } from "./running-app.ts";
import { focusedName, openView, photo, photos, searchBox, statusLine, type View } from "./view.ts";

let browser: Browser;
let app: RunningApp;
let view: View;

beforeAll(async () => {
	browser = await launchBrowser();
});
afterAll(() => browser.close());

beforeEach(async () => {
	app = await RunningApp.start();
	view = await openView(browser, app.address);
});
afterEach(async () => {
	await app.close();
});

test("a newcomer is greeted, and the demo photos appear and become searchable", async () => {
	const { page } = view;
	await page.getByRole("heading", { name: "Find your photos by what they show." }).waitFor();
	expect(new URL(page.url()).search).toBe("");
	expect(await searchBox(page).count()).toBe(0);
	await page.getByRole("button", { name: "Choose a folder" }).waitFor();

	await page.getByRole("button", { name: "Try it with demo photos" }).click();
	await photos(page).first().waitFor();
	await expect.poll(() => statusLine(page).textContent()).toContain("37 photos, all searchable");
	await searchBox(page).fill("a cat");
	await photo(page, "chelsea-the-cat.jpg").waitFor();
	await view.close();
});

test("a folder can be chosen with the keyboard alone", async () => {
	mkdirSync(join(app.photosPath, "Holidays", "Norway"), { recursive: true });
	mkdirSync(join(app.photosPath, "Archive"));
	copyDemoPhotos(join(app.photosPath, "Holidays", "Norway"), ["moose.webp", "forest-stream.jpg"]);
	const { page } = view;
	await page.getByRole("button", { name: "Choose a folder" }).waitFor();

	const { keyboard } = page;
	await tabTo("Choose a folder");
	await keyboard.press("Enter");
	// The chooser starts at home, in its list of folders.
	const inList = (name: string) => page.getByRole("option", { name, selected: true }).waitFor();
	await inList("Pictures");
	await keyboard.press("Enter");
	await inList("Archive");
	await keyboard.type("hol");
	await inList("Holidays");
	await keyboard.press("Enter");
	await inList("Norway");
	await keyboard.press("Enter");
	await page.getByText("2 photos here").waitFor();
	await keyboard.press("Backspace");
	await inList("Norway");
	await keyboard.press("Enter");
	await page.getByText("2 photos here").waitFor();
	await tabTo("Add this folder");
	await keyboard.press("Enter");

	await expect.poll(() => photos(page).count()).toBe(2);
	await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
	expect((await app.client.folder.list()).map((folder) => folder.path)).toEqual([
		join(app.photosPath, "Holidays", "Norway"),
	]);
	await view.close();
});

test("what cannot be added is explained where it was asked for", async () => {
	const { page } = view;
	await page.getByRole("button", { name: "Choose a folder" }).click();
	await page.getByRole("option", { name: "Pictures" }).waitFor();
	const path = page.getByRole("textbox", { name: "Path of the folder" });
	await path.fill(join(app.homePath, "nowhere"));
	await path.press("Enter");
	const alert = page.getByRole("alert");
	await alert.waitFor();
	await expect.poll(() => alert.textContent()).toContain("nowhere");
	// A click in the list leaves the keyboard there.
	await page.getByRole("option", { name: "Pictures" }).click();
	await expect.poll(() => focusedName(page)).toBe("Folders in Pictures");
	await page.keyboard.press("Escape");
	await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
	await expect.poll(() => focusedName(page)).toBe("Choose a folder");
	await view.close();
});

/** Presses Tab until the control with this name has the keyboard; a person would not look further. */
async function tabTo(name: string): Promise<void> {
	for (let steps = 0; steps < 40; steps += 1) {
		await view.page.keyboard.press("Tab");
		if ((await focusedName(view.page)) === name) return;
	}
	throw new Error(`Tab never led to "${name}".`);
}
