/** @file Which copies may go to the trash: those of whose group a photo stays behind; see [Note: Nothing is deleted]. */
import { Refusal } from "../../contract/errors.ts";
import type { PhotoId } from "../../contract/ids.ts";
import type { MovedToTrash } from "../../contract/trash.ts";
import type { PhotoRecord } from "../catalogue/records.ts";
import type { TrashMoves } from "../library/trash-moves.ts";
import type { LookAlikes } from "./look-alikes.ts";

export interface CopiesToTrashParts {
	lookAlikes: LookAlikes;
	trashMoves: TrashMoves;
	whereabouts(photo: PhotoRecord): { path: string };
}

/** @throws Refusal NOT_SUPPORTED, PHOTO_NOT_FOUND, PHOTO_CHANGED, FOLDER_OFFLINE: nothing was moved then. */
export async function moveCopiesToTrash(
	{ lookAlikes, trashMoves, whereabouts }: CopiesToTrashParts,
	chosen: readonly { id: PhotoId; version: number }[],
): Promise<MovedToTrash> {
	const photos = await trashMoves.asSeen(chosen);
	const groups = await lookAlikes.groups();
	const chosenIds = new Set(photos.map(({ id }) => id));
	for (const { id, ...photo } of photos) {
		const { path } = whereabouts({ id, ...photo });
		const group = groups.find(
			({ keeper, copies }) => keeper.id === id || copies.some((copy) => copy.photo.id === id),
		);
		if (group === undefined) {
			throw new Refusal("PHOTO_CHANGED", `Nothing was moved: ${path} is no copy any more.`, {
				path,
			});
		}
		const staying = [group.keeper, ...group.copies.map((copy) => copy.photo)].filter(
			(member) => !chosenIds.has(member.id),
		);
		if (staying.length === 0) {
			throw new Refusal("PHOTO_CHANGED", "Keep at least one photo of each group.", { path });
		}
		if (!(await isAnyThere(trashMoves, staying))) {
			throw new Refusal(
				"PHOTO_CHANGED",
				`Nothing was moved: none of the photos that would stay of ${path} is there any more.`,
				{ path },
			);
		}
	}
	return trashMoves.putPhotos(photos);
}

async function isAnyThere(trashMoves: TrashMoves, photos: readonly PhotoRecord[]) {
	for (const photo of photos) {
		try {
			await trashMoves.requireUnchanged(photo);
			return true;
		} catch (error) {
			if (!(error instanceof Refusal)) throw error;
		}
	}
	return false;
}
