/**
 * @file `npm run screenshots`: pictures of the main screens into docs/screenshots, from the demo photos
 * in a fresh library. Names and contents are the same with every run; only measured times differ.
 */
import { createHash } from "node:crypto";
import {
	mkdirSync,
	readdirSync,
	rmSync,
	statSync,
	truncateSync,
	utimesSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import sharp from "sharp";
import { launchBrowser } from "../tests/e2e/browser.ts";
import { copyDemoPhotos, demoPhotosPath, RunningApp } from "../tests/e2e/running-app.ts";
import { openView, photo, searchBox } from "../tests/e2e/view.ts";

const targetPath = join(import.meta.dirname, "..", "docs", "screenshots");
/** The photo that is given the place it was taken at, for its facts to be shown. */
const placedName = "picos-de-europa.jpg";
const mostBytes = 3 * 1024 * 1024;

const wide = { viewport: { width: 1440, height: 900 }, deviceScaleFactor: 1 };
const narrow = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true };
const looks = [
	{ look: "light", colorScheme: "light", ...wide },
	{ look: "dark", colorScheme: "dark", ...wide },
	{ look: "narrow", colorScheme: "light", ...narrow },
] as const;

interface Screen {
	name: string;
	/** From the library to the screen. */
	reach: (page: Page) => Promise<unknown>;
}

const welcome: Screen = {
	name: "welcome",
	reach: (page) => page.getByRole("button", { name: "Choose a folder" }).waitFor(),
};

const screens: readonly Screen[] = [
	{ name: "library", reach: async () => undefined },
	{
		name: "search",
		reach: async (page) => {
			await searchBox(page).fill("mountains");
			await page.getByRole("heading", { name: "Best matches for “mountains”" }).waitFor();
		},
	},
	{
		name: "viewer",
		reach: async (page) => {
			await photo(page, placedName).click();
			await page.keyboard.press("i");
			await page.getByRole("complementary").getByRole("img").nth(3).waitFor();
		},
	},
	{
		name: "folder-chooser",
		reach: async (page) => {
			const add = page.getByRole("button", { name: "Add folder" }).locator("visible=true");
			if ((await add.count()) === 0) await page.getByRole("button", { name: "Folders" }).click();
			await add.click();
			await page.getByRole("option", { name: "Pictures" }).click();
			await page.getByRole("option", { name: "Holidays" }).waitFor();
		},
	},
	{
		name: "settings",
		reach: async (page) => {
			const settings = page.getByRole("button", { name: "Settings", exact: true });
			await settings.locator("visible=true").click();
			await page.getByRole("tab", { name: "Search model" }).click();
			await page.getByText("Apache-2.0 (weights derived").waitFor();
		},
	},
	{
		name: "tags",
		reach: async (page) => {
			await page.goto(`${app.address.origin}/#/tags`);
			await page.getByRole("heading", { name: "Only suggested" }).waitFor();
		},
	},
	{
		name: "label",
		reach: async (page) => {
			await page.goto(`${app.address.origin}/#/label`);
			await page.getByLabel("What do the photos show?").fill("a mountain");
			await page.getByRole("heading", { name: "Best of all" }).waitFor();
		},
	},
	{
		name: "generate",
		reach: async (page) => {
			await page.goto(`${app.address.origin}/#/generate`);
			await page.getByText(/of memory while it draws/).waitFor();
		},
	},
	{
		name: "failures",
		reach: async (page) => {
			await page.getByRole("button", { name: "2 failed" }).click();
			await page.getByText("The file is empty.").first().waitFor();
		},
	},
];

