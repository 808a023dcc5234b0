/** @file Builds on demand what a checkout lacks or has changed: the page, and the desktop window's code. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CommandError } from "./failure.ts";
import type { Installation } from "./installation.ts";
import { remark } from "./terminal.ts";

/**
 * Makes sure that the page is there and not older than its sources. An installation without sources
 * brings its page with it.
 * @throws CommandError when the build fails; its own words have then been printed.
 */
export async function ensurePage(installation: Installation, signal: AbortSignal): Promise<void> {
	const { rootPath, pagePath } = installation;
	if (!existsSync(join(rootPath, "renderer", "vite.config.ts"))) return;
	const index = join(pagePath, "index.html");
	if (await isFresh(rootPath, index, ["renderer", "contract"])) return;
	remark("Building the page…");
	const ownName = import.meta.url.endsWith(".ts") ? "./build-page.ts" : "./build-page.js";
	const script = fileURLToPath(new URL(ownName, import.meta.url));
	if (await succeeds(rootPath, [script, rootPath, pagePath], signal)) return;
	throw new CommandError("The page could not be built. Run npm ci, then try again.");
}

/**
 * Makes sure that the desktop window's code is compiled: Electron runs no TypeScript.
 * @returns false when it could not be; the compiler's words have then been printed
 */
export async function ensureWindow(
	{ rootPath }: Installation,
	signal: AbortSignal,
): Promise<boolean> {
	if (!existsSync(join(rootPath, "electron", "main.ts"))) return true;
	const compiled = existsSync(join(rootPath, "dist", "electron", "main.js"));
	// The compiler leaves outputs alone that would not change; its own note is always renewed.
	const note = join(rootPath, "dist", "electron.tsbuildinfo");
	const sources = ["contract", "engine", "server", "electron"];
	if (compiled && (await isFresh(rootPath, note, sources))) return true;
	remark("Building the window…");
	const compiler = join(rootPath, "node_modules", "typescript", "bin", "tsc");
	// A note without its outputs would keep the compiler from writing them.
	const args = [compiler, "-b", "electron", ...(compiled ? [] : ["--force"])];
	return succeeds(rootPath, args, signal);
}

/** In a process of its own: what the build tools took up is given back when it ends. */
async function succeeds(rootPath: string, args: string[], signal: AbortSignal): Promise<boolean> {
	// What it says is no result of ours, so it goes to standard error.
	const child = spawn(process.execPath, args, { cwd: rootPath, stdio: ["ignore", 2, 2], signal });
	const code = await new Promise<number | null>((resolve) => {
		child.once("error", () => resolve(null));
		child.once("exit", resolve);
	});
	signal.throwIfAborted();
	return code === 0;
}

async function isFresh(rootPath: string, output: string, sources: string[]): Promise<boolean> {
	if (!existsSync(output)) return false;
	const changes = await Promise.all(sources.map((name) => newestChangeMs(join(rootPath, name))));
	return Math.max(...changes) <= (await stat(output)).mtimeMs;
}

async function newestChangeMs(folder: string): Promise<number> {
	const entries = await readdir(folder, { withFileTypes: true, recursive: true });
	const times = await Promise.all(
		entries
			.filter((entry) => entry.isFile())
			.map(async (entry) => (await stat(join(entry.parentPath, entry.name))).mtimeMs),
	);
	return Math.max(0, ...times);
}
