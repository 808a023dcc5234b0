/** @file The folders of the library. */
import type { Selectable } from "kysely";
import type { FolderTable } from "./catalogue.ts";
import { type Connection, query } from "./connection.ts";
import type { FolderRecord } from "./records.ts";
import type { FolderColumns } from "./schema.ts";

/** The folders of an open database. */
export function folderTable(connection: Connection): FolderTable {
	return {
		async list() {
			return connection
				.all(query.selectFrom("folders").selectAll().orderBy("id"))
				.map(toFolderRecord);
		},
		async get(id) {
			const row = connection.first(query.selectFrom("folders").selectAll().where("id", "=", id));
			return row === undefined ? undefined : toFolderRecord(row);
		},
		async add(folder) {
			const row = connection.first(
				query
					.insertInto("folders")
					.values({
						volume_id: folder.volumeId,
						path_in_volume: folder.pathInVolume,
						last_path: folder.lastPath,
						added_at_ms: Date.now(),
						last_scan_at_ms: null,
					})
					// The same place on the same drive is the same folder, wherever it is mounted today.
					.onConflict((conflict) =>
						conflict
							.columns(["volume_id", "path_in_volume"])
							.doUpdateSet({ last_path: folder.lastPath }),
					)
					.returningAll(),
			);
			if (row === undefined) throw new Error("the database did not return the folder it added");
			return toFolderRecord(row);
		},
		async update(id, change) {
			const columns = {
				...(change.volumeId !== undefined && { volume_id: change.volumeId }),
				...(change.pathInVolume !== undefined && { path_in_volume: change.pathInVolume }),
				...(change.lastPath !== undefined && { last_path: change.lastPath }),
				...(change.offline !== undefined && {
					offline: change.offline ? (1 as const) : (0 as const),
				}),
				...(change.lastScanAtMs !== undefined && { last_scan_at_ms: change.lastScanAtMs }),
			};
			if (Object.keys(columns).length === 0) return;
			connection.run(query.updateTable("folders").set(columns).where("id", "=", id));
		},
		async remove(id) {
			return connection.transaction(() => {
				const photos = connection.all(
					query
						.selectFrom("photos")
						.select(["id", "content_hash as contentHash"])
						.where("folder_id", "=", id)
						.orderBy("id"),
				);
				connection.run(query.deleteFrom("folders").where("id", "=", id));
				return photos;
			});
		},
	};
}

function toFolderRecord(row: Selectable<FolderColumns>): FolderRecord {
	return {
		id: row.id,
		volumeId: row.volume_id,
		pathInVolume: row.path_in_volume,
		lastPath: row.last_path,
		offline: row.offline === 1,
		addedAtMs: row.added_at_ms,
		lastScanAtMs: row.last_scan_at_ms,
	};
}
