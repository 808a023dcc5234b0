/** @file What the database reports, said so that a person can act on it. */
import { basename, dirname } from "node:path";
import Database from "better-sqlite3";
import { Refusal } from "../../contract/errors.ts";

/**
 * The Refusal that a database error amounts to: DISK_FULL or LIBRARY_UNUSABLE; anything else (a defect of
 * ours, such as a broken constraint) comes back unchanged.
 */
export function asRefusal(error: unknown, filePath: string): unknown {
	if (!(error instanceof Database.SqliteError)) return error;
	const folder = dirname(filePath);
	const unusable = (message: string) =>
		new Refusal("LIBRARY_UNUSABLE", message, { path: filePath });
	// Extended codes refine a primary one: SQLITE_IOERR_WRITE is a SQLITE_IOERR.
	const primary = error.code.split("_").slice(0, 2).join("_");
	// The shared memory file beside the database could not grow: there is no room for it.
	if (primary === "SQLITE_FULL" || error.code === "SQLITE_IOERR_SHMSIZE")
		return new Refusal(
			"DISK_FULL",
			`The disk that holds the library (${folder}) is full. Make room on it; nothing is lost, and the work goes on from where it was.`,
			{ path: filePath },
		);
	switch (primary) {
		case "SQLITE_NOTADB":
			return unusable(notDatabaseMessage(filePath));
		case "SQLITE_CORRUPT":
			return unusable(damagedMessage(filePath));
		case "SQLITE_READONLY":
		case "SQLITE_PERM":
		case "SQLITE_CANTOPEN":
			return unusable(
				`${filePath} cannot be opened for writing. Check that you may write to ${folder} and that its disk is not read-only.`,
			);
		case "SQLITE_BUSY":
		case "SQLITE_LOCKED":
			return unusable(
				`${filePath} is in use by another program. Close that program and try again.`,
			);
		case "SQLITE_IOERR":
			return unusable(
				`${filePath} cannot be read or written (${error.code}). Check that its disk is connected and sound, then open the library again.`,
			);
		default:
			return error;
	}
}

/** A row that may not be: its key is taken, or what it refers to is missing. */
export function isConstraintError(error: unknown): boolean {
	return error instanceof Database.SqliteError && error.code.startsWith("SQLITE_CONSTRAINT");
}

/** What to say of a file that is no database at all. */
export function notDatabaseMessage(filePath: string): string {
	return `${filePath} is not a catalogue, or is damaged. It was left as it is. Put back a copy of it from a backup, or move ${basename(filePath)} away and open the library again: it is then made anew from your photos.`;
}

/** What to say of a catalogue that lost a part of itself. */
export function damagedMessage(filePath: string): string {
	return `${filePath} is damaged. Put back a copy of it from a backup, or move ${basename(filePath)} away and open the library again: it is then made anew from your photos.`;
}
