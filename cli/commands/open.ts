/** @file `afterimage open`: the app itself, in a window or as a page on this computer. */
import { holderPageUrl } from "../../server/serve-holder.ts";
import { ensurePage, ensureWindow } from "../checkout-build.ts";
import type { CommandContext } from "../command-context.ts";
import { hasDisplay, openInBrowser, revealFile } from "../desktop-programs.ts";
import { findDesktopWindow, runDesktopWindow } from "../desktop-window.ts";
import { Interrupted, whenInterrupted } from "../interruption.ts";
import { resolveGiven } from "../library-path.ts";
import { printLine, remark } from "../terminal.ts";
import { withEngine } from "../with-engine.ts";

export interface OpenOptions {
	port?: number | undefined;
	/** False: print the address and open nothing. */
	open: boolean;
}

/**
 * Runs until it is interrupted or its window is closed; returns at once when another process has the
 * library open, whose page is then the one to use.
 */
export async function open(
	context: CommandContext,
	folders: readonly string[],
	options: OpenOptions,
): Promise<void> {
	const { installation, signal } = context;
	const paths = folders.map((folder) => resolveGiven(folder));
	await ensurePage(installation, signal);
	// A port or --no-open asks for the page.
	if (options.open && options.port === undefined) {
		const window = findDesktopWindow(installation.rootPath);
		if (window.kind === "available" && (await ensureWindow(installation, signal))) {
			return runDesktopWindow(context, window.binaryPath, paths);
		}
		const reason = window.kind === "absent" ? window.reason : "it could not be built";
		remark(`No desktop window: ${reason}. Afterimage opens as a page instead.`);
	}
	const use = {
		live: true,
		...(options.port !== undefined && { port: options.port }),
		...(hasDisplay() && { reveal: revealFile }),
	};
	let serving = false;
	const served = withEngine(context, use, async ({ client, reachedBy }) => {
		for (const path of paths) await client.folder.add({ path });
		const url = reachedBy.kind === "own" ? reachedBy.server.url : holderPageUrl(reachedBy.holder);
		printLine(`Afterimage is at ${url}`);
		if (options.open && hasDisplay()) await openInBrowser(url);
		if (reachedBy.kind === "other") return;
		serving = true;
		await whenInterrupted(signal);
	});
	try {
		await served;
	} catch (error) {
		// Ctrl+C is how a served page is meant to end.
		if (!serving || !(error instanceof Interrupted)) throw error;
	}
}
