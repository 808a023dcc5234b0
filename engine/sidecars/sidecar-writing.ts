/** @file Writes one photo's accepted tags, title, caption and stars into its sidecar. */
import { stat } from "node:fs/promises";
import path from "node:path";
import type { FileMetadata } from "../../contract/file-metadata.ts";
import type { FolderId, PhotoId } from "../../contract/ids.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { writeRefusal } from "../library/write-refusal.ts";
import { editXmp } from "../xmp/edit-xmp.ts";
import { newSidecar } from "../xmp/new-sidecar.ts";
import { readXmp } from "../xmp/read-xmp.ts";
import { sidecarNamesOf, withoutExtension } from "../xmp/sidecar-names.ts";
import { UnreadableXmp } from "../xmp/unreadable-xmp.ts";
import type { MetadataReading, MetadataReadingParts } from "./metadata-reading.ts";
import { realDisk, replaceSidecar, SidecarChanged, type SidecarDisk } from "./replace-sidecar.ts";
import { readSidecar } from "./sidecar-on-disk.ts";
import { isNoChange, sidecarChange } from "./wanted-change.ts";

export interface SidecarWritingParts extends Pick<MetadataReadingParts, "locate"> {
	catalogue: Catalogue;
	reading: MetadataReading;
	/** Replaceable so that failing disks can be acted out. */
	disk?: SidecarDisk;
}

export type WritingOutcome =
	| "written"
	/** There was nothing to write, or the person has to decide first. */
	| "nothing"
	/** Its folder is away. */
	| "away"
	/** The folder takes no files; the tags stay in the library. */
	| "unwritable";

interface Place {
	folderId: FolderId;
	relativePath: string;
	filePath: string;
}

const mostAttempts = 5;

/**
 * The sidecar is read from the disk first, so that nothing another program wrote is lost; see [Note: Two sides].
 * @throws the system's error when the disk is full or fails; the old sidecar is as it was.
 */
export async function writeSidecar(
	parts: SidecarWritingParts,
	id: PhotoId,
): Promise<WritingOutcome> {
	const { catalogue, reading } = parts;
	const photo = await catalogue.photos.get(id);
	if (photo === undefined) return "nothing";
	const place = await placeOfSidecar(parts, photo.folderId, photo.relativePath);
	if (place === null) return "away";
	const { folderId, relativePath, filePath } = place;
	for (let attempt = 1; ; attempt++) {
		try {
			const before = await readSidecar(filePath);
			let inFile: FileMetadata | null = null;
			if (before !== null) {
				inFile = readXmp(before.bytes);
				if (await reading.applySidecar(id, relativePath, inFile)) return "nothing";
			}
			const wanted = await catalogue.tagWriting.photoToWrite(id);
			if (wanted === undefined) return "nothing";
			const known = await catalogue.fileMetadata.get(id);
			const { accepted, described } = wanted;
			const agreed = [...(known?.agreed ?? []), ...wanted.begun];
			const change = sidecarChange(inFile, wanted, agreed, known?.embedded ?? null);
			if (before === null && isNoChange(change)) {
				await catalogue.tagWriting.written(id, accepted, described);
				return "nothing";
			}
			const bytes = before === null ? newSidecar(change) : editXmp(before.bytes, change);
			if (before !== null && bytes === before.bytes) {
				await catalogue.tagWriting.written(id, accepted, described);
				return "nothing";
			}
			// Known before it is done: a crash in between must not leave a file that is on no list.
			await catalogue.tagWriting.begin(id, accepted);
			await catalogue.tagWriting.noteOutsideWrite(filePath, "sidecar", null);
			await replaceSidecar(filePath, bytes, before?.bytes ?? null, parts.disk ?? realDisk);
			const { size, mtimeMs } = await stat(filePath);
			const facts = { relativePath, sizeBytes: size, modifiedAtMs: Math.floor(mtimeMs) };
			await catalogue.sidecars.settle(folderId, facts, null);
			await catalogue.fileMetadata.apply(
				id,
				{ place: "sidecar", path: relativePath, metadata: readXmp(bytes) },
				() => ({ add: [], remove: [], agreed: accepted, conflict: null }),
			);
			await catalogue.tagWriting.written(id, accepted, described);
			await catalogue.tagWriting.forgetUnwritable(path.dirname(filePath));
			return "written";
		} catch (error) {
			if (error instanceof SidecarChanged && attempt < mostAttempts) continue;
			if (error instanceof UnreadableXmp) {
				await refuse(parts, place, error.message);
				await catalogue.tagWriting.leave(id);
				return "nothing";
			}
			const reason = writeRefusal(error);
			if (reason === null) throw error;
			await catalogue.tagWriting.noteUnwritable(path.dirname(filePath), reason);
			return "unwritable";
		}
	}
}

/** Takes in what the sidecar says now. Returns true when the person has to decide before anything is written. */
export async function hasConflict(parts: SidecarWritingParts, id: PhotoId): Promise<boolean> {
	const { catalogue, reading } = parts;
	const photo = await catalogue.photos.get(id);
	if (photo === undefined) return false;
	const place = await placeOfSidecar(parts, photo.folderId, photo.relativePath);
	const found = place === null ? null : await readSidecar(place.filePath);
	if (place === null || found === null) return false;
	try {
		return await reading.applySidecar(id, place.relativePath, readXmp(found.bytes));
	} catch (error) {
		// Writing to it will refuse it, with the reason.
		if (error instanceof UnreadableXmp) return false;
		throw error;
	}
}

/** Adobe's short name only where it is there and speaks for one photo alone; else the full name. */
export async function placeOfSidecar(
	{ catalogue, locate }: SidecarWritingParts,
	folderId: FolderId,
	photoPath: string,
): Promise<Place | null> {
	const known = await catalogue.sidecars.ofPhoto(folderId, photoPath, withoutExtension(photoPath));
	const [full, short] = sidecarNamesOf(photoPath);
	const paths = [...known.map((sidecar) => sidecar.relativePath), full, short];
	for (const relativePath of new Set(paths)) {
		const filePath = locate({ folderId, relativePath });
		if (filePath === null) return null;
		if (!(await exists(filePath))) continue;
		const isFull = relativePath.length === full.length;
		const shared = isFull
			? []
			: await catalogue.sidecars.photosNamed(folderId, withoutExtension(photoPath));
		if (shared.length <= 1) return { folderId, relativePath, filePath };
	}
	const filePath = locate({ folderId, relativePath: full });
	return filePath === null ? null : { folderId, relativePath: full, filePath };
}

async function exists(filePath: string): Promise<boolean> {
	return stat(filePath).then(
		() => true,
		() => false,
	);
}

async function refuse(
	{ catalogue }: SidecarWritingParts,
	{ folderId, relativePath, filePath }: Place,
	reason: string,
): Promise<void> {
	const facts = await stat(filePath).catch(() => null);
	if (facts === null) return;
	const found = { relativePath, sizeBytes: facts.size, modifiedAtMs: facts.mtimeMs };
	await catalogue.sidecars.settle(folderId, found, reason);
}
