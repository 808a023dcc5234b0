/** @file Photos looked up: by id, by content, as the grid's columns, counted. */
import type { DrawnPictures } from "../../contract/drawn-pictures.ts";
import type { FolderId, PhotoId } from "../../contract/ids.ts";
import type { PhotoColumns } from "../../contract/photo.ts";
import { aspectPermilleSql } from "./aspect.ts";
import type { PhotoTable } from "./catalogue.ts";
import { type Connection, query } from "./connection.ts";
import { idList } from "./id-list.ts";
import { toPhotoRecord } from "./photo-record.ts";
import type { PhotoCounts, PhotoRecord } from "./records.ts";

const everyState = ["waiting", "searchable", "failed"] as const;

/** The questions that change nothing. */
export function photoLookups(
	connection: Connection,
): Pick<
	PhotoTable,
	| "get"
	| "getMany"
	| "withSize"
	| "withContentHash"
	| "failures"
	| "columns"
	| "hasDrawn"
	| "countDrawn"
	| "ids"
	| "counts"
	| "contentHashes"
> {
	const photos = query.selectFrom("photos").selectAll();
	const columnsOf = {
		hidden: connection.prepare(newestFirst(`not ${isDrawn}`)),
		shown: connection.prepare(newestFirst("1")),
		only: connection.prepare(newestFirst(isDrawn)),
	};
	const drawnIn = connection.prepare<{ count: number }>(
		"select count(*) as count from photos where drawn = 1 and (?1 is null or folder_id = ?1)",
	);
	const anyDrawn = connection.prepare<{ any: number }>(
		"select exists(select 1 from photos where drawn = 1) as any",
	);

	return {
		async get(id) {
			const row = connection.first(photos.where("id", "=", id));
			return row === undefined ? undefined : toPhotoRecord(row);
		},
		async getMany(ids) {
			const found = new Map<PhotoId, PhotoRecord>();
			for (const row of connection.all(photos.where("id", "in", idList(ids))))
				found.set(row.id, toPhotoRecord(row));
			return ids.flatMap((id) => found.get(id) ?? []);
		},
		async withSize(sizeBytes) {
			return connection
				.all(photos.where("size_bytes", "=", sizeBytes).orderBy("id"))
				.map(toPhotoRecord);
		},
		async withContentHash(contentHash) {
			return connection
				.all(photos.where("content_hash", "=", contentHash).orderBy("id"))
				.map(toPhotoRecord);
		},
		async failures() {
			return connection
				.all(
					photos
						.where("state", "=", "failed")
						.orderBy("failed_at_ms", "desc")
						.orderBy("id", "desc"),
				)
				.map(toPhotoRecord);
		},
		async columns(folderId, drawn: DrawnPictures = "shown") {
			const folder = folderId ?? null;
			const [row] = columnsOf[drawn].allRaw(folder);
			const hiddenDrawn = drawn === "hidden" ? (drawnIn.get(folder)?.count ?? 0) : 0;
			return { ...toColumns(row), hiddenDrawn };
		},
		async countDrawn() {
			return drawnIn.get(null)?.count ?? 0;
		},
		async hasDrawn() {
			return anyDrawn.get()?.any === 1;
		},
		async ids(folderId: FolderId) {
			return connection
				.all(
					query.selectFrom("photos").select("id").where("folder_id", "=", folderId).orderBy("id"),
				)
				.map((row) => row.id);
		},
		async counts(folderId) {
			const all = query
				.selectFrom("photos")
				.select((build) => ["state", build.fn.countAll<number>().as("count")])
				// Naming the states lets one index serve both questions.
				.where("state", "in", everyState)
				.groupBy("state");
			const rows = connection.all(
				folderId === undefined ? all : all.where("folder_id", "=", folderId),
			);
			const counts: PhotoCounts = { photos: 0, searchable: 0, failed: 0, waiting: 0 };
			for (const { state, count } of rows) {
				counts[state] = count;
				counts.photos += count;
			}
			return counts;
		},
		async contentHashes() {
			const rows = connection.all(
				query
					.selectFrom("photos")
					.select("content_hash")
					.distinct()
					.where("content_hash", "is not", null),
			);
			return new Set(rows.flatMap((row) => row.content_hash ?? []));
		},
	};
}

const dayMs = 86_400_000;
const localMs = "(taken_at_ms + coalesce(taken_offset_minutes, 0) * 60000)";

const isDrawn = "id in (select id from photos where drawn = 1)";

/**
 * One JSON array a column: SQLite writes, and JSON.parse reads, numbers twice as fast as rows are made.
 * Aggregates such as these see their rows in the order of the inner query. Integer division rounds
 * towards zero; taking the positive remainder off first rounds days before 1970 down like all others.
 */
function newestFirst(where: string): string {
	return `
		select json_group_array(id), json_group_array(aspect_permille), json_group_array(day),
			json_group_array(version)
		from (
			select id, version,
				${aspectPermilleSql} as aspect_permille,
				(${localMs} - (${localMs} % ${dayMs} + ${dayMs}) % ${dayMs}) / ${dayMs} as day
			from photos where (?1 is null or folder_id = ?1) and ${where} order by taken_at_ms desc, id desc
		)`;
}

/** The database holds whole numbers only in these columns, which is all that the arrays can contain. */
function toColumns(row: unknown[] | undefined): Omit<PhotoColumns, "hiddenDrawn"> {
	const [ids = [], aspectsPermille = [], days = [], versions = []] = (row ?? []).map(
		(text): PhotoId[] => JSON.parse(String(text)),
	);
	return { ids, aspectsPermille, days, versions };
}
