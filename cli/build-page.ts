/**
 * @file A process that builds the page and ends. Arguments: the installation's root, the folder for
 * the page. The page is built beside its place and then moved there, so that it is never half there.
 */
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { build } from "vite";

const [rootPath, pagePath] = process.argv.slice(2);
if (rootPath === undefined || pagePath === undefined) {
	throw new Error("Give the installation's root and the folder for the page.");
}
const unfinishedPath = `${pagePath}.${process.pid}.unfinished`;
try {
	await build({
		configFile: join(rootPath, "renderer", "vite.config.ts"),
		logLevel: "error",
		build: { outDir: unfinishedPath, emptyOutDir: true },
	});
	await rm(pagePath, { recursive: true, force: true });
	await rename(unfinishedPath, pagePath);
} catch (error) {
	await rm(unfinishedPath, { recursive: true, force: true });
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
}
