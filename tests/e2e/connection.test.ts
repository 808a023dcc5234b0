/** @file The engine behind the page: gone, back again, and shared by two windows. */
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { launchBrowser } from "./browser.ts";
import { copyDemoPhotos, RunningApp } from "./running-app.ts";
import { openView, photo, photos, searchBox, shownNames, statusLine } from "./view.ts";

const names = ["moose.webp", "grass.jpg", "dahlia.jpg"];

let browser: Browser;
let app: RunningApp;

beforeAll(async () => {
	browser = await launchBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
	app = await RunningApp.start({ photos: (photosPath) => copyDemoPhotos(photosPath, names) });
	await app.untilSearchable(names.length);
});
afterEach(() => app.close());

test("when the engine is killed the page says so, keeps the photos, and leads back in", async () => {
	// Every try to connect while nobody listens is an error of the browser's own.
	const view = await openView(browser, app.address, {
		expected: /WebSocket connection to .* failed|net::ERR_(CONNECTION|EMPTY)|status of 401/,
	});
	const { page } = view;
	await expect.poll(() => photos(page).count()).toBe(names.length);
	const port = Number(app.address.port);
	await app.kill();
	await expect.poll(() => statusLine(page).textContent()).toContain("Afterimage is not running");
	expect(await photos(page).count()).toBe(names.length);

	// The token is a new one with every start: the window says where to find it.
	await app.run({ port });
	await page.getByRole("heading", { name: "Open Afterimage from its own address" }).waitFor();
	await page.goto(app.address.href);
	await expect.poll(() => photos(page).count()).toBe(names.length);
	await expect.poll(() => statusLine(page).textContent()).toContain("3 photos, all searchable");
	await view.close();
});

test("two windows show the same library, and what one changes the other sees", async () => {
	const one = await openView(browser, app.address);
	const other = await openView(browser, app.address);
	for (const { page } of [one, other]) {
		await expect.poll(async () => (await shownNames(page)).toSorted()).toEqual(names.toSorted());
	}
	await searchBox(one.page).fill("a flower");
	await one.page.getByRole("heading", { level: 1, name: "Best matches for “a flower”" }).waitFor();
	// Gravel is no flower: it only counts where everything does.
	await one.page.getByRole("slider", { name: "How sure a match must be" }).press("Home");
	await photo(other.page, "grass.jpg").click();
	await other.page.getByRole("dialog", { name: "grass.jpg" }).waitFor();
	await other.page.keyboard.press("Escape");
	copyDemoPhotos(app.photosPath, ["gravel.jpg"]);
	await expect.poll(() => shownNames(other.page)).toContain("gravel.jpg");
	await expect.poll(() => photos(one.page).count()).toBe(4);
	await one.close();
	await other.close();
});

test("without the token the page says how to come in", async () => {
	const context = await browser.newContext();
	const page = await context.newPage();
	const response = await page.goto(app.address.origin);
	expect(response?.status()).toBe(401);
	await page.getByRole("heading", { name: "Open Afterimage from its own address" }).waitFor();
	await context.close();
});
