/**
 * @file A lock that one process holds and that is gone the moment the process is, however it ends.
 *
 * SQLite's file lock belongs to the open file, not to a number written somewhere, and the system
 * releases it with the process. The file stays empty. No other code may open it: closing any second
 * descriptor of it would release the lock on systems with POSIX locks.
 */
import Database from "better-sqlite3";
import { asRefusal } from "./database-errors.ts";
import { openDatabaseFile } from "./database-file.ts";

/** A lock that is held. */
export interface ExclusiveLock {
	/** Lets go of it; safe to call twice. */
	release(): void;
}

/**
 * Takes the lock of a file, made when absent; null when another holder has it. Never waits.
 * @throws Refusal LIBRARY_UNUSABLE when the file cannot be opened or is not ours.
 */
export function holdExclusive(filePath: string): ExclusiveLock | null {
	const database = openDatabaseFile(filePath, { readonly: false, busyTimeoutMs: 0 });
	try {
		database.exec("begin exclusive");
	} catch (error) {
		database.close();
		if (error instanceof Database.SqliteError && error.code.startsWith("SQLITE_BUSY")) return null;
		throw asRefusal(error, filePath);
	}
	return { release: () => void database.close() };
}
