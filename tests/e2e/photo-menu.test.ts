/** @file The menu on photos: by mouse, by key, with a finger; in the grid, over a selection, in the viewer. */
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "./browser.ts";
import { copyDemoPhotos, RunningApp } from "./running-app.ts";
import {
	focusedName,
	openView,
	photo,
	photos,
	untilFocused,
	type View,
	type ViewOptions,
} from "./view.ts";

const names = ["moose.webp", "grass.jpg", "dahlia.jpg", "giant-panda.webp"];
let browser: Browser;
let app: RunningApp;
let view: View;

beforeAll(async () => {
	browser = await launchBrowser();
	app = await RunningApp.start({ photos: (path) => copyDemoPhotos(path, names) });
	await app.untilSearchable(names.length);
});
afterAll(async () => {
	await app.close();
	await browser.close();
});
afterEach(() => view.close());

async function open(options: ViewOptions = {}): Promise<Page> {
	view = await openView(browser, app.address, options);
	await photos(view.page).first().waitFor();
	return view.page;
}

const entry = (page: Page, name: string) => page.getByRole("menuitem", { name, exact: true });

test("the second button opens a photo's menu, and Escape gives the keyboard back to the photo", async () => {
	const page = await open();
	await photo(page, "dahlia.jpg").click({ button: "right" });
	await entry(page, "Find similar photos").waitFor();
	await page.keyboard.press("Escape");
	await expect.poll(() => page.getByRole("menu").count()).toBe(0);
	await expect.poll(() => focusedName(page)).toBe("dahlia.jpg");
});

test("the menu key opens it for the photo at hand, which is then opened from it", async () => {
	const page = await open();
	await photo(page, "moose.webp").focus();
	await page.keyboard.press("Shift+F10");
	await untilFocused(entry(page, "Open"));
	await page.keyboard.press("Enter");
	await page.getByRole("heading", { name: "moose.webp" }).waitFor();
	await page.locator("[role=dialog]:focus-within").waitFor();
	await page.keyboard.press("Shift+F10");
	await entry(page, "Add a tag").click();
	await expect.poll(() => focusedName(page)).toBe("Add a tag to this photo");
});

test("over a selection it is about all of it", async () => {
	const page = await open();
	await photo(page, "moose.webp").click({ modifiers: ["Control"] });
	await photo(page, "dahlia.jpg").click();
	await photo(page, "dahlia.jpg").click({ button: "right" });
	await page.getByRole("menu", { name: "These photos" }).waitFor();
	await entry(page, "Suggest tags…").click();
	await page.getByRole("dialog", { name: "Suggest tags" }).waitFor();
	await page.getByText("The selection (2 photos)").waitFor({ state: "attached" });
});

test("a finger that rests on a photo opens it, and from there photos are selected", async () => {
	const page = await open({ viewport: { width: 390, height: 844 }, hasTouch: true });
	const box = await photo(page, "giant-panda.webp").boundingBox();
	if (box === null) throw new Error("The photo is not on screen.");
	const finger = await page.context().newCDPSession(page);
	const touchPoints = [{ x: box.x + 30, y: box.y + 30 }];
	await finger.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints });
	await entry(page, "Select").waitFor();
	await finger.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
	await entry(page, "Select").tap();
	await page.getByText("1 selected").waitFor();
	await page.getByRole("button", { name: "More for the selection" }).tap();
	await entry(page, "Unselect").tap();
	await expect.poll(() => page.getByText("1 selected").count()).toBe(0);
});
