/** @file What the library's folders need from whoever opens them, and what they tell. */
import type { PhotoId } from "../../contract/ids.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { walkFolder } from "../watcher/walk.ts";
import type { WatchFolderOptions } from "../watcher/watch-folder.ts";
import type { VolumeLookup } from "./volumes.ts";

export interface LibraryFoldersOptions {
	catalogue: Catalogue;
	/** Afterimage's own folder, which is never read as photos. */
	libraryPath: string;
	/** Watch folders and drives. Without it a folder is scanned when it is added and when asked. */
	live: boolean;
	/** Rows, paths or order of photos changed. */
	onPhotosChanged: () => void;
	/** Folders, or a folder's state, changed. */
	onFoldersChanged: () => void;
	/** There are new photos to read. */
	onWaiting: () => void;
	/** There are new or changed sidecars to read, or some are gone. */
	onSidecars?: () => void;
	/** These photos are no longer in the library. */
	onForgotten: (ids: readonly PhotoId[]) => void;
	/** A scan or a change could not be written; it is tried again by itself. */
	onTrouble?: (error: unknown) => void;
	volumes?: VolumeLookup;
	/** How often drives are looked for. */
	presenceIntervalMs?: number;
	/** See [Note: Grace period]. */
	graceMs?: number;
	/** After this a failed scan is tried again. */
	retryMs?: number;
	watchOptions?: Partial<WatchFolderOptions>;
	/** Replaceable so that failing disks can be acted out. */
	walk?: typeof walkFolder;
}

/** Where a photo's file is; `offline` when it cannot be reached at the moment. */
export interface Whereabouts {
	/** Absolute. */
	path: string;
	offline: boolean;
}
