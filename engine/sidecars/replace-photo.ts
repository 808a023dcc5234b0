/** @file Puts a photo file with new metadata in the place of the old one, so that there is always one of the two, whole. */
import type { BigIntStats } from "node:fs";
import {
	access,
	chmod,
	chown,
	constants,
	open,
	realpath,
	rename,
	rm,
	stat,
	utimes,
} from "node:fs/promises";
import path from "node:path";
import { copyWithAttributes } from "./file-attributes.ts";
import { syncFolder, unfinishedPathOf } from "./replace-sidecar.ts";

/** The file is write-protected, which somebody wanted. */
export class WriteProtected extends Error {}

/** Somebody else wrote the photo between our reading and our writing; nothing was changed. */
export class PhotoChanged extends Error {}

/** Of a photo's file, with links followed: equal while nobody writes to it. */
export async function stampOf(filePath: string): Promise<string> {
	const stats: BigIntStats = await stat(filePath, { bigint: true });
	return `${stats.dev}:${stats.ino}:${stats.size}:${stats.mtimeNs}`;
}

/**
 * Returns the file's real place, with links followed.
 * @throws WriteProtected; the system's error when its folder takes no files.
 */
export async function requireWritable(photoPath: string): Promise<string> {
	const filePath = await realpath(photoPath);
	await access(path.dirname(filePath), constants.W_OK);
	await access(filePath, constants.W_OK).catch(() => {
		throw new WriteProtected("The file is write-protected.");
	});
	return filePath;
}

/**
 * Copies beside, flushes, reads back, looks that the photo is still the one that was read, renames. Times,
 * permissions, owner and what desktops note about the file are kept, a link stays a link.
 * @param stamp of the photo as it was read
 * @throws PhotoChanged; WriteProtected; AttributesLost; the system's error, after which the old file is as it was.
 */
export async function replacePhoto(
	photoPath: string,
	{
		preparedPath,
		contentHash,
		stamp,
	}: { preparedPath: string; contentHash: string; stamp: string },
): Promise<void> {
	const filePath = await requireWritable(photoPath);
	const { mode, uid, gid, atime, mtime } = await stat(filePath);
	const unfinished = unfinishedPathOf(filePath);
	try {
		await copyWithAttributes({ preparedPath, contentHash }, filePath, unfinished);
		await chown(unfinished, uid, gid).catch(() => undefined);
		await chmod(unfinished, mode & 0o7777);
		await utimes(unfinished, atime, mtime);
		const file = await open(unfinished, "r+");
		try {
			await file.sync();
		} finally {
			await file.close();
		}
		if ((await stampOf(filePath)) !== stamp) {
			throw new PhotoChanged("The photo was changed by another program.");
		}
		await rename(unfinished, filePath);
	} finally {
		await rm(unfinished, { force: true });
	}
	await syncFolder(path.dirname(filePath));
}