const app = await RunningApp.start();
const browser = await launchBrowser();
try {
	rmSync(targetPath, { recursive: true, force: true });
	mkdirSync(targetPath, { recursive: true });
	await take(browser, welcome);
	await fillPictures(app.photosPath);
	await app.client.folder.add({ path: app.photosPath });
	await app.untilSearchable(readdirSync(demoPhotosPath).length - 1);
	for (const screen of screens) await take(browser, screen);
} finally {
	await browser.close();
	await app.close();
}
const sizesBytes = readdirSync(targetPath).map((name) => statSync(join(targetPath, name)).size);
const totalBytes = sizesBytes.reduce((sum, bytes) => sum + bytes, 0);
console.log(
	`${sizesBytes.length} pictures, ${Math.round(totalBytes / 1024)} KB in docs/screenshots.`,
);
if (totalBytes > mostBytes) throw new Error("The pictures take more than 3 MB.");

async function take(browser: Browser, { name, reach }: Screen): Promise<void> {
	for (const { look, ...options } of looks) {
		const view = await openView(browser, app.address, { ...options, prepare: renameHome });
		const { page } = view;
		if (name !== "welcome") await page.locator("main img.shown").first().waitFor();
		await reach(page);
		await page.mouse.move(0, 0);
		await page.waitForFunction(() => [...document.images].every((image) => image.complete));
		await page.waitForTimeout(500);
		const picture = await page.screenshot();
		const small = await sharp(picture).webp({ quality: 82, effort: 6 }).toBuffer();
		writeFileSync(join(targetPath, `${name}-${look}.webp`), small);
		await view.close();
	}
}

/** The demo photos as somebody would have them: over some months, one with its place, two broken. */
async function fillPictures(picturesPath: string): Promise<void> {
	for (const name of ["Family", "Garden", "Holidays", "Scans"]) mkdirSync(join(picturesPath, name));
	const names = readdirSync(demoPhotosPath).filter((name) => !name.endsWith(".md"));
	copyDemoPhotos(picturesPath, names);
	const placed = await sharp(join(demoPhotosPath, placedName))
		.withExif({
			IFD3: {
				GPSLatitudeRef: "N",
				GPSLatitude: "43/1 11/1 50/1",
				GPSLongitudeRef: "W",
				GPSLongitude: "4/1 51/1 5/1",
			},
		})
		.jpeg({ quality: 90 })
		.toBuffer();
	writeFileSync(join(picturesPath, placedName), placed);
	writeFileSync(join(picturesPath, "IMG_0412.jpg"), "");
	const cutOff = join("Scans", "brick-wall.jpg");
	copyDemoPhotos(join(picturesPath, "Scans"), ["brick-wall.jpg"]);
	truncateSync(join(picturesPath, cutOff), 9000);
	const newestMs = Date.UTC(2026, 9, 18, 14, 30);
	for (const [index, name] of [...names.toSorted(byMixture), "IMG_0412.jpg", cutOff].entries()) {
		// Four days and eleven minutes apart: at other times of the day, and never at night.
		const seconds = (newestMs - index * (4 * 1440 + 11) * 60_000) / 1000;
		utimesSync(join(picturesPath, name), seconds, seconds);
	}
}

/** An order that is always the same and not the alphabet's. */
function byMixture(one: string, other: string): number {
	const key = (name: string) => createHash("sha256").update(name).digest("hex");
	return key(one) < key(other) ? -1 : 1;
}

/**
 * The page is told of a home folder that a person would have instead of the temporary one, and of no
 * drives, which are those of the machine that takes the pictures.
 */
async function renameHome(page: Page): Promise<void> {
	const shown = "/home/me";
	const toServer = (text: string) => text.replaceAll(shown, app.homePath);
	const toPage = (text: string) =>
		text
			.replaceAll(app.homePath, shown)
			.replaceAll(app.libraryPath, `${shown}/.local/share/afterimage`)
			.replaceAll(/,\{"name":"[^"]*","path":"\/(mnt|media|run\/media)\/[^"]*"\}/g, "");
	await page.routeWebSocket(/\/rpc$/, (socket) => {
		const server = socket.connectToServer();
		socket.onMessage((message) =>
			server.send(typeof message === "string" ? toServer(message) : message),
		);
		server.onMessage((message) =>
			socket.send(typeof message === "string" ? toPage(message) : message),
		);
	});
}
