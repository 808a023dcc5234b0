/** @file Another search model as a person comes by it: tried, measured, taken while search goes on, the old one discarded. */
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LabelId } from "../../contract/ids.ts";
import { rotatedTitle, writeRotatedStarter } from "../fixtures/encoder/rotated-starter.ts";
import { launchBrowser } from "./browser.ts";
import { copyDemoPhotos, RunningApp } from "./running-app.ts";
import { seriousFindings } from "./serious-findings.ts";
import { openView, photos, searchBox, shownNames, type View } from "./view.ts";

// Their names say what they show, which is what search is measured by.
const names = [
	"moose.webp",
	"grass.jpg",
	"dahlia.jpg",
	"giant-panda.webp",
	"dandelions.jpg",
	"allium-oreophilum.jpg",
	"acanthus-mollis.jpg",
	"great-wall.webp",
	"cup-of-coffee.jpg",
	"two-dogs-at-a-window.jpg",
	"crocodile.webp",
	"brick-wall.jpg",
];
/** What is asked before, during and after the change, and the photo that comes first. */
const asked = [
	["a giant panda", "giant-panda.webp"],
	["a cup of coffee", "cup-of-coffee.jpg"],
	["a crocodile", "crocodile.webp"],
] as const;

const wide = { width: 1280, height: 800 };

let browser: Browser;
let app: RunningApp;
let view: View;
let labelId: LabelId;
let starterTitle: string;

beforeAll(async () => {
	browser = await launchBrowser();
	app = await RunningApp.start({ photos: (path) => copyDemoPhotos(path, names) });
	await app.untilSearchable(names.length);
	const packagePath = join(app.homePath, "rotated");
	writeRotatedStarter(packagePath);
	await app.client.model.installFolder({ path: packagePath });
	starterTitle = (await app.client.encoderChange.status()).title;
	const idOf = await idsByName();
	const { label } = await app.client.label.save({
		draft: {
			id: null,
			path: "flower",
			wordings: ["a flower"],
			// With so few photos the automatic one would suggest nothing.
			threshold: 0.25,
			answers: [
				{ id: idOf("dahlia.jpg"), answer: "yes" },
				{ id: idOf("grass.jpg"), answer: "no" },
			],
		},
	});
	labelId = label.id;
	view = await openView(browser, app.address, { viewport: wide, bypassCSP: true });
	await photos(view.page)
		.nth(names.length - 1)
		.waitFor();
});
afterAll(async () => {
	await view.close();
	await app.close();
	await browser.close();
});

test("two models are shown side by side for the person's words before anything changes", async () => {
	const settings = await openModels(view.page);
	await settings.getByRole("button", { name: `Try it first: ${rotatedTitle}` }).click();
	const trial = view.page.getByRole("dialog", { name: `Try ${rotatedTitle}` });
	await trial.getByLabel("What to look for, one a line").fill(" a giant panda \n\na cup of coffee");
	await trial.getByRole("button", { name: "Compare" }).click();
	await trial.getByText(`Compared on ${names.length} of ${names.length} photos`).waitFor({
		timeout: 60_000,
	});

	for (const [words, first] of asked.slice(0, 2)) {
		const results = trial.getByRole("region", { name: `Results for ${words}` });
		const named = (title: string) =>
			results
				.getByRole("list", { name: title })
				.getByRole("img")
				.evaluateAll((pictures) => pictures.map((picture) => picture.getAttribute("alt")));
		await expect.poll(async () => (await named(starterTitle))[0]).toBe(`1. ${first}`);
		expect(await named(starterTitle)).toHaveLength(names.length);
		// The other one sees alike; were its vectors mixed with those in use, it would not.
		expect(await named(rotatedTitle)).toEqual(await named(starterTitle));
		expect(await results.locator(".alone").count()).toBe(0);
	}
	expect(await findingsInBothLooks(view.page, trial)).toEqual([]);
	await trial.getByRole("button", { name: `Stay with ${starterTitle}` }).click();

	// What was read for the trial is kept, and goes when it is not wanted.
	const kept = settings
		.getByRole("listitem")
		.filter({ hasText: `Has read ${names.length} photos` });
	await kept.getByRole("button", { name: `Discard what ${rotatedTitle} has read` }).click();
	await kept.waitFor({ state: "detached" });
	expect(await app.client.encoderChange.status()).toMatchObject({ change: null, kept: [] });
	await expect.poll(() => focusedName(view.page)).toBe(rotatedTitle);
	await closeWithEscape(view.page);
});

