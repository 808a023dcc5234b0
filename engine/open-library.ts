/** @file What a host gets when it opens a library, and what it must provide. */
import type { Router } from "@orpc/server";
import type { contract } from "../contract/contract.ts";
import type { PhotoId } from "../contract/ids.ts";
import type { SystemTrash } from "./trash/system-trash.ts";

/** What only the host knows. */
export interface LibraryOptions {
	/** The library folder; created when absent. */
	libraryPath: string;
	/** Folder of bundled resources (`models/starter`, `demo-photos`). */
	resourcesPath: string;
	/** Where other models are installed; the person's usual place where absent. */
	modelsPath?: string;
	/** The app's version, shown in `status`. */
	version: string;
	/** Shows a file in the system's file manager; absent where there is no desktop. */
	reveal?: (path: string) => Promise<void>;
	/** Where chosen files go instead of being deleted; absent where there is no trash. */
	trash?: SystemTrash;
	/** Watch folders and read photos as soon as the library is open; else only when asked to. */
	live: boolean;
}

/** A picture ready to be sent; `filePath` is always a file of the library or one of its photos. */
export interface PictureFile {
	contentType: string;
	body: { filePath: string } | { bytes: Uint8Array };
	/** True when the URL carries a version, so that a client may keep it for good. */
	immutable: boolean;
}

/** Pictures by id, never by path. Each rejects with Refusal PHOTO_NOT_FOUND, FOLDER_OFFLINE or IMAGE_UNREADABLE. */
export interface PictureFiles {
	thumbnail(id: PhotoId): Promise<PictureFile>;
	/** The photo itself where a browser can show it, else a converted JPEG. */
	display(id: PhotoId): Promise<PictureFile>;
}

/** An open library: one per process, one writer per library folder. */
export interface OpenLibrary {
	readonly libraryPath: string;
	/** Implements the contract; a host serves it over its own channel. */
	readonly router: Router<typeof contract, Record<never, never>>;
	readonly pictures: PictureFiles;
	/** Finishes the batch under way, saves, stops watching, closes the database. Safe to call twice. */
	close(): Promise<void>;
}
