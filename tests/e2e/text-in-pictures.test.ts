/** @file Text read in a picture: shown where it stands, marked where it was searched for, and copied. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "./browser.ts";
import { copyDemoPhotos, RunningApp } from "./running-app.ts";
import { openPhoto, openView, searchBox, shownNames } from "./view.ts";

const sign = `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="800">
	<rect width="1200" height="800" fill="#e9e4d8"/>
	<g font-family="sans-serif" fill="#222">
		<text x="140" y="240" font-size="90">Quillfeather Bakery</text>
		<text x="140" y="420" font-size="60" transform="rotate(8 140 420)">Fresh bread daily</text>
	</g>
</svg>`;
const signName = "sign.png";
const names = ["astronaut.jpg", "grass.jpg", "moose.webp"];

let browser: Browser;
let app: RunningApp;

beforeAll(async () => {
	browser = await launchBrowser();
	app = await RunningApp.start({
		photos: async (photosPath) => {
			copyDemoPhotos(photosPath, names);
			writeFileSync(join(photosPath, signName), await sharp(Buffer.from(sign)).png().toBuffer());
		},
	});
	await app.untilSearchable(names.length + 1);
	await app.client.recognition.change({ enabled: true });
});
afterAll(async () => {
	await app.close();
	await browser.close();
});

test("a sign's words lie over it, the one searched for is marked, and they are copied like any text", async () => {
	await expect
		.poll(async () => (await app.client.recognition.status()).done)
		.toBe(names.length + 1);
	const view = await openView(browser, app.address);
	try {
		const { page } = view;
		await searchBox(page).fill("quillfeather");
		await expect.poll(async () => (await shownNames(page))[0]).toBe(signName);
		await openPhoto(page, signName);
		const overlay = page.getByRole("region", { name: "Text in the picture" });
		const toggle = page.getByRole("button", { name: "Text in the picture" });
		await toggle.waitFor();
		expect(await overlay.count()).toBe(0);
		await page.keyboard.press("x");
		await overlay.locator("p").first().waitFor();
		await expect.poll(() => toggle.getAttribute("aria-pressed")).toBe("true");
		await expect.poll(() => overlay.locator("mark").allTextContents()).toEqual(["Quillfeather"]);
		const lines = overlay.locator("p");
		await expect
			.poll(() => lines.allTextContents())
			.toEqual(["Quillfeather Bakery", "Fresh bread daily"]);
		const picture = await page.locator(".picture").boundingBox();
		const first = await lines.first().boundingBox();
		if (picture === null || first === null) throw new Error("Nothing is shown.");
		// The words begin 140 of 1,200 pixels from the left, and end above the middle.
		expect((first.x - picture.x) / picture.width).toBeCloseTo(140 / 1200, 1);
		expect((first.y + first.height - picture.y) / picture.height).toBeLessThan(0.4);
		await lines.first().dblclick({ position: { x: 20, y: first.height / 2 } });
		await expect.poll(() => page.evaluate(() => getSelection()?.toString())).toBe("Quillfeather");
		await page.keyboard.press("x");
		await overlay.waitFor({ state: "detached" });
	} finally {
		await view.close();
	}
});
