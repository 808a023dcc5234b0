/** @file The headless browser the end-to-end tests run in. A missing one is an error, never a skip. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium, type LaunchOptions } from "playwright-core";
import { unpackBrowser } from "./unpack-browser.ts";

const namesOnPath = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

const usualPlaces = [
	"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
	"/Applications/Chromium.app/Contents/MacOS/Chromium",
	"C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
	"C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];

/**
 * How to start a browser on this machine: the one named by `AFTERIMAGE_BROWSER`, an installed
 * Chromium or Chrome, else (Linux x64) the one in the npm package `@sparticuz/chromium`, asked for
 * alone with `bundled`.
 * @throws Error saying what to install where there is none.
 */
export async function browserLaunchOptions({ bundled = false } = {}): Promise<LaunchOptions> {
	const args = process.platform === "linux" ? ["--no-sandbox"] : [];
	const installed = bundled ? undefined : installedBrowser();
	if (installed !== undefined) return { executablePath: installed, args };
	if (process.platform !== "linux" || process.arch !== "x64") {
		throw new Error(
			"The end-to-end tests need a browser. Install Chromium or Google Chrome, or set AFTERIMAGE_BROWSER to the executable of one.",
		);
	}
	const { executablePath, environment } = await unpackBrowser();
	const env = Object.fromEntries(
		Object.entries({ ...process.env, ...environment }).filter(
			(entry): entry is [string, string] => entry[1] !== undefined,
		),
	);
	return { executablePath, env, args: [...args, "--no-zygote", "--disable-gpu"] };
}

/** Starts the browser; the caller closes it. */
export async function launchBrowser(options: LaunchOptions = {}): Promise<Browser> {
	const found = await browserLaunchOptions();
	return chromium.launch({
		...found,
		...options,
		args: [...(found.args ?? []), ...(options.args ?? [])],
	});
}

function installedBrowser(): string | undefined {
	const named = process.env.AFTERIMAGE_BROWSER;
	if (named !== undefined && named !== "") return named;
	const folders = (process.env.PATH ?? "").split(delimiter);
	const candidates = namesOnPath.flatMap((name) => folders.map((folder) => join(folder, name)));
	return [...candidates, ...usualPlaces].find(isExecutable);
}

function isExecutable(path: string): boolean {
	try {
		accessSync(path, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}
