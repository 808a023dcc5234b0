/**
 * @file What the main process and the engine's process say to each other. Contract calls do not pass
 * here: they go over a MessagePort from the page straight to the engine, so that a busy main process
 * never delays a search. Pictures do, because only the main process can answer the `photo:` protocol;
 * it gets a file's name, not its bytes, wherever there is a file.
 */
import type { PhotoId } from "../contract/ids.ts";

/** Which form of a photo is wanted. */
export type PictureSize = "thumbnail" | "display";

/** A picture, or why there is none as an HTTP status and a sentence. */
export type PictureAnswer =
	| {
			kind: "picture";
			contentType: string;
			body: { filePath: string } | { bytes: Uint8Array };
			/** A versioned address may be kept for good. */
			immutable: boolean;
	  }
	| { kind: "none"; status: number; message: string };

/** What the engine needs to know to start. Absolute paths. */
export interface EngineSettings {
	libraryPath: string;
	resourcesPath: string;
	pagePath: string;
	version: string;
}

export type ToEngine =
	| ({ kind: "open" } & EngineSettings)
	/** Comes with one MessagePort: a page that wants the contract. */
	| { kind: "client" }
	| { kind: "picture"; requestId: number; size: PictureSize; id: PhotoId }
	| { kind: "add-folders"; paths: readonly string[] }
	/** Finish the batch under way, save, answer `closed` and end. */
	| { kind: "close" };

export type FromEngine =
	| { kind: "opened" }
	/** Another process has the library; the address of its page where it has told one. */
	| { kind: "taken"; pageUrl: string | null }
	/** The library cannot be opened; the message says what to do. */
	| { kind: "refused"; message: string }
	| { kind: "picture"; requestId: number; answer: PictureAnswer }
	| { kind: "folder-refused"; message: string }
	/** Show a file in the file manager: Electron's `shell` exists in the main process only. */
	| { kind: "reveal"; path: string }
	| { kind: "closed" };
