/** @file The instrument that the scrolling figures come from. */
import { expect, test } from "vitest";
import { launchBrowser } from "./browser.ts";
import { readTrace, traceMainThread } from "./main-thread-tasks.ts";

test("a page that computes for long is noticed, one that waits is not", async () => {
	const browser = await launchBrowser();
	try {
		const page = await browser.newPage();
		const busy = await traceMainThread(browser, () =>
			page.evaluate(() => {
				let sum = 0;
				for (let turn = 0; turn < 400_000_000; turn += 1) sum += turn % 7;
				return sum;
			}),
		);
		expect(busy.longestCpuMs).toBeGreaterThan(100);
		expect(busy.longCount).toBeGreaterThan(0);
		const waiting = await traceMainThread(browser, () => page.waitForTimeout(300));
		expect(waiting.longestCpuMs).toBeLessThan(busy.longestCpuMs);
	} finally {
		await browser.close();
	}
});

test("a trace without the main thread is an error, not a good figure", () => {
	expect(() => readTrace(Buffer.from('{"traceEvents":[]}'))).toThrow(/main thread/);
});
