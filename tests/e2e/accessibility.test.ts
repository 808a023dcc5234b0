/** @file Every screen and dialog, light and dark, wide and narrow, looked at by axe. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TagWritingStatus } from "../../contract/tag-writing.ts";
import { launchBrowser } from "./browser.ts";
import { copyDemoPhotos, RunningApp } from "./running-app.ts";
import { seriousFindings } from "./serious-findings.ts";
import { openPhoto, openView, photo, photos, searchBox, type View } from "./view.ts";

const names = ["moose.webp", "grass.jpg", "dahlia.jpg", "louvre.webp", "giant-panda.webp"];

/** A screen and the way there from the library; the way back is loading the page again. */
interface Screen {
	name: string;
	reach: (page: Page) => Promise<unknown>;
}

const screens: readonly Screen[] = [
	{ name: "library", reach: async () => undefined },
	{
		name: "suggestions",
		reach: async (page) => {
			await searchBox(page).focus();
			await page.getByText("Your photos show").waitFor();
		},
	},
	{
		name: "results",
		reach: async (page) => {
			await searchBox(page).fill("a giant panda");
			await page.getByRole("heading", { name: "Best matches for “a giant panda”" }).waitFor();
		},
	},
	{
		name: "a search in parts",
		reach: async (page) => {
			await searchBox(page).fill("grass -people is:landscape date:never");
			await page.getByRole("toolbar", { name: "How the search was read" }).waitFor();
		},
	},
	{
		name: "tags",
		reach: async (page) => {
			await page.goto(`${app.address.origin}/#/tags`);
			await page.getByRole("heading", { level: 1, name: "Tags" }).waitFor();
		},
	},
	{
		name: "a new label",
		reach: async (page) => {
			await page.goto(`${app.address.origin}/#/label`);
			await page.getByLabel("What do the photos show?").fill("flower");
			await page.getByRole("slider", { name: "How well a photo must fit" }).waitFor();
		},
	},
	{
		name: "labels",
		reach: async (page) => {
			await page.goto(`${app.address.origin}/#/labels`);
			await page.getByRole("button", { name: /^Animals/ }).click();
			await page.getByText("animal/dog", { exact: true }).waitFor();
			await page.getByText("Whole vocabularies of your own").click();
		},
	},
	{
		name: "suggesting tags",
		reach: async (page) => {
			await page.goto(`${app.address.origin}/#/tags`);
			await page.getByRole("button", { name: /^Suggest tags/ }).click();
			await page.getByLabel("Labels of your own, one a line").fill("moose");
			await page.getByText("At most one of them fits a photo").waitFor();
		},
	},
	{
		name: "a photo's menu",
		reach: async (page) => {
			await photo(page, "moose.webp").click({ button: "right" });
			await page.getByRole("menuitem", { name: "Stars" }).click();
			await page.getByRole("menuitemradio", { name: "3 stars" }).waitFor();
		},
	},
	{
		name: "asking before a photo goes to the trash",
		reach: async (page) => {
			await photo(page, "moose.webp").focus();
			await page.keyboard.press("Delete");
			await page.getByRole("dialog", { name: "Move 1 photo to the trash?" }).waitFor();
		},
	},
	{
		name: "changed in two places",
		reach: async (page) => {
			await page.getByRole("button", { name: "1 changed in two places" }).click();
			await page.getByText("theirs", { exact: true }).waitFor();
		},
	},
	{
		name: "generate",
		reach: async (page) => {
			await page.goto(`${app.address.origin}/#/generate`);
			await page.getByRole("heading", { level: 1, name: "Generate" }).waitFor();
		},
	},
	{
		name: "offers while typing",
		reach: async (page) => {
			await searchBox(page).pressSequentially("pand");
			await page.getByRole("option", { name: /Pandas and more/ }).waitFor();
			await page.keyboard.press("ArrowDown");
		},
	},
	{
		name: "a saved search, by day",
		reach: async (page) => {
			await page.goto(`${app.address.origin}/#/photos?q=an%20animal&saved=1`);
			await page.getByRole("heading", { level: 1, name: "Pandas and more" }).waitFor();
		},
	},
	{
		name: "sorting and grouping",
		reach: async (page) => {
			await searchBox(page).fill("a giant panda");
			await page.getByRole("button", { name: /^Sort and group/ }).click();
			await page.getByRole("menuitemradio", { name: "By place" }).waitFor();
		},
	},
	{
		name: "saving a search",
		reach: async (page) => {
			await searchBox(page).fill("a giant panda");
			await page.getByRole("button", { name: "Save this search" }).click();
			await page.getByRole("textbox", { name: "Name" }).fill("pandas and more");
			await page.keyboard.press("Enter");
			await page.getByRole("alert").waitFor();
		},
	},
	{
		name: "nothing that fits",
		reach: async (page) => {
			await searchBox(page).fill("handwritten sheet music");
			await page.getByRole("heading", { name: "Closest" }).waitFor();
		},
	},
	{
		name: "similar photos",
		reach: async (page) => {
			await photo(page, "moose.webp").focus();
			await page.keyboard.press("s");
			await page.getByRole("heading", { name: "Similar to moose.webp" }).waitFor();
		},
	},
	{
		name: "a picture beside words",
		reach: async (page) => {
			await photo(page, "moose.webp").focus();
			await page.keyboard.press("s");
			await page.getByRole("heading", { name: "Similar to moose.webp" }).waitFor();
			await searchBox(page).fill("in the snow");
			await page.getByText("moose.webp 40 %").waitFor();
			await photos(page).first().focus();
			await page.keyboard.press("-");
			await page.getByText("less like 1 photo").waitFor();
			await page.getByRole("button", { name: /Like moose\.webp/ }).click();
			await page.getByRole("dialog", { name: /Example/ }).waitFor();
		},
	},
	{
		name: "framing what to find",
		reach: async (page) => {
			await openPhoto(page, "moose.webp");
			await page.keyboard.press("r");
			await page.getByRole("button", { name: "Find this" }).waitFor();
		},
	},
	{
		name: "selection",
		reach: async (page) => {
			await photo(page, "moose.webp").focus();
			await page.keyboard.press("x");
			await page.getByText("1 selected").waitFor();
		},
	},
	{
		name: "viewer",
		reach: async (page) => {
			await openPhoto(page, "moose.webp");
		},
	},
	{
		name: "viewer with facts",
		reach: async (page) => {
			await openPhoto(page, "moose.webp");
			await page.keyboard.press("i");
			await page.getByRole("complementary").getByRole("img").first().waitFor();
		},
	},
	{
		name: "a broken photo in the viewer",
		reach: async (page) => {
			await photo(page, "nothing.png").click();
			await page.getByRole("button", { name: "Try again" }).waitFor();
		},
	},
	{
		name: "folder chooser",
		reach: async (page) => {
			const inSidebar = page.getByRole("button", { name: "Add folder" });
			if (!(await inSidebar.isVisible()))
				await page.getByRole("button", { name: "Folders" }).click();
			await inSidebar.locator("visible=true").click();
			await page.getByRole("dialog", { name: "Choose a folder" }).waitFor();
			await page.getByRole("option", { name: "Pictures" }).waitFor();
		},
	},
	{
		name: "failures",
		reach: async (page) => {
			await page.getByRole("button", { name: "1 failed" }).click();
			await page.getByText("The file is empty.").first().waitFor();
		},
	},
	{
		name: "keys",
		reach: async (page) => {
			await page.keyboard.press("?");
			await page.getByRole("dialog", { name: "Keys" }).waitFor();
		},
	},
	{
		name: "trust",
		reach: async (page) => {
			await page
				.getByRole("button", { name: /everything stays on this computer/i })
				.locator("visible=true")
				.click();
			await page.getByText("Where the library is").waitFor();
		},
	},
	...["Folders", "Text", "Tags in files", "Library", "Appearance"].map((section) => ({
		name: `settings, ${section}`,
		reach: async (page: Page) => {
			await openSettings(page, section);
			const panel = page.getByRole("tabpanel");
			await panel.getByRole("heading").or(page.getByRole("group")).first().waitFor();
		},
	})),
	{
		name: "settings, Search model",
		reach: async (page) => {
			await openSettings(page, "Search model");
			await page
				.getByRole("button", { name: /^Look it up at / })
				.first()
				.waitFor();
			await page.getByLabel("Where it runs").waitFor();
		},
	},
	{
		name: "how good search is",
		reach: async (page) => {
			await openSettings(page, "Search model");
			await page.getByRole("button", { name: "How good is search on my photos?" }).click();
			await page.getByRole("button", { name: "Measure", exact: true }).click();
			await page.getByRole("table", { name: /^File names/ }).waitFor();
		},
	},
	{
		name: "removing a folder",
		reach: async (page) => {
			await openSettings(page, "Folders");
			await page.getByRole("button", { name: "Remove Pictures" }).click();
		},
	},
];

