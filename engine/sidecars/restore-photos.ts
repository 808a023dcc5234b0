/** @file Puts untouched photo files back in the place of those that were written into. */
import type { PhotoId } from "../../contract/ids.ts";
import { hashFile } from "../library/content-hash.ts";
import { writeRefusal } from "../library/write-refusal.ts";
import { AttributesLost } from "./file-attributes.ts";
import { isWritable, type PhotoWritingParts, putInPlace, takeIn } from "./photo-writing.ts";
import { PhotoChanged, stampOf, WriteProtected } from "./replace-photo.ts";
import { mostRefusals } from "./tag-writing-status.ts";

const noCopy = "The untouched copy was discarded.";

/** What it came to. */
export interface Restored {
	restored: number;
	/** Of all, where all were meant: those whose untouched copy was discarded. */
	withoutCopy: number;
	/** At most 100. */
	refused: { path: string; reason: string }[];
}

/** Of these photos, or of all that were written into. @throws the system's error when the disk is full or fails. */
export async function restorePhotos(
	parts: PhotoWritingParts,
	ids: readonly PhotoId[] | undefined,
): Promise<Restored> {
	const result: Restored = { restored: 0, withoutCopy: 0, refused: [] };
	const { photos, photoWrites } = parts.catalogue;
	for (const id of ids ?? (await photoWrites.withOriginal())) {
		const reason = await restorePhoto(parts, id);
		if (reason === null) {
			result.restored += 1;
			continue;
		}
		if (reason === noCopy && ids === undefined) {
			result.withoutCopy += 1;
			continue;
		}
		const photo = await photos.get(id);
		if (photo === undefined || result.refused.length === mostRefusals) continue;
		result.refused.push({ path: parts.locate(photo) ?? photo.relativePath, reason });
	}
	return result;
}

/**
 * Puts the untouched file back. Returns why it cannot be done; null when it is.
 * @throws the system's error when the disk is full or fails.
 */
async function restorePhoto(parts: PhotoWritingParts, id: PhotoId): Promise<string | null> {
	const { catalogue, originals } = parts;
	const photo = await catalogue.photos.get(id);
	if (photo === undefined || !isWritable(photo)) return "It is not in the library any more.";
	const { contentHash, format } = photo;
	const originalHash = await catalogue.photoWrites.originalOf(contentHash);
	if (originalHash === null) return "Nothing of ours is written in it.";
	const filePath = parts.locate(photo);
	if (filePath === null) return "Its folder is on a drive that is not connected.";
	const preparedPath = originals.pathOf(originalHash, format);
	try {
		const stamp = await stampOf(filePath);
		if (!(await originals.has(originalHash, format))) return noCopy;
		if ((await hashFile(preparedPath)) !== originalHash) {
			return "The library has no whole copy of the untouched file.";
		}
		if ((await hashFile(filePath)) !== contentHash) {
			return "Another program has written to it since; what that wrote would be lost.";
		}
		const write = { id, fromHash: contentHash, toHash: originalHash };
		await putInPlace(parts, photo, write, { preparedPath, contentHash: originalHash, stamp }, null);
		await takeIn(parts, id);
		return null;
	} catch (error) {
		if (error instanceof PhotoChanged) return "Another program is writing to it.";
		if (error instanceof WriteProtected || error instanceof AttributesLost) return error.message;
		const reason = writeRefusal(error);
		if (reason === null) throw error;
		return reason;
	}
}
