/** @file Where this installation's parts lie, from the sources as well as from the compiled files. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

/** Absolute paths of one installation, and its version. */
export interface Installation {
	rootPath: string;
	/** Models, demo photos and vocabularies. */
	resourcesPath: string;
	/** The built page; absent in a fresh checkout. */
	pagePath: string;
	version: string;
}

/** The installation this file belongs to. */
export function findInstallation(): Installation {
	const fromSource = import.meta.url.endsWith(".ts");
	const rootPath = fileURLToPath(new URL(fromSource ? ".." : "../..", import.meta.url));
	const description: unknown = JSON.parse(readFileSync(join(rootPath, "package.json"), "utf8"));
	return {
		rootPath,
		resourcesPath: join(rootPath, "resources"),
		pagePath: join(rootPath, "dist", "renderer"),
		version: z.object({ version: z.string() }).parse(description).version,
	};
}
