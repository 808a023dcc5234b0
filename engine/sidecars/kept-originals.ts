/** @file Which untouched files the library keeps, of which photos, and discarding those that nobody wants. */
import { rm } from "node:fs/promises";
import path from "node:path";
import { Refusal } from "../../contract/errors.ts";
import type { OriginalId } from "../../contract/ids.ts";
import type { Discarded, KeptOriginals } from "../../contract/kept-original.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { PhotoRecord } from "../catalogue/records.ts";
import type { TrashMoves } from "../library/trash-moves.ts";
import type { Originals } from "./originals.ts";
import { mostRefusals } from "./tag-writing-status.ts";

export interface KeptOriginalsParts {
	catalogue: Pick<Catalogue, "photos" | "photoWrites" | "tagWriting">;
	originals: Originals;
	trashMoves: TrashMoves;
	whereabouts(photo: PhotoRecord): { path: string };
}

/** Those of no photo first, then the largest. */
export async function listOriginals(parts: KeptOriginalsParts): Promise<KeptOriginals> {
	const { catalogue, originals, trashMoves, whereabouts } = parts;
	const goingBack = Map.groupBy(
		await catalogue.photoWrites.photosOfOriginals(),
		({ originalHash }) => originalHash,
	);
	const copiedFrom = await catalogue.tagWriting.backups();
	const kept: KeptOriginals["originals"] = [];
	for (const { id, path: filePath, sizeBytes, keptAtMs } of await originals.list()) {
		const ids = (goingBack.get(id) ?? []).map((photo) => photo.id);
		kept.push({
			id,
			path: filePath,
			sizeBytes,
			keptAtMs,
			photos: (await catalogue.photos.getMany(ids)).map((photo) => ({
				id: photo.id,
				version: photo.version,
				path: whereabouts(photo).path,
			})),
			copiedFrom: copiedFrom.get(path.basename(filePath)) ?? null,
		});
	}
	return {
		path: originals.path,
		originals: kept.sort(
			(a, b) =>
				Number(a.photos.length > 0) - Number(b.photos.length > 0) || b.sizeBytes - a.sizeBytes,
		),
		sizeBytes: kept.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
		trash: trashMoves.available,
	};
}

/**
 * To the trash; deleted where there is none and the person said that they know. Photos are as they are and cannot be
 * put back any more; the next time one is written into, it is kept as it is then.
 * @throws Refusal NOT_SUPPORTED where there is no trash and nobody said so.
 */
export async function discardOriginals(
	{ originals, trashMoves }: Pick<KeptOriginalsParts, "originals" | "trashMoves">,
	ids: readonly OriginalId[],
	forGood: boolean,
): Promise<Discarded> {
	const wanted = new Set(ids);
	const chosen = (await originals.list()).filter(({ id }) => wanted.has(id));
	const sizes = new Map(chosen.map(({ path: filePath, sizeBytes }) => [filePath, sizeBytes]));
	if (trashMoves.available) {
		const { moveId, moved, stayed, restorable } = await trashMoves.putFiles(
			chosen.map((file) => ({ path: file.path, photo: null })),
		);
		return {
			moveId,
			discarded: moved.length,
			sizeBytes: moved.reduce((sum, file) => sum + (sizes.get(file.path) ?? 0), 0),
			stayed: stayed.slice(0, mostRefusals).map(({ message }) => message),
			restorable,
		};
	}
	if (!forGood) {
		throw new Refusal(
			"NOT_SUPPORTED",
			"There is no trash on this computer; these copies could only be deleted for good.",
		);
	}
	const result: Discarded = {
		moveId: null,
		discarded: 0,
		sizeBytes: 0,
		stayed: [],
		restorable: false,
	};
	for (const file of chosen) {
		try {
			await rm(file.path);
			result.discarded += 1;
			result.sizeBytes += file.sizeBytes;
		} catch (error) {
			const why = error instanceof Error ? error.message : String(error);
			if (result.stayed.length < mostRefusals) result.stayed.push(`${file.path}: ${why}`);
		}
	}
	return result;
}
