/** @file Which copies may go to the trash: those of whose group a photo stays behind; see [Note: Nothing is deleted]. */
import { lstat, realpath, stat } from "node:fs/promises";
import { Refusal } from "../../contract/errors.ts";
import type { PhotoId } from "../../contract/ids.ts";
import type { MovedToTrash } from "../../contract/trash.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { PhotoRecord } from "../catalogue/records.ts";
import type { TrashMoves } from "../library/trash-moves.ts";
import type { LookAlikes } from "./look-alikes.ts";
import { passOn, type SaidOfCopy, saidOf } from "./pass-on.ts";

export interface CopiesToTrashParts {
	lookAlikes: LookAlikes;
	trashMoves: TrashMoves;
	whereabouts(photo: PhotoRecord): { path: string };
	catalogue: Pick<Catalogue, "tags" | "descriptions" | "fileMetadata">;
	/** What is said of photos has changed. */
	onChanged(): void;
}

/** @throws Refusal NOT_SUPPORTED, PHOTO_NOT_FOUND, PHOTO_CHANGED, FOLDER_OFFLINE: nothing was moved then. */
export async function moveCopiesToTrash(
	{ lookAlikes, trashMoves, whereabouts, catalogue, onChanged }: CopiesToTrashParts,
	chosen: readonly { id: PhotoId; version: number }[],
): Promise<MovedToTrash> {
	const photos = await trashMoves.asSeen(chosen);
	const groups = await lookAlikes.groups();
	const chosenIds = new Set(photos.map(({ id }) => id));
	const going = await filesGoing(photos.map((photo) => whereabouts(photo).path));
	const said: SaidOfCopy[] = [];
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
		const stays = await requireOneStays(path, staying, going, { trashMoves, whereabouts });
		said.push(await saidOf(catalogue, id, stays.id));
	}
	const move = await trashMoves.putPhotos(photos);
	const moved = new Set(move.moved);
	const passedOn = await passOn(
		catalogue,
		said.filter(({ copy }) => moved.has(copy)),
	);
	if (passedOn.length > 0) onChanged();
	return { ...move, passedOn };
}

/**
 * The first of them that is there and is a file of its own.
 * @throws Refusal PHOTO_CHANGED where there is none
 */
async function requireOneStays(
	path: string,
	staying: readonly PhotoRecord[],
	going: ReadonlySet<string>,
	{ trashMoves, whereabouts }: Pick<CopiesToTrashParts, "trashMoves" | "whereabouts">,
): Promise<PhotoRecord> {
	let sameFile: string | null = null;
	for (const photo of staying) {
		const stays = whereabouts(photo).path;
		try {
			await trashMoves.requireUnchanged(photo);
		} catch (error) {
			if (error instanceof Refusal) continue;
			throw error;
		}
		const file = await fileAt(stays).catch(() => null);
		if (file !== null && !going.has(file)) return photo;
		if (file !== null) sameFile ??= stays;
	}
	const reason =
		sameFile === null
			? `none of the photos that would stay of ${path} is there any more.`
			: `${sameFile} is the same file as ${path} under another name, so no photo would stay.`;
	throw new Refusal("PHOTO_CHANGED", `Nothing was moved: ${reason}`, { path });
}

/** The files that moving these paths takes away. Of a link only the link goes. */
async function filesGoing(paths: readonly string[]): Promise<Set<string>> {
	const files = new Set<string>();
	for (const path of paths) {
		if (!(await lstat(path)).isSymbolicLink()) files.add(await fileAt(path));
	}
	return files;
}

/** Equal for every name of a file: links, and folders that are mounted twice. */
async function fileAt(path: string): Promise<string> {
	const { dev, ino } = await stat(path, { bigint: true });
	// Some network drives number no files.
	return ino === 0n ? realpath(path) : `${dev}:${ino}`;
}
