/** @file Takes and opens a library in the engine's process, and serves it to this computer's CLI. */
import { openLibrary } from "../engine/engine.ts";
import { prepareLibraryFolder } from "../engine/library/library-folder.ts";
import { acquireLibraryLock } from "../engine/library/library-lock.ts";
import type { OpenLibrary } from "../engine/open-library.ts";
import { findSystemTrash } from "../engine/trash/system-trash.ts";
import { holderPageUrl, serveHolder } from "../server/serve-holder.ts";
import type { EngineSettings } from "./engine-messages.ts";

export type HeldOrTaken =
	| {
			kind: "held";
			library: Pick<OpenLibrary, "router" | "pictures">;
			/** Closes the server, the library and the lock, in this order. */
			close(): Promise<void>;
	  }
	| { kind: "taken"; pageUrl: string | null };

/**
 * Opens the library unless another process has it.
 * @throws Refusal as `openLibrary` does.
 */
export async function holdLibrary(
	settings: EngineSettings,
	reveal: (path: string) => Promise<void>,
): Promise<HeldOrTaken> {
	const { libraryPath, resourcesPath, pagePath, version } = settings;
	await prepareLibraryFolder(libraryPath);
	const lock = await acquireLibraryLock(libraryPath);
	if (lock.kind === "taken") {
		return { kind: "taken", pageUrl: lock.holder === null ? null : holderPageUrl(lock.holder) };
	}
	const closing = new AsyncDisposableStack();
	closing.defer(() => lock.release());
	try {
		const trash = findSystemTrash();
		const library = await openLibrary({
			libraryPath,
			resourcesPath,
			version,
			reveal,
			...(trash && { trash }),
			live: true,
		});
		closing.defer(() => library.close());
		// Any free port: the usual one is for the page as a person opens it.
		const server = await serveHolder(lock, { library, pagePath, version, port: 0 });
		closing.defer(() => server.close());
		return { kind: "held", library, close: () => closing.disposeAsync() };
	} catch (error) {
		await closing.disposeAsync();
		throw error;
	}
}