const looks = [
	{ look: "light, wide", colorScheme: "light", viewport: { width: 1280, height: 800 } },
	{ look: "dark, wide", colorScheme: "dark", viewport: { width: 1280, height: 800 } },
	{ look: "light, narrow", colorScheme: "light", viewport: { width: 390, height: 844 } },
	{ look: "dark, narrow", colorScheme: "dark", viewport: { width: 390, height: 844 } },
] as const;

let browser: Browser;
let app: RunningApp;
let empty: RunningApp;

beforeAll(async () => {
	browser = await launchBrowser();
	app = await RunningApp.start({
		photos: (photosPath) => {
			copyDemoPhotos(photosPath, names);
			writeFileSync(join(photosPath, "nothing.png"), "");
		},
	});
	empty = await RunningApp.start();
	await app.untilSearchable(names.length);
	const question = { query: "an animal", strictness: 0.1, order: "date", grouping: "day" } as const;
	await changeInTwoPlaces();
	await app.client.savedSearch.save({ name: "Pandas and more", question });
});
afterAll(async () => {
	await app.close();
	await empty.close();
	await browser.close();
});

describe.each(looks)("$look", ({ colorScheme, viewport }) => {
	// In the dark everything but the colours is as it was in the light.
	const looking = { onlyColours: colorScheme === "dark" };
	// axe is put into the page, which the page's own policy would refuse.
	const open = (of: RunningApp) =>
		openView(browser, of.address, { colorScheme, viewport, bypassCSP: true });

	test("the welcome is for everyone", async () => {
		const view = await open(empty);
		await view.page.getByRole("button", { name: "Choose a folder" }).waitFor();
		expect(await seriousFindings(view.page, looking)).toEqual([]);
		await view.close();
	});

	describe("with photos", () => {
		let view: View;
		beforeAll(async () => {
			view = await open(app);
			await view.page.addInitScript(() => {
				if (location.protocol !== "about:") localStorage.clear();
			});
		});
		afterAll(() => view.close());

		test.each(screens)("$name: for everyone", async ({ reach }) => {
			// By way of nowhere: to another place in the same page would not load it again.
			await view.page.goto("about:blank");
			await view.page.goto(`${app.address.origin}/#/photos`);
			await photos(view.page).nth(names.length).waitFor();
			await reach(view.page);
			expect(await seriousFindings(view.page, looking)).toEqual([]);
		});
	});
});

