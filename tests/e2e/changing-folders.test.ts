/** @file What happens on the disk while the page is open: new, renamed, broken, vanished, odd. */
import { createHash } from "node:crypto";
import {
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	truncateSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { makePhoto } from "../fixtures/make-photos.ts";
import { launchBrowser } from "./browser.ts";
import { copyDemoPhotos, demoPhotosPath, RunningApp } from "./running-app.ts";
import { openView, photo, photos, shownNames, statusLine, type View } from "./view.ts";

const names = ["moose.webp", "grass.jpg", "dahlia.jpg"];

let browser: Browser;
let app: RunningApp;
let view: View;

beforeAll(async () => {
	browser = await launchBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
	app = await RunningApp.start({ photos: (photosPath) => copyDemoPhotos(photosPath, names) });
	await app.untilSearchable(names.length);
	// A photo may be asked for before anybody knows that it is broken, or while it is still written.
	const expected = /status of 422 .*\/thumbnail\?v=0/;
	view = await openView(browser, app.address, { expected });
	await expect.poll(async () => (await shownNames(view.page)).toSorted()).toEqual(names.toSorted());
});
afterEach(() => app.close());

test("files added, renamed and deleted show up by themselves", async () => {
	const { page } = view;
	copyDemoPhotos(app.photosPath, ["gravel.jpg"]);
	await expect.poll(() => shownNames(page)).toContain("gravel.jpg");
	await expect.poll(() => statusLine(page).textContent()).toContain("4 photos");
	await app.untilSearchable(4);
	const [before] = (await app.client.search.text({ query: "gravel" })).hits;

	renameSync(join(app.photosPath, "gravel.jpg"), join(app.photosPath, "stones.jpg"));
	await expect.poll(() => shownNames(page)).toContain("stones.jpg");
	await expect.poll(() => shownNames(page)).not.toContain("gravel.jpg");
	// The same photo under another name: it was not read again as a new one.
	const hits = (await app.client.search.text({ query: "gravel" })).hits;
	expect(hits.find((hit) => hit.path.endsWith("stones.jpg"))?.id).toBe(
		before?.path.endsWith("gravel.jpg") ? before.id : expect.anything(),
	);

	rmSync(join(app.photosPath, "stones.jpg"));
	await expect.poll(() => photos(page).count()).toBe(names.length);
	await view.close();
});

test("names with quotes, markup, line breaks and emoji show as they are", async () => {
	const odd = [`"quoted" 'name'.jpg`, "<img src=x>.jpg", "sun ☀️ 🏖️.jpg", "two\nlines.jpg"];
	for (const [seed, name] of odd.entries()) {
		writeFileSync(join(app.photosPath, name), await makePhoto(seed));
	}
	const { page } = view;
	await expect.poll(() => shownNames(page)).toEqual(expect.arrayContaining(odd));
	await app.untilSearchable(names.length + odd.length);
	for (const name of odd) {
		const spoken = name.replace("\n", " ");
		await photo(page, spoken).click();
		await page.getByRole("dialog", { name: spoken, exact: true }).waitFor();
		await page.keyboard.press("Escape");
		await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
	}
	expect(await page.locator("img[src=x]").count()).toBe(0);
	await view.close();
});

test("a broken file is told of with its reason, and can be tried again", async () => {
	const { page } = view;
	const brokenPath = join(app.photosPath, "broken.jpg");
	writeFileSync(brokenPath, readFileSync(join(demoPhotosPath, "gravel.jpg")));
	truncateSync(brokenPath, 2000);
	writeFileSync(join(app.photosPath, "nothing.png"), "");
	await page.getByRole("button", { name: "2 failed" }).click();
	await page.getByRole("dialog", { name: "2 photos could not be read" }).waitFor();
	const dialog = page.getByRole("dialog", { name: /could not be read/ });
	await dialog.getByText("The file is empty.").first().waitFor();
	await dialog.getByText("broken.jpg", { exact: true }).waitFor();
	await dialog.getByText("The end of the file is missing.").first().waitFor();

	writeFileSync(join(app.photosPath, "nothing.png"), await makePhoto(1));
	const repaired = dialog.getByText("nothing.png", { exact: true });
	await dialog
		.getByRole("button", { name: "Try again: nothing.png" })
		.click({ timeout: 2000 })
		// The file was seen to change and read before anybody could ask.
		.catch(() => undefined);
	await expect.poll(() => repaired.count()).toBe(0);
	await dialog.getByRole("button", { name: "Try again: broken.jpg" }).click();
	await dialog.getByText("Tried 2 times").waitFor();
	await page.keyboard.press("Escape");
	await page.getByRole("button", { name: "1 failed" }).waitFor();
	await view.close();
});

test("indexing is paused and goes on when asked to", async () => {
	const { page } = view;
	await app.client.activity.pause();
	await expect.poll(() => statusLine(page).textContent()).toContain("Paused");
	copyDemoPhotos(app.photosPath, ["gravel.jpg", "louvre.webp"]);
	await expect.poll(() => photos(page).count()).toBe(5);
	expect((await app.client.activity.progress()).searchable).toBe(3);
	await page.getByRole("button", { name: "Go on reading photos" }).click();
	await expect.poll(() => statusLine(page).textContent()).toContain("5 photos, all searchable");
	await view.close();
});

test("the work can be paused from the status line", async () => {
	const { page } = view;
	const pictures = await Promise.all(Array.from({ length: 150 }, (_, seed) => makePhoto(seed)));
	// All at once: what is read as fast as it is written leaves nothing to pause.
	for (const [seed, picture] of pictures.entries()) {
		writeFileSync(join(app.photosPath, `many-${seed}.jpg`), picture);
	}
	await page.getByRole("button", { name: "Pause reading photos" }).click();
	await expect.poll(() => statusLine(page).textContent()).toContain("Paused");
	const held = await app.client.activity.progress();
	expect(held.phase).toBe("paused");
	await page.getByRole("button", { name: "Go on reading photos" }).click();
	await expect.poll(() => statusLine(page).textContent()).not.toContain("Paused");
	await expect
		.poll(async () => (await app.client.activity.progress()).searchable)
		.toBeGreaterThan(held.searchable);
	await view.close();
});

test("a folder is removed only when that is confirmed, and its files stay as they are", async () => {
	const { page } = view;
	const before = fingerprints(app.photosPath);
	await page.getByRole("button", { name: "Settings" }).click();
	const settings = page.getByRole("dialog", { name: "Settings" });
	await settings.getByRole("button", { name: "Remove Pictures" }).click();
	await settings.getByText(/The photos themselves are not touched/).waitFor();
	await settings.getByRole("button", { name: "Keep it" }).click();
	expect(await app.client.folder.list()).toHaveLength(1);
	await settings.getByRole("button", { name: "Remove Pictures" }).click();
	await settings.getByRole("button", { name: "Remove folder" }).click();
	await settings.getByText("No folder belongs to the library yet.").waitFor();
	await page.keyboard.press("Escape");
	await page.getByRole("heading", { name: "Find your photos by what they show." }).waitFor();
	expect(fingerprints(app.photosPath)).toEqual(before);
	await view.close();
});

test("a folder that goes away is offline: its photos stay and can be searched", async () => {
	const { page } = view;
	const elsewhere = join(app.homePath, "..", "unplugged");
	renameSync(app.photosPath, elsewhere);
	await page.getByText(", drive not connected").first().waitFor({ state: "attached" });
	expect((await app.client.folder.list())[0]?.state).toBe("offline");
	await expect.poll(() => photos(page).count()).toBe(names.length);
	await page.keyboard.press("/");
	await page.keyboard.type("moose");
	await page
		.getByRole("heading", { level: 2, name: /^(Strong|Maybe|Closest)/ })
		.first()
		.waitFor();
	await photo(page, "moose.webp").click();
	await page.getByText("This photo is on a drive that is not connected.").waitFor();
	await page.keyboard.press("Escape");

	renameSync(elsewhere, app.photosPath);
	await expect.poll(async () => (await app.client.folder.list())[0]?.state).toBe("online");
	await expect.poll(() => page.getByText(", drive not connected").count()).toBe(0);
	await view.close();
});

/** Name and contents of every file: nothing of the person's may ever change. */
function fingerprints(folderPath: string): Record<string, string> {
	return Object.fromEntries(
		readdirSync(folderPath).map((name) => [
			name,
			createHash("sha256")
				.update(readFileSync(join(folderPath, name)))
				.digest("hex"),
		]),
	);
}
