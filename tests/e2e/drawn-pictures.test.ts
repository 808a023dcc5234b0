/** @file Drawing as a person does it, with the real models at their smallest. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import { app, openLibraryPages, view } from "./library-pages.ts";
import { copyDemoPhotos } from "./running-app.ts";
import { photos, searchBox } from "./view.ts";

// Guided drawing loads three networks for each picture.
vi.setConfig({ testTimeout: 600_000 });

const names = ["grass.jpg", "louvre.webp", "dahlia.jpg"];
openLibraryPages(names.length, { photos: (path) => copyDemoPhotos(path, names) });
beforeEach(() => view.page.setDefaultTimeout(120_000));

/** Drawing takes the processor, and the page has to wait its turn. */
const polled = <Value>(look: () => Value | Promise<Value>) =>
	expect.poll(look, { timeout: 120_000 });

const prompt = "What the picture should show";
const drawnFiles = () =>
	readdirSync(join(app.libraryPath, "generated")).filter((name) => name.endsWith(".png"));
const bytesOf = (name: string) => readFileSync(join(app.libraryPath, "generated", name));

/** The panel, with the smallest picture asked for. */
async function openPanel(steps: number) {
	const { page } = view;
	await page.getByRole("link", { name: "Generate" }).click();
	await page.getByText("More", { exact: true }).click();
	await page.getByLabel("Width").fill("64");
	await page.getByLabel("Height").fill("64");
	await page.getByLabel("Steps").fill(String(steps));
	return page;
}

test("a picture is stopped, one is finished, downloaded, found by is:generated, and drawn the same again", async () => {
	const page = await openPanel(2000);
	await page.getByLabel(prompt).fill("a lighthouse");
	await page.getByRole("button", { name: "Draw", exact: true }).click();
	await page.getByRole("progressbar", { name: "Drawing a lighthouse" }).waitFor();
	await page.getByText(/^Step \d+ of 2,?000/).waitFor();
	await page.getByRole("button", { name: "Stop", exact: true }).click();
	await page.getByText("Stopped the picture.").waitFor();
	await page.getByText("Nothing has been drawn yet.").waitFor();
	expect(drawnFiles()).toEqual([]);

	await page.getByLabel("Steps").fill("2");
	await page.getByLabel(prompt).fill("a green meadow");
	await page.getByLabel(prompt).press("Enter");
	await page.getByRole("img", { name: "a green meadow" }).click();
	const dialog = page.getByRole("dialog", { name: "Drawn picture" });
	await dialog.getByText(/Guided · 64 × 64 · 2 steps · seed \d+/).waitFor();
	const downloading = page.waitForEvent("download");
	await dialog.getByRole("button", { name: "Download", exact: true }).click();
	const downloaded = await (await downloading).path();
	const [name = ""] = drawnFiles();
	expect(readFileSync(downloaded).equals(bytesOf(name))).toBe(true);
	await page.keyboard.press("Escape");

	await page.getByRole("link", { name: /^Drawings/ }).click();
	const listed = photos(page);
	await polled(() => listed.count()).toBe(1);
	await polled(() => listed.first().locator("img").getAttribute("alt")).toMatch(
		/drawn by a program/,
	);
	await page.getByRole("link", { name: /^Photos/ }).click();
	await polled(() => listed.count()).toBe(names.length);
	await page.getByRole("button", { name: "Drawn pictures: 1 drawn hidden" }).click();
	await page.getByRole("menuitemradio", { name: "Shown" }).click();
	await polled(() => listed.count()).toBe(names.length + 1);
	await page.getByRole("button", { name: "Drawn pictures: Drawn shown" }).click();
	await page.getByRole("menuitemradio", { name: "Hidden" }).click();
	await polled(() => listed.count()).toBe(names.length);

	await searchBox(page).fill("is:generated meadow");
	await polled(() => listed.count()).toBe(1);
	await listed.first().dblclick();
	const viewer = page.getByRole("dialog");
	await viewer.getByText("Drawn", { exact: true }).waitFor();
	await viewer.getByRole("button", { name: "About this picture" }).click();
	const facts = viewer.getByRole("complementary", { name: "About this picture" });
	await facts.getByText("Drawn by a program, not photographed").waitFor();
	await expect.poll(() => facts.getByLabel("Caption").inputValue()).toBe("a green meadow");
	await facts.getByText(/Guided · 64 × 64 · 2 steps/).waitFor();
	// Its prompt is its caption, and is not said twice.
	await expect.poll(() => facts.locator(".prompt").count()).toBe(0);
	await facts.getByRole("button", { name: "Use these settings again" }).click();
	await polled(() => page.getByLabel(prompt).inputValue()).toBe("a green meadow");
	await page.getByRole("button", { name: "Draw", exact: true }).click();
	await polled(() => drawnFiles().length).toBe(2);
	const [one = "", other = ""] = drawnFiles();
	expect(bytesOf(one).equals(bytesOf(other))).toBe(true);
});

test("what was searched for, a photo and a selection lead to the panel; tags complete the prompt", async () => {
	const { page } = view;
	await searchBox(page).fill("dahlia");
	await page.getByRole("button", { name: "Paint what I searched for" }).click();
	await page.getByText(/^Keeps to the colours of the best hits?\.$/).waitFor();
	await polled(() => page.getByLabel(prompt).inputValue()).toBe("dahlia");

	await page.getByRole("link", { name: /^Photos/ }).click();
	await photos(page).first().click({ button: "right" });
	await page.getByRole("menuitem", { name: "Draw a picture from it" }).click();
	await page.getByText(/^Begins with (grass|louvre|dahlia)\.\w+\.$/).waitFor();
	await polled(() => page.getByText(/^Keeps to the colours/).count()).toBe(0);

	await page.getByRole("link", { name: /^Photos/ }).click();
	await photos(page).first().focus();
	await page.keyboard.press("Control+a");
	await photos(page).first().click({ button: "right" });
	await page.getByRole("menuitem", { name: "Draw a picture from these" }).click();
	await page.getByText("Keeps to the colours of 3 photos.").waitFor();
	await page.getByText(/^Begins with /).waitFor();

	const { hits } = await app.client.search.text({ query: "name:dahlia" });
	await app.client.tag.apply({ ids: hits.map(({ id }) => id), add: ["garden flower"] });
	const box = page.getByLabel(prompt);
	await box.fill("");
	await box.pressSequentially("a red gar");
	// The page hears of the new tag in its own time.
	await page.getByRole("option", { name: "garden flower" }).waitFor();
	await box.press("ArrowDown");
	await box.press("Enter");
	await polled(() => box.inputValue()).toBe("a red garden flower ");
});
