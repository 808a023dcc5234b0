/** @file Scrolling through a grid of any length as people do: slowly, hurriedly, by keys, by dragging. */
import type { Page } from "playwright-core";

const scroller = ".grid .scroller";

/** @throws Error when that does not end, in the time the page allows, at the last photo. */
export async function scrollThrough(page: Page): Promise<void> {
	await page.locator(scroller).hover();
	await wheel(page, 60, 120);
	// The bar dragged from the top to the bottom within three seconds.
	await page.evaluate(async (selector) => {
		const element = document.querySelector(selector);
		if (element === null) throw new Error("There is no grid.");
		const steps = 180;
		for (let step = 1; step <= steps; step += 1) {
			element.scrollTop = (element.scrollHeight * step) / steps;
			await new Promise(requestAnimationFrame);
		}
	}, scroller);
	await wheel(page, 30, -2400);
	await wheel(page, 30, -120);
	await page.keyboard.press("ArrowRight");
	for (const key of ["Home", ...Array<string>(20).fill("PageDown"), "End"]) {
		await page.keyboard.press(key);
		await page.waitForTimeout(60);
	}
	await page.waitForFunction(() => {
		const { ariaPosInSet, ariaSetSize } = document.activeElement ?? {};
		return typeof ariaPosInSet === "string" && ariaPosInSet === ariaSetSize;
	});
	// Pictures and facts of the last window still arrive.
	await page.waitForTimeout(1000);
}

async function wheel(page: Page, turns: number, deltaPx: number): Promise<void> {
	for (let turn = 0; turn < turns; turn += 1) {
		await page.mouse.wheel(0, deltaPx);
		await page.waitForTimeout(16);
	}
}
