/** @file Models in Settings, with a server on this computer standing in for the hub. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Locator } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fixtures } from "../models/layout-packages.ts";
import { dropAfter, listingOf, standInHub } from "../models/stand-in-hub.ts";
import { launchBrowser } from "./browser.ts";
import { copyDemoPhotos, RunningApp } from "./running-app.ts";
import { openView } from "./view.ts";

const title = "TinyCLIP ViT-8M/16, int8";
const textGraph = "onnx/text_model_quantized.onnx";
const files: Record<string, Uint8Array> = Object.fromEntries(
	readdirSync(join(fixtures, "clip"), { recursive: true, encoding: "utf8" })
		.filter((name) => /\.\w+$/.test(name))
		.map((name) => [name, readFileSync(join(fixtures, "clip", name))]),
);

let browser: Browser;
let app: RunningApp;

beforeAll(async () => {
	browser = await launchBrowser();
	app = await RunningApp.start({
		photos: (photosPath) => copyDemoPhotos(photosPath, ["moose.webp"]),
	});
});
afterAll(async () => {
	await app.close();
	await browser.close();
});

/** The entry of a model. */
function entryOf(settings: Locator, name: string): Locator {
	return settings.getByRole("listitem").filter({ hasText: name });
}

// Two encoders are tried on photos, which takes a slow machine a while.
test("a model is looked up, downloaded, stopped, resumed, and removed; another comes from a folder", async () => {
	const hub = await standInHub(files);
	hub.listing = listingOf(files);
	const view = await openView(browser, app.address);
	const { page } = view;
	await page.getByRole("button", { name: "Settings", exact: true }).click();
	const settings = page.getByRole("dialog", { name: "Settings" });
	await settings.getByRole("tab", { name: "Search model" }).click();
	await settings.getByLabel("Mirror, where you use one").fill(hub.address);
	await settings.getByRole("button", { name: "Use it" }).click();
	const { host } = new URL(hub.address);
	await settings.getByText(`Models now come from ${host}.`).waitFor();
	expect(hub.requests).toEqual([]);

	const entry = entryOf(settings, title);
	await entry.getByText("MIT, commercial use allowed").waitFor();
	await entry.getByRole("button", { name: `Look it up at ${host}: ${title}` }).click();
	await entry
		.getByText(/licence mit, revision aaaaaaaaaa\. A download brings exactly that\./)
		.waitFor();
	expect(hub.requests).toHaveLength(1);

	hub.next.push(dropAfter(files[textGraph] ?? new Uint8Array(), 0.5, true));
	await entry.getByRole("button", { name: /^Download .* from / }).click();
	await entry.getByRole("progressbar", { name: `Download of ${title}` }).waitFor();
	await expect
		.poll(() => entry.getByRole("progressbar").getAttribute("aria-valuenow"))
		.not.toBe("0");
	await entry.getByRole("button", { name: `Cancel the download of ${title}` }).click();
	await entry.getByRole("button", { name: /^Throw away the .* that are here: TinyCLIP/ }).waitFor();
	await entry.getByRole("button", { name: /^Go on: .* from / }).click();
	await entry.getByText(/Installed from 127\.0\.0\.1:\d+; .* pictures? a second/).waitFor();
	const ranges = hub.requests
		.filter(({ url }) => url.endsWith(textGraph))
		.map(({ range }) => range);
	expect(ranges).toEqual([undefined, expect.stringMatching(/^bytes=[1-9]\d*-$/)]);

	await entry.getByRole("button", { name: /^Remove and free .*: TinyCLIP/ }).click();
	await settings.getByText(new RegExp(`${title} is removed; .* are free again`)).waitFor();

	await settings.getByRole("button", { name: "Install from a folder…" }).click();
	const chooser = page.getByRole("dialog", { name: "Install a model from a folder" });
	await chooser.getByLabel("Path of the folder").fill(join(fixtures, "pictures"));
	await page.keyboard.press("Enter");
	await chooser.getByText("pictures", { exact: true }).first().waitFor();
	await chooser.getByRole("button", { name: "Install this folder" }).click();
	await chooser.getByText(/pictures holds no \.onnx file, so there is no model in it/).waitFor();
	await chooser.getByLabel("Path of the folder").fill(join(fixtures, "siglip"));
	await page.keyboard.press("Enter");
	await chooser
		.getByRole("navigation")
		.or(chooser.getByText("siglip", { exact: true }))
		.first()
		.waitFor();
	await chooser.getByRole("button", { name: "Install this folder" }).click();
	await settings.getByText("siglip is installed.").waitFor();
	await entryOf(settings, "Installed from a folder;")
		.getByText(/Installed from a folder; .* pictures? a second/)
		.waitFor();
	const models = (await app.client.model.list()).models;
	expect(models.find(({ title: one }) => one === "siglip")?.state.kind).toBe("installed");
	await view.close();
});
