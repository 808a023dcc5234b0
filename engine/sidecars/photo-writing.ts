/** @file Writes one photo's accepted tags, title, caption and stars into its file; see [Note: Rewritten photos]. */
import path from "node:path";
import type { PhotoId } from "../../contract/ids.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { PendingWrite } from "../catalogue/photo-write-table.ts";
import type { FoundFile, PhotoRecord } from "../catalogue/records.ts";
import type { Decoder } from "../decoder/decoder.ts";
import { hashFile } from "../library/content-hash.ts";
import { errorCode } from "../library/replace-file.ts";
import { writeRefusal } from "../library/write-refusal.ts";
import { embeddedReaderVersion } from "../xmp/embedded-metadata.ts";
import { UnreadableXmp } from "../xmp/unreadable-xmp.ts";
import { type ExifTool, ExifToolFailure } from "./exif-tool.ts";
import { AttributesLost } from "./file-attributes.ts";
import { copyWhole, extensionOf, OriginalDiffers, type Originals } from "./originals.ts";
import { photoCommand } from "./photo-change.ts";
import {
	PhotoChanged,
	replacePhoto,
	requireWritable,
	stampOf,
	WriteProtected,
} from "./replace-photo.ts";
import { pictureDiffers } from "./same-picture-data.ts";
import type { WritingOutcome } from "./sidecar-writing.ts";
import { saysAll, type Wanted } from "./wanted-change.ts";

/** Formats that ExifTool writes and whose picture can be proved to be the same afterwards. */
const writableFormats: ReadonlySet<string> = new Set([
	"jpeg",
	"png",
	"webp",
	"tiff",
	"heic",
	"avif",
]);

export interface PhotoWritingParts {
	catalogue: Catalogue;
	decoder: Pick<Decoder, "describe" | "raster">;
	exifTool: ExifTool;
	originals: Originals;
	/** Where a photo is; null while its folder is offline. */
	locate(place: Pick<PhotoRecord, "folderId" | "relativePath">): string | null;
	/**
	 * Runs `replace` while neither a scan nor a watcher looks at the folder, then tells what is there.
	 * Resolves with false when the folder went away.
	 */
	replaceFile(
		photo: Pick<PhotoRecord, "id" | "folderId" | "relativePath">,
		replace: (filePath: string) => Promise<void>,
		store: (file: FoundFile) => Promise<void>,
	): Promise<boolean>;
	/** The same picture goes on under another content hash. */
	onRewritten(fromHash: string, toHash: string): Promise<void>;
}

/** Reasons to leave a photo alone until it, or the choice, changes. */
class LeftAlone extends Error {}

/**
 * @throws the system's error when the disk is full or fails; the photo is as it was.
 */
export async function writePhotoFile(
	parts: PhotoWritingParts,
	id: PhotoId,
	wanted: Wanted,
): Promise<WritingOutcome> {
	const { catalogue } = parts;
	const photo = await catalogue.photos.get(id);
	if (photo === undefined || !isWritable(photo)) return "nothing";
	const { contentHash, format } = photo;
	const known = await catalogue.fileMetadata.get(id);
	if (known?.embedded == null || saysAll(known.embedded, wanted)) return "nothing";
	if ((await catalogue.photoWrites.leftAlone(id, contentHash)) !== null) return "nothing";
	const filePath = parts.locate(photo);
	if (filePath === null) return "away";
	try {
		const stamp = await stampOf(filePath);
		await requireWritable(filePath);
		const known = await catalogue.photoWrites.originalOf(contentHash);
		// Where the person discarded it, the file as it is now is what can be gone back to.
		const isThere = known !== null && (await parts.originals.has(known, format));
		const firstHash = isThere ? known : contentHash;
		const isFirst = firstHash === contentHash;
		const isKept = isFirst && (await parts.originals.keep(filePath, contentHash, format));
		try {
			await parts.originals.inWorkFolder(async (workPath) => {
				const prepared = await prepare(
					parts,
					{ ...photo, contentHash, format },
					filePath,
					workPath,
					wanted,
				);
				const write = { id, fromHash: contentHash, toHash: prepared.contentHash };
				await putInPlace(parts, photo, write, { ...prepared, stamp }, firstHash);
			});
		} catch (error) {
			// A copy of a file that was not written after all is of no use to anybody. Where the photo was replaced
			// before something failed, or cannot be read now, it is the only untouched one.
			if (isKept && (await hashFile(filePath)) === contentHash) {
				await parts.originals.drop(contentHash, format);
			}
			throw error;
		}
		await takeIn(parts, id);
		return "written";
	} catch (error) {
		return outcomeOf(parts, photo, filePath, contentHash, error);
	}
}

type WritablePhoto = PhotoRecord & { contentHash: string; format: string };

