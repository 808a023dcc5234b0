/** @file The browser of the end-to-end tests starts, installed or brought by the package. */
import { chromium } from "playwright-core";
import { expect, test } from "vitest";
import { browserLaunchOptions, launchBrowser } from "./browser.ts";

test("a browser starts and runs a script", async () => {
	const browser = await launchBrowser();
	try {
		const page = await browser.newPage();
		await page.setContent("<title>Ready</title>");
		expect(await page.evaluate("1 + 1")).toBe(2);
		expect(await page.title()).toBe("Ready");
	} finally {
		await browser.close();
	}
});

test.runIf(process.platform === "linux" && process.arch === "x64")(
	"the browser in the npm package starts too",
	async () => {
		const browser = await chromium.launch(await browserLaunchOptions({ bundled: true }));
		try {
			expect(browser.version()).toMatch(/^147\./);
			const page = await browser.newPage();
			await page.goto("data:text/html,<h1>Hello</h1>");
			expect(await page.textContent("h1")).toBe("Hello");
			expect((await page.screenshot()).byteLength).toBeGreaterThan(1000);
		} finally {
			await browser.close();
		}
	},
);
