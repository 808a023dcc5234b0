/** @file Moves chosen copies to the trash, after making sure that they are what the person saw. */
import { stat } from "node:fs/promises";
import { Refusal } from "../../contract/errors.ts";
import type { FolderId, PhotoId } from "../../contract/ids.ts";
import type { MovedToTrash } from "../../contract/lookalike.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { PhotoRecord } from "../catalogue/records.ts";
import { hashFile } from "../library/content-hash.ts";
import type { SystemTrash } from "../trash/system-trash.ts";
import type { LookAlikes } from "./look-alikes.ts";

export interface TrashMovesParts {
	catalogue: Catalogue;
	lookAlikes: LookAlikes;
	/** Absent where the host has no trash. */
	trash: SystemTrash | undefined;
	whereabouts(photo: PhotoRecord): { path: string; offline: boolean };
	/** Files of this folder came or went. */
	onFilesChanged(folderId: FolderId): void;
}

interface MovedPhoto {
	photo: PhotoRecord;
	restore: (() => Promise<void>) | null;
}

/**
 * [Note: Nothing is deleted] A file goes to the trash only when the person chose it, it still is the file that
 * was shown (by size, time and content), and a photo of its group stays behind whose file is there.
 */
export class TrashMoves {
	readonly #parts: TrashMovesParts;
	readonly #moves = new Map<number, MovedPhoto[]>();
	#lastMoveId = 0;

	constructor(parts: TrashMovesParts) {
		this.#parts = parts;
	}

	/** @throws Refusal NOT_SUPPORTED, PHOTO_NOT_FOUND, PHOTO_CHANGED, FOLDER_OFFLINE: nothing was moved then. */
	async move(chosen: readonly { id: PhotoId; version: number }[]): Promise<MovedToTrash> {
		const { trash, lookAlikes, whereabouts } = this.#parts;
		if (trash === undefined) {
			throw new Refusal(
				"NOT_SUPPORTED",
				"There is no trash on this computer that files can go to.",
			);
		}
		const photos = await this.#check(chosen);
		const moved: MovedPhoto[] = [];
		const stayed: MovedToTrash["stayed"] = [];
		for (const photo of photos) {
			const { path } = whereabouts(photo);
			try {
				const { restore } = await trash.put(path);
				moved.push({ photo, restore });
			} catch (error) {
				const cause = error instanceof Error ? error.message : String(error);
				stayed.push({ id: photo.id, message: `${path} stays where it is: ${cause}` });
			}
		}
		lookAlikes.noteMoved(moved.map(({ photo }) => photo.id));
		this.#announce(moved);
		this.#lastMoveId += 1;
		this.#moves.set(this.#lastMoveId, moved);
		return {
			moveId: this.#lastMoveId,
			moved: moved.map(({ photo }) => photo.id),
			stayed,
			restorable: moved.length > 0 && moved.every(({ restore }) => restore !== null),
		};
	}

	/** @throws Refusal NOT_SUPPORTED with what to do instead; PHOTO_NOT_FOUND where the move is not known. */
	async restore(moveId: number): Promise<number> {
		const moved = this.#moves.get(moveId);
		if (moved === undefined) {
			throw new Refusal(
				"PHOTO_NOT_FOUND",
				"These photos are not in the trash any more, or were put there before the last start.",
			);
		}
		const back: MovedPhoto[] = [];
		let problem: string | null = null;
		for (const entry of moved) {
			try {
				if (entry.restore === null) {
					throw new Error("Open the trash of this computer and restore the photos from there.");
				}
				await entry.restore();
				back.push(entry);
			} catch (error) {
				problem ??= error instanceof Error ? error.message : String(error);
			}
		}
		const left = moved.filter((entry) => !back.includes(entry));
		if (left.length === 0) this.#moves.delete(moveId);
		else this.#moves.set(moveId, left);
		this.#parts.lookAlikes.noteRestored(back.map(({ photo }) => photo.id));
		this.#announce(back);
		if (problem !== null) throw new Refusal("NOT_SUPPORTED", problem);
		return back.length;
	}

	#announce(changed: readonly MovedPhoto[]): void {
		for (const folderId of new Set(changed.map(({ photo }) => photo.folderId))) {
			this.#parts.onFilesChanged(folderId);
		}
	}

	/** The chosen photos, each of them as it was shown and with one of its group staying behind. */
	async #check(chosen: readonly { id: PhotoId; version: number }[]): Promise<PhotoRecord[]> {
		const groups = await this.#parts.lookAlikes.groups();
		const chosenIds = new Set(chosen.map(({ id }) => id));
		const photos: PhotoRecord[] = [];
		for (const { id, version } of chosen) {
			const photo = await this.#parts.catalogue.photos.get(id);
			if (photo === undefined) throw new Refusal("PHOTO_NOT_FOUND");
			const { path } = this.#parts.whereabouts(photo);
			const group = groups.find(
				({ keeper, copies }) => keeper.id === id || copies.some((copy) => copy.photo.id === id),
			);
			if (group === undefined || photo.version !== version) throw changed(path);
			const staying = [group.keeper, ...group.copies.map((copy) => copy.photo)].filter(
				(member) => !chosenIds.has(member.id),
			);
			if (staying.length === 0) {
				throw new Refusal("PHOTO_CHANGED", "Keep at least one photo of each group.", { path });
			}
			await this.#checkFile(photo);
			if (!(await this.#isAnyThere(staying))) {
				throw new Refusal(
					"PHOTO_CHANGED",
					`Nothing was moved: none of the photos that would stay of ${path} is there any more.`,
					{ path },
				);
			}
			if (!photos.some((known) => known.id === id)) photos.push(photo);
		}
		return photos;
	}

	async #isAnyThere(photos: readonly PhotoRecord[]): Promise<boolean> {
		for (const photo of photos) {
			try {
				await this.#checkFile(photo);
				return true;
			} catch (error) {
				if (!(error instanceof Refusal)) throw error;
			}
		}
		return false;
	}

	async #checkFile(photo: PhotoRecord): Promise<void> {
		const { path, offline } = this.#parts.whereabouts(photo);
		if (offline) throw new Refusal("FOLDER_OFFLINE", undefined, { path });
		const found = await stat(path).catch(() => null);
		if (found === null || found.size !== photo.sizeBytes || photo.state !== "searchable")
			throw changed(path);
		if ((await hashFile(path)) !== photo.contentHash) throw changed(path);
	}
}

function changed(path: string): Refusal {
	return new Refusal(
		"PHOTO_CHANGED",
		`Nothing was moved: ${path} is not what it was when the copies were compared.`,
		{ path },
	);
}