export function isWritable(photo: PhotoRecord): photo is WritablePhoto {
	return (
		photo.state === "searchable" &&
		photo.contentHash !== null &&
		photo.format !== null &&
		writableFormats.has(photo.format)
	);
}

/** The new file, proved to say what is wanted and to show the same picture. */
async function prepare(
	{ exifTool, decoder }: PhotoWritingParts,
	{ contentHash, format }: Pick<WritablePhoto, "contentHash" | "format">,
	filePath: string,
	workPath: string,
	wanted: Wanted,
): Promise<{ preparedPath: string; contentHash: string }> {
	const before = path.join(workPath, `before${extensionOf(format)}`);
	const after = path.join(workPath, `after${extensionOf(format)}`);
	await copyWhole(filePath, before, contentHash);
	const { words } = await photoCommand(exifTool, before, wanted);
	await exifTool.run([...words, "-o", after, before]);
	const described = await decoder.describe({ filePath: after });
	if (described.kind !== "described" || !saysAll(described.fileMetadata, wanted)) {
		throw new LeftAlone(
			"What was written into a copy could not be read back, so it is left alone.",
		);
	}
	const differs = await pictureDiffers({ exifTool, decoder }, before, after, format);
	if (differs !== null) throw new LeftAlone(`It is left alone, because ${differs}.`);
	return { preparedPath: after, contentHash: described.contentHash };
}

/** The file is replaced and the photo's row with it. @param originalHash null when the untouched file itself comes back */
export async function putInPlace(
	parts: PhotoWritingParts,
	photo: PhotoRecord,
	write: PendingWrite,
	prepared: { preparedPath: string; contentHash: string; stamp: string },
	originalHash: string | null,
): Promise<void> {
	const { photoWrites, tagWriting, photos } = parts.catalogue;
	const backupPath =
		originalHash === null ? null : parts.originals.pathOf(originalHash, photo.format ?? "");
	const earlier = await photoWrites.originalOf(write.toHash);
	const isStale =
		originalHash !== null &&
		earlier !== null &&
		!(await parts.originals.has(earlier, photo.format ?? ""));
	if (isStale) await photoWrites.forgetOriginal(write.toHash);
	await parts.onRewritten(write.fromHash, write.toHash);
	const isReplaced = await parts.replaceFile(
		photo,
		async (filePath) => {
			const now = await photos.get(write.id);
			const isSame = now?.contentHash === write.fromHash && now.relativePath === photo.relativePath;
			if (!isSame) throw new PhotoChanged("The photo was moved or read anew.");
			// Known before it is done: a crash in between must not leave a file that is on no list.
			await tagWriting.noteOutsideWrite(filePath, "photo", backupPath);
			await photoWrites.begin(write, originalHash);
			try {
				await replacePhoto(filePath, prepared);
			} catch (error) {
				await photoWrites.forget(write.id);
				throw error;
			}
		},
		(file) => photoWrites.finish(write, file, originalHash === null),
	);
	if (!isReplaced) throw new PhotoChanged("The photo's folder went away.");
}

/** Takes in what stands in the file now, without meaning anything for the photo's tags: it came from the library. */
export async function takeIn(parts: PhotoWritingParts, id: PhotoId): Promise<void> {
	const { catalogue, decoder } = parts;
	const photo = await catalogue.photos.get(id);
	const filePath = photo === undefined ? null : parts.locate(photo);
	if (filePath === null) return;
	const described = await decoder.describe({ filePath });
	if (described.kind !== "described" || described.contentHash !== photo?.contentHash) return;
	const { contentHash, fileMetadata, drawn } = described;
	const readerVersion = embeddedReaderVersion;
	await catalogue.fileMetadata.apply(
		id,
		{ place: "photo", contentHash, readerVersion, metadata: fileMetadata, drawn },
		({ agreed, described: states }) => ({
			add: [],
			remove: [],
			agreed,
			conflict: null,
			fields: new Map(states.map(({ field }) => [field, "agree"])),
		}),
	);
}

async function outcomeOf(
	{ catalogue }: PhotoWritingParts,
	photo: PhotoRecord,
	filePath: string,
	contentHash: string,
	error: unknown,
): Promise<WritingOutcome> {
	// It is read first; what is to be written is written then.
	if (error instanceof OriginalDiffers || error instanceof PhotoChanged) return "nothing";
	const leaves =
		error instanceof LeftAlone ||
		error instanceof WriteProtected ||
		error instanceof AttributesLost ||
		error instanceof UnreadableXmp ||
		error instanceof ExifToolFailure;
	if (leaves) {
		await catalogue.photoWrites.refuse(photo.id, contentHash, error.message);
		return "nothing";
	}
	if (errorCode(error) === "ENOENT") return "nothing";
	const reason = writeRefusal(error);
	if (reason === null) throw error;
	await catalogue.tagWriting.noteUnwritable(path.dirname(filePath), reason);
	return "unwritable";
}
