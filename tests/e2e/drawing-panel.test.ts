/** What is done with drawings on the panel: comparing, starring, discarding, keeping, and the queue's order. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { DrawingSettings } from "../../contract/generation.ts";
import { launchBrowser } from "./browser.ts";
import { copyDemoPhotos, RunningApp } from "./running-app.ts";
import { openView, statusLine, untilFocused, type View } from "./view.ts";

// Drawing yields to whatever else the machine does.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const drawnWithin = { timeout: 180_000 };
let app: RunningApp;
let browser: Browser;
let view: View;
let page: Page;

beforeAll(async () => {
	browser = await launchBrowser();
	app = await RunningApp.start({ photos: (path) => copyDemoPhotos(path, ["grass.jpg"]) });
	await app.untilSearchable(1);
	for (const words of ["a red rose", "grey stones", "the blue sea"]) await ask(words);
	await vi.waitFor(() => expect(drawnFiles()).toHaveLength(3), drawnWithin);
	view = await openView(browser, app.address);
	page = view.page;
	page.setDefaultTimeout(60_000);
});
afterAll(async () => {
	await view?.close();
	await browser?.close();
	await app?.close();
});
beforeEach(async () => {
	await page.goto(`${app.address.origin}/#/generate`);
	await page.reload();
	await drawn("a red rose").waitFor();
});

const drawnFiles = () =>
	readdirSync(join(app.libraryPath, "generated")).filter((name) => name.endsWith(".png"));
const drawn = (of: string) =>
	page
		.getByRole("region", { name: "Drawn so far" })
		.getByRole("button")
		.filter({ has: page.getByRole("img", { name: `Drawn: ${of}` }) });

/** The smallest picture, by the quickest model. */
async function ask(words: string, change: Partial<DrawingSettings> = {}): Promise<void> {
	await app.client.generation.draw({
		settings: {
			family: "diffusion",
			prompts: [{ text: words, weight: 1 }],
			seed: 4,
			width: 64,
			height: 64,
			steps: 2,
			palette: [],
			canvas: null,
			finish: null,
			strength: null,
			...change,
		},
	});
}

test("two drawings are put side by side in the order of choosing, and one is starred there", async () => {
	await drawn("a red rose").click();
	await page.getByRole("button", { name: "Compare with another" }).click();
	await page.getByText("Choose the picture to put beside the framed one.").waitFor();
	await page.getByRole("button", { name: "Do not compare" }).click();
	await page.getByText("Choose the picture to put beside").waitFor({ state: "detached" });

	await drawn("a red rose").click();
	await page.getByRole("button", { name: "Compare with another" }).click();
	await drawn("the blue sea").click();
	const both = page.getByRole("dialog", { name: "Side by side" });
	await both.getByRole("figure").nth(1).waitFor();
	const shown = await both
		.getByRole("img")
		.evaluateAll((images) => images.map((image) => image.getAttribute("alt")));
	expect(shown).toEqual(["Drawn: a red rose", "Drawn: the blue sea"]);
	await both.getByRole("button", { name: "Star", exact: true }).first().click();
	await both.getByRole("button", { name: "Take the star away" }).waitFor();
	await page.keyboard.press("Escape");
	await both.waitFor({ state: "detached" });
	await expect
		.poll(() => drawn("the blue sea").evaluate((card) => card === document.activeElement))
		.toBe(true);

	await page.getByRole("checkbox", { name: "Only starred" }).check();
	await drawn("the blue sea").waitFor({ state: "detached" });
	expect(await drawn("a red rose").count()).toBe(1);
	await page.getByRole("checkbox", { name: "Only starred" }).uncheck();
	await drawn("the blue sea").waitFor();
});

test("a drawing is discarded by keyboard and brought back, and the keyboard stays with its neighbours", async () => {
	const cards = page.getByRole("region", { name: "Drawn so far" }).getByRole("listitem");
	const stones = cards.filter({ has: page.getByRole("img", { name: "Drawn: grey stones" }) });
	await stones.getByRole("button", { name: "Discard" }).focus();
	await page.keyboard.press("Enter");
	await page.getByText("Discarded the picture.").waitFor();
	await drawn("grey stones").waitFor({ state: "detached" });
	await expect
		.poll(() => drawn("a red rose").evaluate((card) => card === document.activeElement))
		.toBe(true);
	await expect.poll(() => drawnFiles().length).toBe(2);
	await page.keyboard.press("Control+z");
	await page.getByText("Brought the picture back.").waitFor();
	await drawn("grey stones").waitFor();
	await expect.poll(() => drawnFiles().length).toBe(3);
});

test("a number that cannot be is shown where it stands, and nothing is drawn", async () => {
	const before = (await app.client.generation.list()).drawings.length;
	const more = page.getByText("More", { exact: true });
	const width = page.getByRole("spinbutton", { name: "Width" });
	const words = page.getByRole("combobox", { name: "What the picture should show" });
	await words.fill("a boat");
	await more.click();
	await width.fill("250");
	await more.click();
	await width.waitFor({ state: "hidden" });
	await words.press("Enter");
	await width.waitFor();
	await width.fill("256");
	const pictures = page.getByRole("spinbutton", { name: "Pictures" });
	await pictures.fill("");
	await page.getByRole("button", { name: "Draw", exact: true }).click();
	await untilFocused(pictures);
	expect(await page.locator("#drawing-problem").count()).toBe(0);
	expect((await app.client.generation.list()).drawings).toHaveLength(before);
	await pictures.fill("1");
});

test("a wallpaper is 3,840 pixels wide and still says that a program drew it", async () => {
	await drawn("the blue sea").click();
	const downloading = page.waitForEvent("download");
	await page.getByRole("button", { name: "Download as wallpaper" }).click();
	const download = await downloading;
	expect(download.suggestedFilename()).toMatch(/^the-blue-sea-4-\d+-wallpaper\.png$/);
	const { width, height, xmp } = await sharp(await download.path()).metadata();
	expect([width, height]).toEqual([3840, 3840]);
	expect(String(xmp)).toContain("trainedAlgorithmicMedia");
});

test("held, the queue is put in another order and let go on; how long it takes outlives a restart", async () => {
	await app.client.generation.pause({ paused: true });
	for (const words of ["first words", "second words", "third words"]) await ask(words);
	const waiting = page.getByRole("region", { name: "Drawing", exact: true }).getByRole("listitem");
	await expect.poll(() => waiting.count()).toBe(3);
	const order = () => waiting.locator(".words").allTextContents();
	await expect.poll(order).toEqual(["first words", "second words", "third words"]);
	await page.getByRole("button", { name: "Draw “third words” earlier" }).click();
	await expect.poll(order).toEqual(["first words", "third words", "second words"]);
	await page.getByRole("button", { name: "Take “first words” out" }).focus();
	await page.keyboard.press("Enter");
	await expect.poll(order).toEqual(["third words", "second words"]);
	await expect
		.poll(() => page.evaluate(() => document.activeElement?.closest("li")?.textContent))
		.toContain("third words");
	await page.getByRole("button", { name: "Go on" }).click();
	await drawn("second words").waitFor(drawnWithin);
	await expect
		.poll(() => statusLine(page).textContent(), drawnWithin)
		.toContain("1 photo and 5 drawings, all searchable");

	await view.close();
	await app.kill("SIGTERM");
	await app.run();
	const opened = await openView(browser, app.address);
	await opened.page.goto(`${app.address.origin}/#/generate`);
	await opened.page.getByRole("button", { name: "Diffusion" }).click();
	await opened.page.getByText(/^Takes about \d+ (s|min) on this computer/).waitFor();
	await opened.close();
});
