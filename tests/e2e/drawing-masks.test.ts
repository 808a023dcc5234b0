/** Changing only a part of a picture: marked by keyboard, mouse and finger, drawn by the real small model. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { readProvenance } from "../../engine/generator/provenance.ts";
import { launchBrowser } from "./browser.ts";
import { copyDemoPhotos, RunningApp } from "./running-app.ts";
import { seriousFindings } from "./serious-findings.ts";
import { openView, photos, type View, type ViewOptions } from "./view.ts";

// Drawing yields to whatever else the machine does.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const drawnWithin = { timeout: 180_000 };
let app: RunningApp;
let browser: Browser;
let view: View | null = null;

beforeAll(async () => {
	browser = await launchBrowser();
	app = await RunningApp.start({ photos: (path) => copyDemoPhotos(path, ["dahlia.jpg"]) });
	await app.untilSearchable(1);
});
afterEach(async () => {
	await view?.close();
	view = null;
});
afterAll(async () => {
	await app?.close();
	await browser?.close();
});

/** The panel, with a photo to begin with and the smallest picture asked for. */
async function openPanel(options: ViewOptions = {}): Promise<Page> {
	view = await openView(browser, app.address, { bypassCSP: true, ...options });
	const { page } = view;
	page.setDefaultTimeout(120_000);
	await photos(page).first().click({ button: "right" });
	await page.getByRole("menuitem", { name: "Draw a picture from it" }).click();
	await page.getByText("Begins with dahlia.jpg.", { exact: true }).waitFor();
	await page.getByRole("button", { name: "Diffusion" }).click();
	await page.getByText("More", { exact: true }).click();
	for (const [label, value] of [
		["Width", "64"],
		["Height", "64"],
		["Steps", "2"],
	] as const) {
		await page.getByLabel(label).fill(value);
	}
	return page;
}

async function openMarking(page: Page): Promise<Locator> {
	await page.getByRole("button", { name: "Change only a part of it" }).click();
	const dialog = page.getByRole("dialog", { name: "What may change" });
	await dialog.locator("[data-mask-pad]").waitFor();
	return dialog;
}

const drawnFiles = () =>
	readdirSync(join(app.libraryPath, "generated"))
		.filter((name) => name.endsWith(".png"))
		.map((name) => readFileSync(join(app.libraryPath, "generated", name)));

/** The left halves of drawing and start picture, and whether the right ones differ. */
async function comparedWithStart(file: Buffer) {
	const { startPicture } = readProvenance(file);
	const [drawn, start] = await Promise.all(
		[file, startPicture ?? Buffer.alloc(0)].map((bytes) => sharp(bytes).raw().toBuffer()),
	);
	const half = (pixels: Buffer | undefined, right: boolean) =>
		Buffer.from(
			(pixels ?? Buffer.alloc(0)).filter((_, at) => Math.floor(at / 3) % 64 >= 32 === right),
		);
	const differs = Buffer.compare(half(drawn, true), half(start, true)) !== 0;
	return { drawn: half(drawn, false), start: half(start, false), differs };
}

test("by keyboard alone half of a photo is given up, and the other half stays to the byte", async () => {
	const page = await openPanel();
	const opener = page.getByRole("button", { name: "Change only a part of it" });
	await opener.focus();
	await page.keyboard.press("Enter");
	const dialog = page.getByRole("dialog", { name: "What may change" });
	await expect
		.poll(() => dialog.getByRole("button", { name: "Mark", exact: true }).count())
		.toBe(1);
	await dialog.getByText("Nothing is marked: all of it may change").waitFor();
	expect(await seriousFindings(page, { part: dialog })).toEqual([]);
	await dialog.getByRole("button", { name: "Right half" }).focus();
	await page.keyboard.press("Enter");
	await dialog.getByText("50 % of the picture may change.").waitFor();
	await page.keyboard.press("Escape");
	await page.getByText("Begins with dahlia.jpg. 50 % of it may change.").waitFor();

	await page.getByLabel("What the picture should show").fill("green leaves");
	await page.keyboard.press("Enter");
	const card = page.getByRole("img", { name: "Drawn: green leaves" });
	await card.first().waitFor(drawnWithin);
	const [file] = drawnFiles();
	if (file === undefined) throw new Error("There is no drawn file.");
	const { drawn, start, differs } = await comparedWithStart(file);
	expect(drawn.equals(start)).toBe(true);
	expect(differs).toBe(true);
	expect(file.toString("latin1")).toContain("compositeWithTrainedAlgorithmicMedia");

	// Another start, then the drawing's own again, with what was marked.
	await page.getByRole("button", { name: "Begin without a picture" }).click();
	await card.first().click();
	const opened = page.getByRole("dialog", { name: "Drawn picture" });
	await opened.getByText(/begun with a picture, part of it kept/).waitFor();
	await opened.getByRole("button", { name: "Use these settings again" }).click();
	await page.getByText("Begins with its start picture. 50 % of it may change.").waitFor();
	await page.getByRole("button", { name: "Draw", exact: true }).click();
	await expect.poll(() => drawnFiles().length, drawnWithin).toBe(2);
	const [one, other] = drawnFiles();
	expect(one?.equals(other ?? Buffer.alloc(0))).toBe(true);
});

