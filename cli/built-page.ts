/** @file Builds the page when a checkout has none, or an old one. */
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
	const builtAtMs = await stat(join(pagePath, "index.html")).then(
		(stats) => stats.mtimeMs,
		() => 0,
	);
	if (builtAtMs > 0) {
		const changedAtMs = await Promise.all(
			["renderer", "contract"].map((name) => newestChange(join(rootPath, name))),
		);
		if (Math.max(...changedAtMs) <= builtAtMs) return;
	}
	remark(builtAtMs > 0 ? "Building the page anew…" : "Building the page…");
	await runBuild(installation, signal);
}

/** In a process of its own: what the build tools took up is given back when it ends. */
async function runBuild(installation: Installation, signal: AbortSignal): Promise<void> {
	const script = fileURLToPath(
		new URL(
			import.meta.url.endsWith(".ts") ? "./build-page.ts" : "./build-page.js",
			import.meta.url,
		),
	);
	const { rootPath, pagePath } = installation;
	const child = spawn(process.execPath, [script, rootPath, pagePath], {
		cwd: rootPath,
		// What it says is no result of ours.
		stdio: ["ignore", 2, 2],
		signal,
	});
	const code = await new Promise<number | null>((resolve) => {
		child.once("error", () => resolve(null));
		child.once("exit", resolve);
	});
	signal.throwIfAborted();
	if (code !== 0) {
		throw new CommandError("The page could not be built. Run npm ci, then try again.");
	}
}

async function newestChange(folder: string): Promise<number> {
	const entries = await readdir(folder, { withFileTypes: true, recursive: true });
	const times = await Promise.all(
		entries
			.filter((entry) => entry.isFile())
			.map(async (entry) => (await stat(join(entry.parentPath, entry.name))).mtimeMs),
	);
	return Math.max(0, ...times);
}
