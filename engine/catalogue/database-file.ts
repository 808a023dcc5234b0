/** @file Opening a database file, with every failure as a Refusal. */
import Database from "better-sqlite3";
import { asRefusal } from "./database-errors.ts";

/**
 * Opens a file; makes it when absent, unless `readonly`. `busyTimeoutMs` is how long a statement waits for
 * another process's lock.
 * @throws Refusal LIBRARY_UNUSABLE.
 */
export function openDatabaseFile(
	filePath: string,
	options: { readonly: boolean; busyTimeoutMs: number },
): Database.Database {
	const { readonly, busyTimeoutMs } = options;
	try {
		return new Database(filePath, { readonly, fileMustExist: readonly, timeout: busyTimeoutMs });
	} catch (error) {
		// better-sqlite3 finds a missing parent folder before SQLite does, and says so in its own way.
		const reported =
			error instanceof TypeError
				? new Database.SqliteError(error.message, "SQLITE_CANTOPEN")
				: error;
		throw asRefusal(reported, filePath);
	}
}