test("mouse and finger paint on a narrow screen; erasing, inverting, clearing and undoing do what they say", async () => {
	const page = await openPanel({ viewport: { width: 390, height: 844 }, hasTouch: true });
	const dialog = await openMarking(page);
	const shareTold = async () => {
		const words = await dialog.getByRole("status").textContent();
		return Number(/^(\d+) %/.exec(words ?? "")?.[1] ?? 0);
	};
	const box = await dialog.locator("[data-mask-pad]").boundingBox();
	if (box === null) throw new Error("There is nothing to paint on.");
	const at = (x: number, y: number) => ({ x: box.x + x * box.width, y: box.y + y * box.height });
	const from = at(0.2, 0.3);
	const to = at(0.8, 0.3);
	await page.mouse.move(from.x, from.y);
	await page.mouse.down();
	await page.mouse.move(to.x, to.y, { steps: 5 });
	await page.mouse.up();
	await expect.poll(shareTold).toBeGreaterThan(5);
	const byMouse = await shareTold();

	const finger = await page.context().newCDPSession(page);
	const touch = (
		type: "touchStart" | "touchMove" | "touchEnd",
		...touchPoints: { x: number; y: number }[]
	) => finger.send("Input.dispatchTouchEvent", { type, touchPoints });
	await touch("touchStart", at(0.2, 0.7));
	await touch("touchMove", at(0.5, 0.7));
	await touch("touchMove", at(0.8, 0.7));
	await touch("touchEnd");
	await expect.poll(shareTold).toBeGreaterThan(byMouse);
	const byBoth = await shareTold();

	await dialog.getByRole("button", { name: "Invert" }).click();
	await expect.poll(shareTold).toBeGreaterThan(50);
	expect(Math.abs((await shareTold()) + byBoth - 100)).toBeLessThanOrEqual(1);
	await dialog.getByRole("button", { name: "Undo" }).click();
	await expect.poll(shareTold).toBe(byBoth);
	await page.keyboard.press("Control+z");
	await expect.poll(shareTold).toBe(byMouse);
	await dialog.getByRole("button", { name: "Erase", exact: true }).click();
	await dialog.getByRole("button", { name: "Top half" }).click();
	await dialog.getByText("Nothing is marked: all of it may change").waitFor();
	await dialog.getByRole("button", { name: "Mark", exact: true }).click();
	await dialog.getByText("A rectangle by its measures").click();
	await dialog.getByLabel("Width, %").fill("100");
	await dialog.getByLabel("From the left, %").fill("0");
	await dialog.getByRole("button", { name: "Mark this rectangle" }).click();
	await dialog.getByText("50 % of the picture may change.").waitFor();
	expect(await seriousFindings(page, { part: dialog })).toEqual([]);
	await dialog.getByRole("button", { name: "Clear" }).click();
	await dialog.getByText("Nothing is marked: all of it may change").waitFor();
	await dialog.getByRole("button", { name: "Done" }).click();
	await page.getByText("Begins with dahlia.jpg.", { exact: true }).waitFor();
	const overflow = () =>
		page.evaluate(() => {
			const panel = document.querySelector("main form")?.closest("div");
			return (panel?.scrollWidth ?? 0) - (panel?.clientWidth ?? 0);
		});
	await page.getByRole("button", { name: "Change only a part of it" }).waitFor();
	expect(await overflow()).toBe(0);
});

test("a family that cannot begin with a picture says so and draws without it", async () => {
	const page = await openPanel();
	await page.getByRole("button", { name: "Token by token" }).click();
	await page.getByText("This way of drawing cannot begin with dahlia.jpg.").waitFor();
	expect(await page.getByRole("button", { name: "Change only a part of it" }).count()).toBe(0);
});

test("what waits with a mask when the app ends is offered again and keeps what it kept", async () => {
	const page = await openPanel();
	await app.client.generation.pause({ paused: true });
	const dialog = await openMarking(page);
	await dialog.getByRole("button", { name: "Right half" }).click();
	await dialog.getByRole("button", { name: "Done" }).click();
	await page.getByLabel("What the picture should show").fill("a brick wall");
	await page.keyboard.press("Enter");
	await page.getByText(/· held$/).waitFor();
	await view?.close();
	view = null;
	const before = drawnFiles().length;
	await app.kill();
	await app.run();
	view = await openView(browser, app.address);
	await view.page.goto(`${app.address.origin}/#/generate`);
	await view.page.getByText("A picture was not finished when Afterimage was closed.").waitFor();
	await view.page.getByRole("button", { name: "Draw now" }).click();
	await view.page.getByRole("img", { name: "Drawn: a brick wall" }).waitFor(drawnWithin);
	expect(drawnFiles()).toHaveLength(before + 1);
	const wall = drawnFiles().find((file) => file.toString("latin1").includes("a brick wall"));
	const { drawn, start, differs } = await comparedWithStart(wall ?? Buffer.alloc(0));
	expect(drawn.equals(start)).toBe(true);
	expect(differs).toBe(true);
});
