/** @file A model of the person's own: installed from its folder in the page, chosen, drawn with, stopped, removed. */
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { modelIdSchema } from "../../contract/model-package.ts";
import { launchBrowser } from "./browser.ts";
import { copyDemoPhotos, RunningApp } from "./running-app.ts";
import { openView, type View } from "./view.ts";

const drawingMs = 180_000;
const janus = join(import.meta.dirname, "..", "fixtures", "generator", "janus", "package");

let app: RunningApp;
let browser: Browser;
let view: View;
let page: Page;

beforeAll(async () => {
	app = await RunningApp.start({ photos: (path) => copyDemoPhotos(path, ["grass.jpg"]) });
	browser = await launchBrowser();
	view = await openView(browser, app.address);
	page = view.page;
});

afterAll(async () => {
	await view?.close();
	await browser?.close();
	await app?.close();
});

test("a model in Janus-Pro's layout is installed from a folder, and draws by its family", async () => {
	await page.goto(`${app.address.origin}/#/generate`);
	await page.getByRole("button", { name: "Token by token" }).click();
	await page.getByText("of memory while it draws").waitFor();
	expect(await page.getByRole("combobox", { name: "Model", exact: true }).count()).toBe(0);

	await page.getByRole("button", { name: "Settings", exact: true }).click();
	const settings = page.getByRole("dialog", { name: "Settings" });
	await settings.getByRole("tab", { name: "Search model" }).click();
	await settings.getByRole("button", { name: "Install from a folder…" }).click();
	const chooser = page.getByRole("dialog", { name: "Install a model from a folder" });
	await chooser.getByLabel("Path of the folder").fill(janus);
	await page.keyboard.press("Enter");
	await chooser.getByText("package", { exact: true }).first().waitFor();
	await chooser.getByRole("button", { name: "Install this folder" }).click();
	await settings.getByText("package is installed.").waitFor();
	await page.keyboard.press("Escape");
	await settings.waitFor({ state: "hidden" });

	await page.getByRole("combobox", { name: "Model", exact: true }).selectOption("package");
	await page.getByText("More", { exact: true }).click();
	// The model's own size and sampling are what is asked for.
	const width = page.getByRole("spinbutton", { name: "Width" });
	await expect.poll(() => width.inputValue()).toBe("64");
	await page.getByRole("spinbutton", { name: "Candidates" }).fill("2");
	const words = page.getByRole("combobox", { name: "What the picture should show" });
	await words.fill("a red rose");
	await words.press("Enter");
	await page.getByRole("img", { name: "Drawn: a red rose" }).waitFor({ timeout: drawingMs });
	const { drawings } = await app.client.generation.list();
	expect(drawings.map(({ settings }) => settings)).toMatchObject([
		{ package: "package", steps: 16, width: 64, height: 64 },
	]);
});

test("stopped, a picture is not finished; without the model its family draws with its own again", async () => {
	await page.getByRole("spinbutton", { name: "Candidates" }).fill("16");
	await page.getByRole("spinbutton", { name: "Pictures" }).fill("16");
	const words = page.getByRole("combobox", { name: "What the picture should show" });
	await words.fill("a white flower");
	await words.press("Enter");
	await page.getByText(/^Step \d+ of 16/).waitFor({ timeout: drawingMs });
	await page.getByRole("button", { name: "Stop" }).click();
	const asked = async () => {
		const { drawings } = await app.client.generation.list();
		return drawings.filter(({ settings }) =>
			settings.prompts.some(({ text }) => text === "a white flower"),
		);
	};
	await expect.poll(async () => (await asked()).length).toBe(15);
	await app.client.generation.discard({ ids: (await asked()).map(({ id }) => id) });
	await app.client.model.remove({ id: modelIdSchema.parse("package") });
	await page.getByRole("combobox", { name: "Model", exact: true }).waitFor({ state: "detached" });
	await expect.poll(() => page.getByRole("spinbutton", { name: "Width" }).inputValue()).toBe("256");
});
