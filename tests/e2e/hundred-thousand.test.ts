/**
 * @file The grid with 100,000 photos never keeps the person waiting. What is bounded is the main
 * thread's processor time, which other programs that keep the machine busy are not in.
 */
import { join } from "node:path";
import { expect, test } from "vitest";
import { measureScrolling } from "../../bench/scrolling.ts";

const resourcesPath = join(import.meta.dirname, "..", "..", "resources");
/** On a quiet machine the longest task takes a fifth of it. */
const longestMs = 100;

// A library of that size is made twice at the worst.
test("100,000 photos scroll without a task of more than 100 ms", { timeout: 900_000 }, async () => {
	let { scrolling } = await measureScrolling(100_000, resourcesPath);
	// Other programs also push what is computed out of the caches: a task that is long by itself is long again.
	if (scrolling.longestCpuMs >= longestMs) {
		({ scrolling } = await measureScrolling(100_000, resourcesPath));
	}
	// Enough happened for the figure to mean something.
	expect(scrolling.count).toBeGreaterThan(500);
	expect(scrolling.longestCpuMs).toBeLessThan(longestMs);
});
