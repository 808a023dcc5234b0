/**
 * @file The folder of pictures drawn here as a folder of the library: they are then found, looked at and tagged
 * as photos are, and stay apart by what they are (see [Note: Drawn or photographed]).
 */
import { realpath } from "node:fs/promises";
import type { FolderId } from "../../contract/ids.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { drawingsFolderSetting } from "../catalogue/photo-files.ts";
import { placeOf } from "./folder-presence.ts";
import type { LibraryFolders } from "./library-folders.ts";
import { systemVolumes } from "./volumes.ts";

/** Name of the remembered choice; drawn pictures belong to the library unless that was turned off. */
const includedSetting = "drawings.inLibrary";

export interface DrawingsFolderParts {
	catalogue: Pick<Catalogue, "folders" | "settings">;
	folders: Pick<LibraryFolders, "addOwn" | "remove" | "rescan">;
	/** Where finished drawings are. */
	path: string;
	/** What is new in it waits to be read. */
	onWaiting(): void;
}

export class DrawingsFolder {
	readonly #parts: DrawingsFolderParts;
	#id: FolderId | null = null;
	#realPath: string | null = null;

	constructor(parts: DrawingsFolderParts) {
		this.#parts = parts;
	}

	/** Among the library's folders; null while nothing was drawn, or where it was taken out. */
	get id(): FolderId | null {
		return this.#id;
	}

	/** To be called before the folders are started: the library may have been moved, and this with it. */
	async open(): Promise<void> {
		const { folders, settings } = this.#parts.catalogue;
		const path = await realpath(this.#parts.path);
		this.#realPath = path;
		const known = await settings.get(drawingsFolderSetting);
		const record = (await folders.list()).find(({ id }) => id === known);
		if (record === undefined) return;
		this.#id = record.id;
		if (record.lastPath === path) return;
		await folders.update(record.id, { ...(await placeOf(path, systemVolumes())), lastPath: path });
	}

	/** Whether this is its path: removing it as a folder can be taken back by adding it. */
	isAt(path: string): boolean {
		return this.#realPath === path || this.#parts.path === path;
	}

	async isIncluded(): Promise<boolean> {
		return (await this.#parts.catalogue.settings.get(includedSetting)) !== false;
	}

	/** Taken out, the files stay where they are. */
	async include(included: boolean): Promise<void> {
		await this.#parts.catalogue.settings.set(includedSetting, included);
		if (included) return this.pictureKept();
		const id = this.#id;
		this.#id = null;
		if (id !== null) await this.#parts.folders.remove(id);
	}

	/** There is a finished drawing, or one fewer. */
	async pictureKept(): Promise<void> {
		if (!(await this.isIncluded())) return;
		if (this.#id === null) {
			const { id } = await this.#parts.folders.addOwn(this.#parts.path);
			this.#id = id;
			await this.#parts.catalogue.settings.set(drawingsFolderSetting, id);
		} else await this.#parts.folders.rescan(this.#id);
		this.#parts.onWaiting();
	}

	/** A folder was removed; removing this one is a choice to be kept. */
	async removed(id: FolderId): Promise<void> {
		if (id !== this.#id) return;
		this.#id = null;
		await this.#parts.catalogue.settings.set(includedSetting, false);
	}
}
