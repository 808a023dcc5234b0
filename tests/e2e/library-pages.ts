/**
 * @file One app over some photos for all tests of a file, and a page of its own for each test. Each test
 * file has this module to itself, so what it exports is that file's.
 */
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { launchBrowser } from "./browser.ts";
import { type AppOptions, RunningApp } from "./running-app.ts";
import { openView, photos, type View, type ViewOptions } from "./view.ts";

export let browser: Browser;
export let app: RunningApp;
/** Of the test that runs. */
export let view: View;

/** Registers what comes before and after the tests: the app with `count` photos that can be found, a page that shows some. */
export function openLibraryPages(
	count: number,
	options: Pick<AppOptions, "photos">,
	viewOptions: ViewOptions = {},
): void {
	beforeAll(async () => {
		browser = await launchBrowser();
		app = await RunningApp.start(options);
		await app.untilSearchable(count);
	});
	afterAll(async () => {
		await app?.close();
		await browser?.close();
	});
	beforeEach(async () => {
		view = await openView(browser, app.address, viewOptions);
		await photos(view.page).first().waitFor();
	});
	afterEach(() => view.close());
}