test("a model is taken while search goes on, and labels learn anew from what they were told", async () => {
	const { page } = view;
	const before = await labelNow();
	expect(before.suggested.size).toBeGreaterThan(0);
	const former = await foundFor(asked[0][0]);

	// With reading held, nothing can be over before it was looked at.
	await app.client.activity.pause();
	const settings = await openModels(page);
	await settings.getByRole("button", { name: `Search with it: ${rotatedTitle}` }).click();
	const card = settings.getByRole("region", { name: `Changing to ${rotatedTitle}` });
	await card.getByText(`0 of ${names.length} photos · paused`).waitFor({ timeout: 60_000 });
	const bar = card.getByRole("progressbar", { name: `Photos read by ${rotatedTitle}` });
	expect(await bar.getAttribute("aria-valuenow")).toBe("0");
	await settings.getByText("This library is changing to it").waitFor();
	await expect.poll(() => focusedName(page)).toBe(rotatedTitle);
	expect(await findingsInBothLooks(page, card)).toEqual([]);
	await closeWithEscape(page);
	await searchFor(page, asked[0]);
	expect((await foundFor(asked[0][0])).encoder).toBe(former.encoder);

	await openModels(page);
	await card.getByRole("button", { name: "Go on" }).click();
	await expect.poll(async () => (await app.client.activity.progress()).phase).toBe("idle");
	await closeSettings(page);
	const emptiest = await watchForEmptiness(page);
	for (let turn = 0; ; turn += 1) {
		const [words, first] = asked[turn % asked.length] ?? asked[0];
		await searchFor(page, [words, first]);
		const { change } = await app.client.encoderChange.status();
		if (change === null) break;
		expect(change.problem).toBeNull();
	}
	for (const question of asked) await searchFor(page, question);
	expect(await emptiest()).toBeGreaterThan(0);

	const after = await foundFor(asked[0][0]);
	expect(after.ids).toEqual(former.ids);
	expect(after.encoder).not.toBe(former.encoder);

	await openModels(page);
	const entry = settings.getByRole("listitem", { name: rotatedTitle, exact: true });
	await entry.getByText("Searches this library").waitFor();
	// What searches cannot be removed, so that is not offered.
	expect(await entry.getByRole("button").count()).toBe(0);
	const kept = settings
		.getByRole("listitem")
		.filter({ hasText: `Has read ${names.length} photos` });
	await kept.getByText(starterTitle, { exact: true }).waitFor();
	expect(await findingsInBothLooks(page, kept)).toEqual([]);

	// The label is as it was told to be, and what it suggests was scored by the new encoder.
	const scoredBy = async () => {
		const keys = [...(await labelNow()).suggested.values()].map(({ encoder }) => encoder);
		return keys.length > 0 && keys.every((key) => key?.startsWith(`${after.encoder}-`));
	};
	await expect.poll(scoredBy).toBe(true);
	const now = await labelNow();
	expect(now.label).toEqual(before.label);
	expect([...now.suggested.keys()]).toEqual([...before.suggested.keys()]);
	for (const [id, { confidence }] of now.suggested) {
		expect(confidence).toBeCloseTo(before.suggested.get(id)?.confidence ?? Number.NaN, 2);
	}
	expect(now.preview).toMatchObject({ yes: 1, no: 1, unused: 0, gained: before.preview.gained });
	expect(now.taught).toBeGreaterThan(0.01);
	expect(now.taught).toBeCloseTo(before.taught, 2);
	await closeSettings(page);
});

test("installed models are measured by what is written about the photos, beside chance, and the old one is discarded", async () => {
	const { page } = view;
	const settings = await openModels(page);
	await settings.getByRole("button", { name: "How good is search on my photos?" }).click();
	const evaluation = page.getByRole("dialog", { name: "How good is search on my photos?" });
	await evaluation.getByRole("button", { name: "Measure" }).click();
	const table = evaluation.getByRole("table", { name: /^File names/ });
	await table.waitFor({ timeout: 60_000 });
	await evaluation
		.getByText(`Searched through ${names.length} of ${names.length} photos.`)
		.waitFor();
	const figuresOf = async (row: RegExp) => {
		const cells = table.getByRole("row", { name: row }).getByRole("cell");
		return (await cells.allTextContents()).map((text) => Number.parseFloat(text));
	};
	const inUse = await figuresOf(new RegExp(`^${rotatedTitle} \\(in use\\)`));
	const chance = await figuresOf(/^By chance/);
	expect(inUse).toHaveLength(3);
	expect(await figuresOf(new RegExp(`^${starterTitle} \\d`))).toEqual(inUse);
	// One right photo of twelve: so few are counted, not shared out in percent.
	expect(chance).toEqual([1, 5, 10]);
	await evaluation.getByText(`${names.length} asked: too few to tell, 40 would do`).waitFor();
	expect(inUse[0]).toBeGreaterThan(chance[0] ?? 100);
	expect(inUse[1]).toBeGreaterThan(chance[1] ?? 100);
	expect(await findingsInBothLooks(page, evaluation)).toEqual([]);
	await evaluation.getByRole("button", { name: "Close" }).click();

	// The bundled encoder looking closer was measured too; what it has read stays.
	const discard = settings.getByRole("button", { name: `Discard what ${starterTitle} has read` });
	await discard.click();
	await discard.waitFor({ state: "detached" });
	const { kept } = await app.client.encoderChange.status();
	expect(kept.map(({ title }) => title)).not.toContain(starterTitle);
	await expect.poll(() => focusedName(page)).toBe(starterTitle);
	await closeWithEscape(page);
	await searchFor(page, asked[0]);
});

