/** @file Drawing from words: by the small bundled models, and with every family side by side. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { launchBrowser } from "./browser.ts";
import { copyDemoPhotos, RunningApp } from "./running-app.ts";
import { openView, type View } from "./view.ts";

/** Drawing yields to whatever else the machine does. */
const drawingMs = 180_000;
vi.setConfig({ testTimeout: 2 * drawingMs });

let app: RunningApp;
let browser: Browser;
let view: View;
let page: Page;

beforeAll(async () => {
	app = await RunningApp.start({ photos: (path) => copyDemoPhotos(path, ["grass.jpg"]) });
	browser = await launchBrowser();
	view = await openView(browser, app.address);
	page = view.page;
	await page.goto(`${app.address.origin}/#/generate`);
	await page.getByRole("heading", { level: 1, name: "Generate" }).waitFor();
});

afterAll(async () => {
	await view?.close();
	await browser?.close();
	await app?.close();
});

const words = () => page.getByRole("combobox", { name: "What the picture should show" });
const drawn = (of: string) => page.getByRole("img", { name: `Drawn: ${of}` });

test("diffusion draws what is asked, and says how well it fits", async () => {
	await page.getByRole("button", { name: "Diffusion" }).click();
	await page.getByText("of memory while it draws").waitFor();
	await words().fill("a red rose");
	await words().press("Enter");
	await drawn("a red rose").waitFor({ timeout: drawingMs });
	await page.getByText(/^fit -?0\.\d\d$/).waitFor();
});

test("token by token the candidates fill side by side, and the sampling can be set", async () => {
	await page.getByRole("button", { name: "Token by token" }).click();
	await page.getByText("More", { exact: true }).click();
	await page.getByRole("spinbutton", { name: "Candidates" }).fill("2");
	await page.getByRole("spinbutton", { name: "Temperature" }).fill("0.5");
	expect(await page.getByRole("spinbutton", { name: "Steps" }).count()).toBe(0);
	await words().fill("a white flower");
	await words().press("Enter");
	await page.getByText(/^Step \d+ of 64/).waitFor();
	await drawn("a white flower").waitFor({ timeout: drawingMs });
});

test("all families are asked for the same words, and shown side by side", async () => {
	await page.getByRole("button", { name: /^All/ }).click();
	const needs = page.getByText("of memory while it draws");
	await expect.poll(() => needs.count()).toBeGreaterThan(1);
	const families = await needs.count();
	await words().fill("a field of yellow flowers");
	await page.getByRole("button", { name: "Draw with all" }).click();
	const together = page.getByRole("region", { name: "Side by side: a field of yellow flowers" });
	await together.getByRole("heading", { name: "Diffusion" }).waitFor();
	const shown = together.getByRole("listitem");
	await expect.poll(() => shown.count()).toBe(families);
	await together
		.getByText(/^Step \d+ of \d+/)
		.first()
		.waitFor();
	await page.getByRole("button", { name: "Stop" }).click();
	await expect.poll(() => shown.count()).toBeLessThan(families);
});
