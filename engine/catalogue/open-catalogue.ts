/** @file Opens the catalogue: examines the file, sets it up, brings it up to date, hands out the tables. */
import { statSync } from "node:fs";
import { Refusal } from "../../contract/errors.ts";
import type { Catalogue } from "./catalogue.ts";
import { type Connection, connect } from "./connection.ts";
import { damagedMessage, notDatabaseMessage } from "./database-errors.ts";
import { descriptionTable } from "./description-table.ts";
import { drawingTable } from "./drawing-table.ts";
import { embeddingTable } from "./embedding-table.ts";
import { fileMetadataTable } from "./file-metadata-table.ts";
import { folderTable } from "./folder-table.ts";
import { labelTable } from "./label-table.ts";
import { lookAlikeTable } from "./look-alike-table.ts";
import { applicationId, migrate, migrations, newestFormat } from "./migrate.ts";
import type { Migration } from "./migrations/migration.ts";
import { photoTable } from "./photo-table.ts";
import { photoWriteTable } from "./photo-write-table.ts";
import { recognisedTextTable } from "./recognised-text-table.ts";
import { savedSearchTable } from "./saved-search-table.ts";
import { settingTable } from "./setting-table.ts";
import { sidecarTable } from "./sidecar-table.ts";
import { tagTable } from "./tag-table.ts";
import { tagWritingTable } from "./tag-writing-table.ts";
import { wordTable } from "./word-table.ts";

/**
 * Opens the catalogue file, making it when absent. The caller holds the library's lock.
 * @throws Refusal LIBRARY_UNUSABLE when the file is of a newer format, is damaged or is no catalogue (it is
 * then left as it is), or cannot be written; DISK_FULL when there is no room.
 */
export async function openCatalogue(filePath: string): Promise<Catalogue> {
	const connection = openConnection(filePath);
	const revision = connection.prepare("select total_changes()");
	let open = true;
	return {
		folders: folderTable(connection),
		photos: photoTable(connection),
		embeddings: embeddingTable(connection),
		lookAlikes: lookAlikeTable(connection),
		words: wordTable(connection),
		recognisedText: recognisedTextTable(connection),
		savedSearches: savedSearchTable(connection),
		fileMetadata: fileMetadataTable(connection),
		descriptions: descriptionTable(connection),
		sidecars: sidecarTable(connection),
		tagWriting: tagWritingTable(connection),
		photoWrites: photoWriteTable(connection),
		drawings: drawingTable(connection),
		tags: tagTable(connection),
		labels: labelTable(connection),
		settings: settingTable(connection),
		revision: () => Number(revision.allRaw()[0]?.[0]),
		async integrityProblems() {
			try {
				const rows = connection
					.prepare<{ integrity_check: string }>("pragma integrity_check")
					.all()
					.map((row) => row.integrity_check);
				return rows.filter((row) => row !== "ok");
			} catch (error) {
				// Damage can be such that the check itself cannot go on.
				if (error instanceof Refusal) return [error.message];
				throw error;
			}
		},
		async close() {
			if (!open) return;
			open = false;
			try {
				// Only better guesses for the next time; a damaged or full disk must not keep it open.
				connection.pragma("optimize");
			} catch (error) {
				if (!(error instanceof Refusal)) throw error;
			} finally {
				connection.close();
			}
		},
	};
}

/**
 * The connection under the catalogue: examined, configured, of the newest format of `steps`.
 * @throws as `openCatalogue`.
 */
export function openConnection(
	filePath: string,
	steps: readonly Migration[] = migrations,
): Connection {
	if (sizeBytes(filePath) > 0) examine(filePath, newestFormat(steps));
	const connection = connect(filePath, { readonly: false });
	try {
		configure(connection);
		migrate(connection, steps);
		return connection;
	} catch (error) {
		connection.close();
		throw error;
	}
}

/** 0 for a missing file. A crash may leave an empty one before anything was in it. */
function sizeBytes(filePath: string): number {
	return statSync(filePath, { throwIfNoEntry: false })?.size ?? 0;
}

/** Looks at a file without changing it: reading the header finds foreign, truncated and newer files. */
function examine(filePath: string, newest: number): void {
	const connection = connect(filePath, { readonly: true });
	try {
		const tables = connection.prepare("select count(*) from sqlite_schema").allRaw()[0]?.[0];
		const format = Number(connection.pragma("user_version"));
		const unfinished = format === 0 && tables === 0;
		if (!unfinished && connection.pragma("application_id") !== applicationId)
			throw new Refusal("LIBRARY_UNUSABLE", notDatabaseMessage(filePath), { path: filePath });
		if (format > newest)
			throw new Refusal(
				"LIBRARY_UNUSABLE",
				`${filePath} has format ${format}, made by a newer Afterimage; this one reads formats up to ${newest}. Update Afterimage to open this library.`,
				{ path: filePath },
			);
		// SQLite itself overlooks a last page that is cut short. With a log beside the file it may have
		// been cut short by a crash, and is mended from the log.
		const lastPageBytes = sizeBytes(filePath) % Number(connection.pragma("page_size"));
		if (lastPageBytes > 0 && sizeBytes(`${filePath}-wal`) === 0)
			throw new Refusal("LIBRARY_UNUSABLE", damagedMessage(filePath), { path: filePath });
	} finally {
		connection.close();
	}
}

/**
 * WAL with synchronous NORMAL: a power failure may take back the last transactions, whose work is simply done
 * again, but cannot corrupt the file. No memory map: a drive pulled out under a mapped file ends the
 * process, where an ordinary read is an error with a message.
 */
function configure(connection: Connection): void {
	// Holds a 768-dimensional embedding without overflow pages; only has an effect on a new file.
	connection.pragma("page_size = 8192");
	connection.pragma("journal_mode = wal");
	connection.pragma("synchronous = normal");
	connection.pragma("foreign_keys = on");
	connection.pragma("trusted_schema = off");
	connection.pragma("cell_size_check = on");
	connection.pragma("cache_size = -32000");
	connection.pragma("temp_store = memory");
	connection.pragma(`journal_size_limit = ${64 * 1024 * 1024}`);
}
