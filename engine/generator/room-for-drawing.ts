/** @file Whether a disk has room for a drawing's file, asked before minutes are spent on drawing. */
import { statfs } from "node:fs/promises";
import { Refusal } from "../../contract/errors.ts";

/** What belongs to the file besides its pixels, and what other programs may take meanwhile. */
const spareBytes = 16 * 1024 * 1024;

/** What may be written to the disk of this folder. */
export async function freeDiskBytes(folderPath: string): Promise<number> {
	const { bavail, bsize } = await statfs(folderPath);
	return bavail * bsize;
}

/**
 * @param size of the drawing, pixels
 * @throws Refusal DISK_FULL
 */
export async function checkRoom(
	folderPath: string,
	size: { width: number; height: number },
	free: (folderPath: string) => Promise<number> = freeDiskBytes,
): Promise<void> {
	// Pixels that do not pack at all, and a start picture that does not either.
	const neededBytes = size.width * size.height * 3 * 2 + spareBytes;
	if ((await free(folderPath)) >= neededBytes) return;
	const megabytes = Math.ceil(neededBytes / 1024 ** 2);
	throw new Refusal(
		"DISK_FULL",
		`Drawing needs ${megabytes} MB on the disk of ${folderPath}, and less is free. Make room on it and draw this again.`,
		{ path: folderPath },
	);
}
