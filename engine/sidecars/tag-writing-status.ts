/** @file How writing into files stands, as far as the library's tables tell. */

import type { PhotoId } from "../../contract/ids.ts";
import type { TagWritingStatus } from "../../contract/tag-writing.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { PhotoRecord } from "../catalogue/records.ts";
import { whyNoExifTool } from "./exif-tool.ts";
import type { Originals } from "./originals.ts";

/** Told at once. */
export const mostRefusals = 100;

/** What is choice or course of the work is added by `TagsInFiles`. */
export async function tagWritingStatus(parts: {
	catalogue: Catalogue;
	locate(place: Pick<PhotoRecord, "folderId" | "relativePath">): string | null;
	/** Null where nothing is written into photo files. */
	originals: Originals | null;
	/** Photos that failed just now, with the reason. */
	failed: ReadonlyMap<PhotoId, string>;
}): Promise<Omit<TagWritingStatus, "keptIn" | "waiting" | "problem">> {
	const { catalogue, originals } = parts;
	const { tagWriting } = catalogue;
	const { sidecars, photos } = await tagWriting.countOutsideWrites();
	const size = (await originals?.size()) ?? { files: 0, sizeBytes: 0 };
	return {
		conflicts: await tagWriting.countConflicts(),
		sidecarsWritten: sidecars,
		photosWritten: photos,
		originals: { path: originals?.path ?? "", ...size },
		filesImpossible: await whyFilesImpossible(originals),
		unwritable: await tagWriting.unwritable(),
		refused: await refusals(parts),
	};
}

/** Why photo files cannot be written, in words; null when they can. */
export async function whyFilesImpossible(originals: Originals | null): Promise<string | null> {
	return originals === null ? "Nothing is written into photo files here." : whyNoExifTool();
}

async function refusals({
	catalogue: { sidecars, photos, photoWrites },
	locate,
	failed,
}: Parameters<typeof tagWritingStatus>[0]): Promise<TagWritingStatus["refused"]> {
	const refused = (await sidecars.refused(mostRefusals)).map((sidecar) => ({
		path: locate(sidecar) ?? sidecar.relativePath,
		reason: sidecar.refusal ?? "",
	}));
	const ofPhotos = await photoWrites.refused(mostRefusals - refused.length);
	ofPhotos.push(...[...failed].map(([id, reason]) => ({ id, reason })));
	for (const { id, reason } of ofPhotos.slice(0, mostRefusals - refused.length)) {
		const photo = await photos.get(id);
		if (photo !== undefined) refused.push({ path: locate(photo) ?? photo.relativePath, reason });
	}
	return refused;
}