async function openSettings(page: Page, section: string): Promise<void> {
	const settings = page.getByRole("button", { name: "Settings", exact: true });
	await settings.locator("visible=true").click();
	await page.getByRole("tab", { name: section }).click();
}

/** A photo gets a tag here and, a moment before, another one in its sidecar. */
async function changeInTwoPlaces(): Promise<void> {
	const [hit] = (await app.client.search.text({ query: "moose", limit: 1 })).hits;
	if (hit === undefined) throw new Error("There is no photo to change.");
	const sidecarPath = `${hit.path}.xmp`;
	await app.client.tagWriting.change({ keptIn: "sidecars" });
	await app.client.tag.apply({ ids: [hit.id], add: ["base"] });
	await until(({ waiting }) => waiting === 0);
	const before = readFileSync(sidecarPath, "utf8");
	const theirs = "<rdf:li>base</rdf:li><rdf:li>theirs</rdf:li>";
	writeFileSync(sidecarPath, before.replace("<rdf:li>base</rdf:li>", theirs));
	await app.client.tag.apply({ ids: [hit.id], add: ["mine"] });
	await until(({ conflicts }) => conflicts === 1);
}

async function until(isSo: (status: TagWritingStatus) => boolean): Promise<void> {
	while (!isSo(await app.client.tagWriting.status())) {
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
}
