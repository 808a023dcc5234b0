/**
 * @file Puts a sidecar in the place of another, so that whoever looks, at any moment, sees the old one or the new.
 */
import { createHash } from "node:crypto";
import { type FileHandle, open, readFile, realpath, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { unfinishedSuffix } from "../library/replace-file.ts";

/** The calls to the file system that writing needs, replaceable so that failing disks can be acted out. */
export interface SidecarDisk {
	open(path: string, flags: string, mode: number): Promise<FileHandle>;
	rename(from: string, to: string): Promise<void>;
	readFile(path: string): Promise<Buffer>;
}

export const realDisk: SidecarDisk = { open, rename, readFile };

/** Somebody else wrote the sidecar between our reading and our writing; nothing was changed. */
export class SidecarChanged extends Error {}

/**
 * Writes beside, flushes, looks that the sidecar is still the one that was read, renames. Permissions are kept;
 * a linked sidecar stays a link and its target is replaced.
 * @param before the bytes that the new ones were made from; null for a sidecar that was not there
 * @throws SidecarChanged; the system's error, after which the old file is as it was.
 */
export async function replaceSidecar(
	sidecarPath: string,
	bytes: Uint8Array,
	before: Uint8Array | null,
	disk: SidecarDisk = realDisk,
): Promise<void> {
	// The real place, or the rename would put a file where a link was.
	const filePath = before === null ? sidecarPath : await realpath(sidecarPath);
	const mode = before === null ? 0o644 : (await stat(filePath)).mode & 0o777;
	const unfinished = unfinishedPathOf(filePath);
	// Left by a process that was killed; always the same name, so that they cannot pile up.
	await rm(unfinished, { force: true });
	try {
		const file = await disk.open(unfinished, "wx", mode);
		try {
			if (before !== null) await file.chmod(mode).catch(() => undefined);
			await file.writeFile(bytes);
			await file.sync();
		} finally {
			await file.close();
		}
		const written = await disk.readFile(unfinished);
		if (!written.equals(bytes)) throw new Error("The disk did not keep what was written.");
		const now = await disk.readFile(filePath).catch((error: NodeJS.ErrnoException) => {
			if (error.code === "ENOENT") return null;
			throw error;
		});
		if (now === null ? before !== null : before === null || !now.equals(before)) {
			throw new SidecarChanged("The sidecar was changed by another program.");
		}
		await disk.rename(unfinished, filePath);
	} finally {
		await rm(unfinished, { force: true });
	}
	await syncFolder(path.dirname(filePath));
}

/**
 * A leading dot: other programs and our own watcher take no notice of it. The same for the same file, and short
 * however long that one's name is, or a name that just fits could not be written.
 */
export function unfinishedPathOf(filePath: string): string {
	const short = createHash("sha256").update(path.basename(filePath)).digest("hex").slice(0, 12);
	return path.join(path.dirname(filePath), `.${short}${unfinishedSuffix}`);
}

/** Makes the new name last through a power failure, where the system lets folders be flushed. */
export async function syncFolder(folderPath: string): Promise<void> {
	try {
		const folder = await open(folderPath, "r");
		try {
			await folder.sync();
		} finally {
			await folder.close();
		}
	} catch {
		// Windows and some network drives do not; the file itself is flushed.
	}
}