async function openModels(page: Page): Promise<Locator> {
	await page.getByRole("button", { name: "Settings", exact: true }).click();
	const settings = page.getByRole("dialog", { name: "Settings" });
	await settings.getByRole("tab", { name: "Search model" }).click();
	await settings.getByText("Models to install").waitFor();
	return settings;
}

async function closeSettings(page: Page): Promise<void> {
	await page.getByRole("dialog").getByRole("button", { name: "Close", exact: true }).click();
	await page.getByRole("dialog").waitFor({ state: "detached" });
}

/** One Escape is enough, wherever the focus is. */
async function closeWithEscape(page: Page): Promise<void> {
	await page.keyboard.press("Escape");
	await page.getByRole("dialog").waitFor({ state: "detached" });
}

/** What names the element that has the focus. */
function focusedName(page: Page): Promise<string | null> {
	return page.evaluate(() => {
		const named = document.activeElement?.getAttribute("aria-labelledby");
		return (named && document.getElementById(named)?.textContent) ?? null;
	});
}

/** Types the words anew, so that they are asked anew, and waits for their photo to come first. */
async function searchFor(page: Page, [words, first]: readonly [string, string]): Promise<void> {
	await searchBox(page).fill(words);
	await page.getByRole("heading", { level: 1, name: `Best matches for “${words}”` }).waitFor();
	await expect.poll(async () => (await shownNames(page))[0]).toBe(first);
}

/** @returns the fewest photos there were on screen in any frame since */
async function watchForEmptiness(page: Page): Promise<() => Promise<number>> {
	await page.evaluate(() => {
		let fewest = Number.POSITIVE_INFINITY;
		const look = () => {
			fewest = Math.min(fewest, document.querySelectorAll("main [role=option]").length);
			document.documentElement.dataset.fewest = String(fewest);
			requestAnimationFrame(look);
		};
		look();
	});
	return () => page.evaluate(() => Number(document.documentElement.dataset.fewest));
}

async function foundFor(query: string) {
	const { encoder, hits } = await app.client.search.text({ query, limit: 10, strictness: 0 });
	return { encoder, ids: hits.map(({ id }) => id) };
}

async function idsByName() {
	const { ids } = await app.client.photo.columns({});
	const summaries = await app.client.photo.summaries({ ids });
	return (name: string) => {
		const found = summaries.find(({ fileName }) => fileName === name);
		if (found === undefined) throw new Error(`There is no ${name}.`);
		return found.id;
	};
}

/** The label, what it suggests and by whom it was scored, and how much the answers move what it thinks. */
async function labelNow() {
	const { client } = app;
	const label = await client.label.get({ id: labelId });
	const { ids } = await client.photo.columns({});
	const suggested = new Map<number, { confidence: number; encoder: string | undefined }>();
	for (const id of ids) {
		for (const tag of await client.tag.ofPhoto({ id })) {
			if (tag.path !== label.path || tag.state !== "suggested") continue;
			suggested.set(id, { confidence: tag.confidence ?? 0, encoder: tag.scoredBy?.encoder });
		}
	}
	const samples = names.length;
	const preview = await client.label.preview({ draft: { id: labelId }, samples });
	const { wordings } = label;
	const untaught = await client.label.preview({ draft: { path: "untaught", wordings }, samples });
	const alone = new Map(untaught.nearest.map(({ id, confidence }) => [id, confidence]));
	const moved = preview.nearest.map(({ id, confidence }) =>
		Math.abs(confidence - (alone.get(id) ?? confidence)),
	);
	return { label, suggested, preview, taught: Math.max(...moved) };
}

/** Wide and light, then narrow and dark. Leaves the page wide and light. */
async function findingsInBothLooks(page: Page, part: Locator): Promise<string[]> {
	const found: string[] = [];
	for (const [colorScheme, viewport] of [
		["light", wide],
		["dark", { width: 390, height: 844 }],
	] as const) {
		await page.emulateMedia({ colorScheme });
		await page.setViewportSize(viewport);
		found.push(...(await seriousFindings(page, { part })).map((one) => `${colorScheme}: ${one}`));
	}
	await page.emulateMedia({ colorScheme: "light" });
	await page.setViewportSize(wide);
	return found;
}
