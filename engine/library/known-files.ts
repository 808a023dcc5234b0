/** @file The catalogue's files of each folder, kept in memory while changes keep coming. */
import type { FolderId, PhotoId } from "../../contract/ids.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { FoundFile } from "../catalogue/records.ts";
import type { KnownFile } from "./reconcile.ts";

/** A folder's map is given up when nobody asked for so long: 100,000 files take about 30 MB. */
const idleMs = 30_000;

/**
 * Reading every row of a large folder takes longer than the change that asks for it. Only the reconciler
 * changes paths, sizes and identities, and it tells this class what it wrote, so the maps stay true.
 */
export class KnownFiles {
	readonly #catalogue: Catalogue;
	readonly #byFolder = new Map<FolderId, Map<string, KnownFile>>();
	#idleTimer: NodeJS.Timeout | null = null;

	constructor(catalogue: Catalogue) {
		this.#catalogue = catalogue;
	}

	async of(folderId: FolderId): Promise<ReadonlyMap<string, KnownFile>> {
		this.#restartIdleTimer();
		const known = this.#byFolder.get(folderId);
		if (known !== undefined) return known;
		const read = await this.#catalogue.photos.filesOf(folderId);
		this.#byFolder.set(folderId, read);
		return read;
	}

	/** The file is now known at its path. */
	set(folderId: FolderId, id: PhotoId, file: FoundFile): void {
		this.#byFolder.get(folderId)?.set(file.relativePath, { ...file, id });
	}

	/** The photo is no longer known at this path; another one there is left alone. */
	delete(folderId: FolderId, relativePath: string, id: PhotoId): void {
		const known = this.#byFolder.get(folderId);
		if (known?.get(relativePath)?.id === id) known.delete(relativePath);
	}

	/** Forgets one folder's map, or all of them; the next question reads the catalogue. */
	drop(folderId?: FolderId): void {
		if (folderId !== undefined) this.#byFolder.delete(folderId);
		else this.#byFolder.clear();
		if (this.#byFolder.size === 0 && this.#idleTimer !== null) {
			clearTimeout(this.#idleTimer);
			this.#idleTimer = null;
		}
	}

	#restartIdleTimer(): void {
		if (this.#idleTimer !== null) clearTimeout(this.#idleTimer);
		this.#idleTimer = setTimeout(() => this.drop(), idleMs);
		this.#idleTimer.unref();
	}
}
