/** @file A browser window onto the running app that notes everything that goes wrong in it. */
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";

/** One window; `problems` must be empty at the end of every test. */
export interface View {
	readonly page: Page;
	/** Errors on the console, errors nobody caught, violations of the security policy, failed loads. */
	readonly problems: string[];
	/** Closes the window and fails where there were problems. */
	close(): Promise<void>;
}

export interface ViewOptions extends BrowserContextOptions {
	/** Problems that belong to what is tested. */
	expected?: RegExp;
	/** Called before the address is opened. */
	prepare?: (page: Page) => Promise<void>;
}

/** Opens the page at the printed address, as the person's browser would. */
export async function openView(
	browser: Browser,
	address: URL,
	{ expected, prepare, ...options }: ViewOptions = {},
): Promise<View> {
	const context = await browser.newContext({
		viewport: { width: 1280, height: 800 },
		locale: "en-GB",
		reducedMotion: "reduce",
		...options,
	});
	const page = await context.newPage();
	// Short of the test's own limit, so that a failure names what was waited for.
	page.setDefaultTimeout(60_000);
	const problems: string[] = [];
	const note = (problem: string) => {
		if (expected?.test(problem) !== true) problems.push(problem);
	};
	page.on("console", (message) => {
		if (message.type() === "error" || message.type() === "warning") {
			note(`${message.type()}: ${message.text()} (${message.location().url})`);
		}
	});
	page.on("pageerror", (error) => note(`uncaught: ${error.stack ?? error.message}`));
	page.on("request", (request) => {
		const { protocol, host } = new URL(request.url());
		if (host !== address.host && protocol.startsWith("http")) note(`asked ${request.url()}`);
	});
	await page.addInitScript(() => {
		document.addEventListener("securitypolicyviolation", (event) => {
			console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`);
		});
	});
	// From the first listener on, the browser asks us for files: a later one may come after the key.
	page.on("filechooser", () => undefined);
	await prepare?.(page);
	await page.goto(address.href);
	return {
		page,
		problems,
		async close() {
			await context.close();
			if (problems.length > 0) throw new Error(`The page had problems:\n${problems.join("\n")}`);
		},
	};
}

/** The photos on screen, in their order. */
export function photos(page: Page): Locator {
	return page.locator("main [role=option]");
}

/** The cell of the photo with this file name. */
export function photo(page: Page, fileName: string): Locator {
	return page.getByRole("option", { name: fileName });
}

/** Opens the photo with a click. From then on keys are the viewer's. */
export async function openPhoto(page: Page, fileName: string): Promise<void> {
	await photo(page, fileName).click();
	await page.locator("[role=dialog]:focus-within").waitFor();
}

/** Waits until what is typed arrives here. */
export async function untilFocused(element: Locator): Promise<void> {
	await element.and(element.page().locator(":focus")).waitFor();
}

/** The names of the photos that exist in the page, in the order of the list. */
export function shownNames(page: Page): Promise<string[]> {
	return page.evaluate(() =>
		[...document.querySelectorAll<HTMLElement>("main [role=option]")]
			.sort((one, other) => Number(one.dataset.index) - Number(other.dataset.index))
			.map((cell) => {
				const label =
					cell.querySelector("img")?.alt ?? cell.querySelector(".visually-hidden")?.textContent;
				return label?.split(", ")[0] ?? "";
			}),
	);
}

/** The one search box. */
export function searchBox(page: Page): Locator {
	return page.getByRole("combobox", { name: "Search your photos by what they show" });
}

/** The line at the bottom that tells what the engine does. */
export function statusLine(page: Page): Locator {
	return page.locator("footer.line");
}

/** The file name in the accessible name of what has the keyboard, or its text. */
export function focusedName(page: Page): Promise<string> {
	return page.evaluate(() => {
		const element = document.activeElement;
		const label =
			element?.getAttribute("aria-label") ??
			element?.querySelector("img")?.alt ??
			element?.textContent ??
			"";
		return label.trim().split(", ")[0] ?? "";
	});
}
