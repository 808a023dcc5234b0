/** @file What the disk says about photo files, written to the catalogue in batches. */
import { setImmediate } from "node:timers/promises";
import type { PhotoId } from "../../contract/ids.ts";
import type { PhotoTable } from "./catalogue.ts";
import { type Connection, query } from "./connection.ts";
import { idList } from "./id-list.ts";
import { fileTimeMs } from "./photo-record.ts";
import type { FoundFile } from "./records.ts";

/** Rows written before other work gets a turn: about 20 ms. */
const rowsAtATime = 2000;

// A capture time read from the photo stays; a file's time follows the file.
const setFile = `size_bytes = ?, modified_at_ms = ?, file_identity = ?,
	taken_at_ms = case taken_at_known when 1 then taken_at_ms else ? end`;

/**
 * Name of the setting that holds the id of the folder of drawings. What is found there counts as drawn before its
 * file is read: nobody sees it pass among photos.
 */
export const drawingsFolderSetting = "drawings.folder";

/** Discovering, changing, moving and forgetting. Statements are prepared once: a scan runs them by the thousand. */
export function photoFiles(
	connection: Connection,
): Pick<PhotoTable, "filesOf" | "discover" | "markChanged" | "move" | "touch" | "remove"> {
	const filesOf = connection.prepare<FoundFile & { id: PhotoId; contentHash: string | null }>(
		`select id, relative_path as relativePath, size_bytes as sizeBytes,
			modified_at_ms as modifiedAtMs, file_identity as fileIdentity, content_hash as contentHash
		from photos where folder_id = ?`,
	);
	const insert = connection.prepare(
		`insert into photos
			(folder_id, relative_path, size_bytes, modified_at_ms, file_identity, taken_at_ms, state, drawn)
		values (?1, ?2, ?3, ?4, ?5, ?6, 'waiting', exists (
			select 1 from settings where name = '${drawingsFolderSetting}' and cast(value as integer) = ?1))
		on conflict (folder_id, relative_path) do nothing`,
	);
	const change = connection.prepare(
		`update photos set ${setFile}, state = 'waiting', attempts = 0,
			failure_reason = null, failure_message = null, failed_at_ms = null
		where id = ?`,
	);
	const touch = connection.prepare(`update photos set ${setFile} where id = ?`);
	const leavePath = connection.prepare("update photos set relative_path = ? where id = ?");
	const occupant = connection.prepare<{ id: PhotoId }>(
		"select id from photos where folder_id = ? and relative_path = ? and id <> ?",
	);
	const arrive = connection.prepare(
		`update photos set ${setFile}, folder_id = ?, relative_path = ? where id = ?`,
	);
	const forget = connection.prepare("delete from photos where id = ?");

	return {
		async filesOf(folderId) {
			return new Map(filesOf.all(folderId).map((file) => [file.relativePath, file]));
		},
		async discover(folderId, files) {
			const ids: PhotoId[] = [];
			await inBatches(connection, files, (file) => {
				const [sizeBytes, modifiedAtMs, fileIdentity, takenAtMs] = fileParameters(file);
				const { changes, lastId } = insert.run(
					folderId,
					file.relativePath,
					sizeBytes,
					modifiedAtMs,
					fileIdentity,
					takenAtMs,
				);
				if (changes === 1) ids.push(lastId as PhotoId);
			});
			return ids;
		},
		async markChanged(changes) {
			await inBatches(connection, changes, ({ id, file }) => {
				change.run(...fileParameters(file), id);
			});
		},
		async touch(changes) {
			await inBatches(connection, changes, ({ id, file }) => {
				touch.run(...fileParameters(file), id);
			});
		},
		async move(moves) {
			return connection.transaction(() => {
				const displaced: PhotoId[] = [];
				// Two photos may swap places: all leave their paths before any arrives. No file name holds
				// the character U+0000, so the place between is nobody's.
				for (const { id } of moves) leavePath.run(`\0${id}`, id);
				for (const { id, folderId, file } of moves) {
					const other = occupant.get(folderId, file.relativePath, id);
					if (other !== undefined) {
						forget.run(other.id);
						displaced.push(other.id);
					}
					arrive.run(...fileParameters(file), folderId, file.relativePath, id);
				}
				return displaced;
			});
		},
		async remove(ids) {
			for (let start = 0; start < ids.length; start += rowsAtATime) {
				if (start > 0) await setImmediate();
				const batch = ids.slice(start, start + rowsAtATime);
				connection.run(query.deleteFrom("photos").where("id", "in", idList(batch)));
			}
		},
	};
}

function fileParameters(file: FoundFile): [number, number, string, number] {
	return [file.sizeBytes, file.modifiedAtMs, file.fileIdentity, fileTimeMs(file.modifiedAtMs)];
}

/** Each batch is one transaction; between two, whatever else waits for this thread gets a turn. */
async function inBatches<Item>(
	connection: Connection,
	items: readonly Item[],
	write: (item: Item) => void,
): Promise<void> {
	for (let start = 0; start < items.length; start += rowsAtATime) {
		if (start > 0) await setImmediate();
		connection.transaction(() => {
			for (const item of items.slice(start, start + rowsAtATime)) write(item);
		});
	}
}
