/** @file Writes what the library says of one photo, everywhere it is to stand. */
import type { PhotoId } from "../../contract/ids.ts";
import type { KeptIn } from "../../contract/tag-writing.ts";
import { type PhotoWritingParts, writePhotoFile } from "./photo-writing.ts";
import {
	hasConflict,
	type SidecarWritingParts,
	type WritingOutcome,
	writeSidecar,
} from "./sidecar-writing.ts";

/** Everywhere but in the library. */
export type Destination = Exclude<KeptIn, "library">;

export interface PhotoOutcome {
	sidecar: WritingOutcome;
	photo: WritingOutcome;
}

/**
 * The photo's own file comes first: once the sidecar is written, nothing is noted to be written any more.
 * @throws the system's error when a disk is full or fails; every file is as it was or as it is meant to be.
 */
export async function writePhoto(
	sidecars: SidecarWritingParts,
	files: PhotoWritingParts | null,
	id: PhotoId,
	to: Destination,
): Promise<PhotoOutcome> {
	const outcome: PhotoOutcome = { sidecar: "nothing", photo: "nothing" };
	if (to === "files" && files !== null) {
		if (await hasConflict(sidecars, id)) return outcome;
		const wanted = await sidecars.catalogue.tagWriting.photoToWrite(id);
		if (wanted !== undefined) outcome.photo = await writePhotoFile(files, id, wanted);
	}
	outcome.sidecar = await writeSidecar(sidecars, id);
	return outcome;
}
