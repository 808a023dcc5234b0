/** @file Photos whose file is gone, held for a while before they are forgotten. */
import type { FolderId, PhotoId } from "../../contract/ids.ts";

export interface DepartedEntry {
	id: PhotoId;
	folderId: FolderId;
	relativePath: string;
	/** A scan missed it: the scan that comes across it elsewhere may still be under way. */
	afterScans: boolean;
}

/**
 * [Note: Grace period] A photo moved by hand is a removal here and an addition there, which may come in
 * either order, seconds apart, from two watchers. So a photo whose file is gone keeps its row until the
 * time is up; an addition that turns out to be the same photo takes the row over.
 */
export class DepartedPhotos {
	readonly #entries = new Map<PhotoId, DepartedEntry & { sinceMs: number }>();

	get size(): number {
		return this.#entries.size;
	}

	/** Starts the photo's grace period, or leaves it running. @param nowMs of a monotonic clock */
	note(entry: DepartedEntry, nowMs: number): void {
		const before = this.#entries.get(entry.id);
		if (before?.folderId === entry.folderId && before.relativePath === entry.relativePath) return;
		this.#entries.set(entry.id, { ...entry, sinceMs: nowMs });
	}

	/** The photo is there after all. */
	delete(id: PhotoId): void {
		this.#entries.delete(id);
	}

	dropFolder(folderId: FolderId): void {
		for (const { id, folderId: other } of this.#entries.values()) {
			if (other === folderId) this.#entries.delete(id);
		}
	}

	/** Takes out the photos that were noted at or before the given time. */
	takeDue(notedUntilMs: number, scansRunning: boolean): DepartedEntry[] {
		const due = [...this.#entries.values()].filter(
			({ sinceMs, afterScans }) => sinceMs <= notedUntilMs && !(afterScans && scansRunning),
		);
		for (const { id } of due) this.#entries.delete(id);
		return due;
	}
}
