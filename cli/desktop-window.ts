/** @file Whether a desktop window can be had, and starting it. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { CommandContext } from "./command-context.ts";
import { hasDisplay } from "./desktop-programs.ts";
import { CommandError } from "./failure.ts";

export type DesktopWindow =
	| { kind: "available"; binaryPath: string }
	| { kind: "absent"; reason: string };

/**
 * Looks at files only: asking the electron package for its binary would start a download.
 * @param rootPath the installation's root
 */
export function findDesktopWindow(rootPath: string): DesktopWindow {
	if (!hasDisplay()) return { kind: "absent", reason: "there is no display" };
	const packagePath = join(rootPath, "node_modules", "electron");
	try {
		const name = readFileSync(join(packagePath, "path.txt"), "utf8").trim();
		const binaryPath = join(packagePath, "dist", name);
		if (name !== "" && existsSync(binaryPath)) return { kind: "available", binaryPath };
	} catch {
		// No path.txt: the binary was never downloaded.
	}
	return { kind: "absent", reason: "Electron's program is not installed" };
}

/**
 * Runs the window until it is closed.
 * @param folders absolute paths of folders to add
 * @throws CommandError when it cannot be started or ends with a failure.
 */
export async function runDesktopWindow(
	context: CommandContext,
	binaryPath: string,
	folders: readonly string[],
): Promise<void> {
	const child = spawn(binaryPath, [context.installation.rootPath, ...folders], {
		stdio: "inherit",
		env: { ...process.env, AFTERIMAGE_LIBRARY: context.libraryPath },
	});
	const stop = () => child.kill("SIGTERM");
	context.signal.addEventListener("abort", stop, { once: true });
	const code = await new Promise<number | null>((resolve, reject) => {
		child.once("error", (cause) =>
			reject(new CommandError(`The window cannot be opened: ${cause.message}`, cause)),
		);
		child.once("exit", resolve);
	});
	context.signal.removeEventListener("abort", stop);
	context.signal.throwIfAborted();
	if (code !== 0) throw new CommandError("The window closed with a failure.");
}
