/** @file Moves chosen files to the trash, and brings them back. */
import { stat } from "node:fs/promises";
import { Refusal } from "../../contract/errors.ts";
import type { PhotoId } from "../../contract/ids.ts";
import type { MovedToTrash } from "../../contract/trash.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { PhotoRecord } from "../catalogue/records.ts";
import type { SystemTrash } from "../trash/system-trash.ts";
import { sidecarNamesOf } from "../xmp/sidecar-names.ts";
import { hashFile } from "./content-hash.ts";
import { writeRefusal } from "./write-refusal.ts";

/** A file to be moved; `photo` where it is a photo of the library. */
export interface Unwanted {
	path: string;
	photo: PhotoRecord | null;
}

export interface TrashMovesParts {
	catalogue: Pick<Catalogue, "photos">;
	/** Absent where the host has no trash. */
	trash: SystemTrash | undefined;
	whereabouts(photo: PhotoRecord): { path: string; offline: boolean };
	/** The files of these photos came or went; resolves when the library knows. */
	onMoved(photos: readonly PhotoRecord[], where: "to-trash" | "back"): Promise<void>;
}

/** What became of each file. */
export interface TrashMove {
	moveId: number;
	moved: Unwanted[];
	stayed: { unwanted: Unwanted; message: string }[];
	/** False where only the system's own trash can bring them back. */
	restorable: boolean;
}

interface Moved extends Unwanted {
	restore: (() => Promise<void>) | null;
}

/**
 * [Note: Nothing is deleted] A photo goes to the trash only when the person chose it and it still is the file that
 * was shown, by size and content.
 */
export class TrashMoves {
	readonly #parts: TrashMovesParts;
	readonly #moves = new Map<number, Moved[]>();
	#lastMoveId = 0;

	constructor(parts: TrashMovesParts) {
		this.#parts = parts;
	}

	/** False where files cannot go to a trash. */
	get available(): boolean {
		return this.#parts.trash !== undefined;
	}

	/**
	 * The photos with these ids, each of them as it was shown and its file with it.
	 * @throws Refusal PHOTO_NOT_FOUND, PHOTO_CHANGED, FOLDER_OFFLINE.
	 */
	async asSeen(chosen: readonly { id: PhotoId; version: number }[]): Promise<PhotoRecord[]> {
		const photos = new Map<PhotoId, PhotoRecord>();
		for (const { id, version } of chosen) {
			const photo = await this.#parts.catalogue.photos.get(id);
			if (photo === undefined) throw new Refusal("PHOTO_NOT_FOUND");
			if (photo.version !== version) throw changed(this.#parts.whereabouts(photo).path);
			await this.requireUnchanged(photo);
			photos.set(id, photo);
		}
		return [...photos.values()];
	}

	/** @throws Refusal PHOTO_CHANGED where the file is another than the one that was read, FOLDER_OFFLINE. */
	async requireUnchanged(photo: PhotoRecord): Promise<void> {
		const { path, offline } = this.#parts.whereabouts(photo);
		if (offline) throw new Refusal("FOLDER_OFFLINE", undefined, { path });
		const found = await stat(path).catch(() => null);
		if (found === null || found.size !== photo.sizeBytes) throw changed(path);
		// Of a photo that could not be read, or is not read yet, nothing but its size and time is known.
		const isSame =
			photo.contentHash === null
				? Math.floor(found.mtimeMs) === photo.modifiedAtMs
				: (await hashFile(path)) === photo.contentHash;
		if (!isSame) throw changed(path);
	}

	/** Photos and the sidecars that bear their whole names. @throws Refusal NOT_SUPPORTED: nothing was moved then. */
	async putPhotos(photos: readonly PhotoRecord[]): Promise<MovedToTrash> {
		const { moveId, moved, stayed, restorable } = await this.putFiles(
			photos.map((photo) => ({ path: this.#parts.whereabouts(photo).path, photo })),
		);
		return {
			moveId,
			moved: moved.flatMap(({ photo }) => photo?.id ?? []),
			stayed: stayed.flatMap(({ unwanted: { photo }, message }) =>
				photo === null ? [] : [{ id: photo.id, message }],
			),
			restorable,
			passedOn: [],
		};
	}

	/** @throws Refusal NOT_SUPPORTED: nothing was moved then. */
	async putFiles(unwanted: readonly Unwanted[]): Promise<TrashMove> {
		const { trash } = this.#parts;
		if (trash === undefined) {
			throw new Refusal(
				"NOT_SUPPORTED",
				"There is no trash on this computer that files can go to.",
			);
		}
		const moved: Moved[] = [];
		const stayed: TrashMove["stayed"] = [];
		for (const entry of unwanted) {
			try {
				const { restore } = await trash.put(entry.path);
				const sidecar = entry.photo === null ? null : await putSidecar(trash, entry.path);
				moved.push({ ...entry, restore: both(restore, sidecar) });
			} catch (error) {
				stayed.push({ unwanted: entry, message: whyItStays(entry.path, error) });
			}
		}
		this.#lastMoveId += 1;
		this.#moves.set(this.#lastMoveId, moved);
		await this.#announce(moved, "to-trash");
		return {
			moveId: this.#lastMoveId,
			moved,
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
				"These files are not in the trash any more, or were put there before the last start.",
			);
		}
		const back: Moved[] = [];
		let problem: string | null = null;
		for (const entry of moved) {
			try {
				if (entry.restore === null) {
					throw new Error("Open the trash of this computer and restore the files from there.");
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
		await this.#announce(back, "back");
		if (problem !== null) throw new Refusal("NOT_SUPPORTED", problem);
		return back.length;
	}

	async #announce(files: readonly Unwanted[], where: "to-trash" | "back"): Promise<void> {
		const photos = files.flatMap(({ photo }) => photo ?? []);
		if (photos.length > 0) await this.#parts.onMoved(photos, where);
	}
}

type Restore = (() => Promise<void>) | null;

/** The one that speaks for this photo alone. Where it cannot be moved it stays, which harms nobody. */
async function putSidecar(trash: SystemTrash, photoPath: string): Promise<Restore> {
	const [sidecarPath] = sidecarNamesOf(photoPath);
	const found = await stat(sidecarPath).catch(() => null);
	if (found?.isFile() !== true) return async () => undefined;
	const put = await trash.put(sidecarPath).catch(() => null);
	return put === null ? async () => undefined : put.restore;
}

/** The sidecar first: it is there when the photo is seen. */
function both(photo: Restore, sidecar: Restore): Restore {
	if (photo === null || sidecar === null) return photo;
	return async () => {
		// Without it the photo is still wanted back; what it said is remembered by the library.
		await sidecar().catch(() => undefined);
		await photo();
	};
}

function whyItStays(path: string, error: unknown): string {
	const cause = error instanceof Error ? error.message : String(error);
	return `${path} stays where it is. ${writeRefusal(error) ?? cause}`;
}

function changed(path: string): Refusal {
	return new Refusal(
		"PHOTO_CHANGED",
		`Nothing was moved: ${path} is not what it was when it was shown.`,
		{ path },
	);
}
