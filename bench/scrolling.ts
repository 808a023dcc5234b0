/** @file How smoothly the page scrolls through a library of many synthetic photos. */
import { join } from "node:path";
import { createDualEncoder } from "../engine/encoder/onnx-dual-encoder.ts";
import { launchBrowser } from "../tests/e2e/browser.ts";
import { type MainThreadTasks, traceMainThread } from "../tests/e2e/main-thread-tasks.ts";
import { RunningApp } from "../tests/e2e/running-app.ts";
import { scrollThrough } from "../tests/e2e/scroll-through.ts";
import { openView, photos, type View } from "../tests/e2e/view.ts";
import { createSyntheticLibrary } from "./synthetic-library.ts";

export interface ScrollingFigures {
	photos: number;
	browser: string;
	/** From opening the address until the first photos are there and the page has come to rest. */
	opening: MainThreadTasks;
	/** From the top to the end: slowly, by dragging, by flings, by keys. */
	scrolling: MainThreadTasks;
}

/** The real app and a real browser; nothing is indexed meanwhile. */
export async function measureScrolling(
	count: number,
	resourcesPath: string,
): Promise<ScrollingFigures> {
	const encoder = createDualEncoder({ packagePath: join(resourcesPath, "models", "starter") });
	const { key, manifest } = encoder;
	await encoder.close();
	const app = await RunningApp.start({
		library: (libraryPath, photosPath) =>
			createSyntheticLibrary({
				libraryPath,
				photosPath,
				samplesPath: join(resourcesPath, "demo-photos"),
				encoderKey: key,
				dimensions: manifest.dimensions,
				count,
			}),
	});
	const browser = await launchBrowser();
	try {
		const opened = Promise.withResolvers<View>();
		const opening = await traceMainThread(browser, async () => {
			const view = await openView(browser, app.address);
			await photos(view.page).first().locator("img.shown").waitFor({ timeout: 60_000 });
			await view.page.waitForTimeout(2000);
			opened.resolve(view);
		});
		const view = await opened.promise;
		const scrolling = await traceMainThread(browser, () => scrollThrough(view.page));
		await view.close();
		return { photos: count, browser: browser.version(), opening, scrolling };
	} finally {
		await browser.close();
		await app.close();
	}
}
