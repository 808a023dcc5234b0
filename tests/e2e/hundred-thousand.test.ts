/**
 * @file The grid with 100,000 photos never keeps the person waiting. What is bounded is the main
 * thread's processor time, which does not change when other programs keep the machine busy.
 */
import { join } from "node:path";
import { expect, test } from "vitest";
import { measureScrolling } from "../../bench/scrolling.ts";

test("100,000 photos scroll without a task of more than 100 ms", async () => {
	const resourcesPath = join(import.meta.dirname, "..", "..", "resources");
	const { scrolling } = await measureScrolling(100_000, resourcesPath);
	// Enough happened for the figure to mean something.
	expect(scrolling.count).toBeGreaterThan(500);
	expect(scrolling.longestCpuMs).toBeLessThan(100);
});
