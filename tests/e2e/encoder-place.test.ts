/** @file Where the search model runs is chosen in Settings, and stays chosen. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "./browser.ts";
import { copyDemoPhotos, RunningApp } from "./running-app.ts";
import { openView } from "./view.ts";

let browser: Browser;
let app: RunningApp;

beforeAll(async () => {
	browser = await launchBrowser();
	app = await RunningApp.start({
		photos: (photosPath) => copyDemoPhotos(photosPath, ["moose.webp"]),
	});
});
afterAll(async () => {
	await app.close();
	await browser.close();
});

async function placeIn(page: Page) {
	await page.getByRole("button", { name: "Settings", exact: true }).locator("visible=true").click();
	const settings = page.getByRole("dialog", { name: "Settings" });
	await settings.getByRole("tab", { name: "Search model" }).click();
	return settings.getByLabel("Where it runs");
}

test("the processor is chosen for the search model, and is chosen still after a reload", async () => {
	const { page } = await openView(browser, app.address);
	const before = await placeIn(page);
	await expect.poll(() => before.inputValue()).toBe("auto");
	await before.selectOption({ label: "Processor (CPU)" });
	await page.locator("select:enabled", { hasText: "Automatic" }).waitFor();
	await page.reload();
	const after = await placeIn(page);
	await expect.poll(() => after.inputValue()).toBe("cpu");
	await page.context().close();
});
