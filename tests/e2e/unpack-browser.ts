/**
 * @file Unpacks the headless browser of `@sparticuz/chromium` once, into `node_modules/.cache`.
 *
 * The package unpacks into the temporary folder, takes whatever lies there for complete, and brings
 * its system libraries only on Amazon's own machines. So a child process unpacks with a temporary
 * folder and an environment of its own, and the result is renamed into place when complete: tests
 * that start at the same moment, or were killed half-way, never see half a browser.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

const cachePath = fileURLToPath(
	new URL("../../node_modules/.cache/afterimage-browser", import.meta.url),
);

/** Where the unpacked browser and the libraries and fonts it brings lie. */
export interface UnpackedBrowser {
	executablePath: string;
	/** Variables it must be started with. */
	environment: { LD_LIBRARY_PATH: string; FONTCONFIG_PATH: string };
}

/** Linux on x64 only. Takes about two seconds the first time. */
export async function unpackBrowser(): Promise<UnpackedBrowser> {
	const complete = join(cachePath, "chromium-147");
	if (!existsSync(complete)) {
		await mkdir(cachePath, { recursive: true });
		const partial = await mkdtemp(join(cachePath, "partial-"));
		const packageUrl = pathToFileURL(createRequire(import.meta.url).resolve("@sparticuz/chromium"));
		const script = `const { default: chromium } = await import(${JSON.stringify(packageUrl.href)});
			await (chromium.default ?? chromium).executablePath();`;
		await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], {
			env: { PATH: process.env.PATH, TMPDIR: partial, AWS_LAMBDA_JS_RUNTIME: "nodejs22.x" },
			timeout: 120_000,
		});
		try {
			await rename(partial, complete);
		} catch (error) {
			await rm(partial, { recursive: true, force: true });
			// Another test process was faster.
			if (!existsSync(complete)) throw error;
		}
	}
	return {
		executablePath: join(complete, "chromium"),
		environment: {
			LD_LIBRARY_PATH: join(complete, "al2023", "lib"),
			FONTCONFIG_PATH: join(complete, "fonts"),
		},
	};
}
