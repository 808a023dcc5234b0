/** @file Small files of ours, written so that a reader sees the old contents or the new, never half. */
import { randomUUID } from "node:crypto";
import { link, open, rename, rm } from "node:fs/promises";

/** Ends the name of every file that is still being written. */
export const unfinishedSuffix = ".partial";

/** Writes beside, flushes to the disk, renames over the old file. `mode` is the file's permissions. */
export async function replaceFile(
	filePath: string,
	text: string | Uint8Array,
	mode = 0o644,
): Promise<void> {
	await writeBeside(filePath, text, mode, (unfinished) => rename(unfinished, filePath));
}

/** Like `replaceFile`, but leaves a file that is already there alone and returns false. */
export async function createFile(
	filePath: string,
	text: string | Uint8Array,
	mode = 0o644,
): Promise<boolean> {
	try {
		// Unlike a rename, a link fails where the name is taken.
		await writeBeside(filePath, text, mode, (unfinished) => link(unfinished, filePath));
		return true;
	} catch (error) {
		switch (errorCode(error)) {
			case "EEXIST":
				return false;
			// Disks without links, such as exFAT.
			case "EPERM":
			case "ENOTSUP":
			case "EOPNOTSUPP":
			case "ENOSYS":
			case "EISDIR":
			case "EINVAL":
				await replaceFile(filePath, text, mode);
				return true;
			default:
				throw error;
		}
	}
}

/** The system's code of an error, such as `ENOENT`. */
export function errorCode(error: unknown): string | undefined {
	return error instanceof Error && "code" in error ? String(error.code) : undefined;
}

async function writeBeside(
	filePath: string,
	text: string | Uint8Array,
	mode: number,
	putInPlace: (unfinished: string) => Promise<void>,
): Promise<void> {
	const unfinished = `${filePath}.${randomUUID()}${unfinishedSuffix}`;
	try {
		const file = await open(unfinished, "wx", mode);
		try {
			await file.writeFile(text);
			await file.sync();
		} finally {
			await file.close();
		}
		await putInPlace(unfinished);
	} finally {
		await rm(unfinished, { force: true });
	}
}
