/** @file What photos are put into groups by. */
import type { PhotoId } from "../../contract/ids.ts";
import type { PhotoTable } from "./catalogue.ts";
import { type Connection, query } from "./connection.ts";
import { idList } from "./id-list.ts";
import type { GroupFacts } from "./records.ts";

const dayMs = 86_400_000;

/** The question that grouping asks. */
export function photoGrouping(connection: Connection): Pick<PhotoTable, "groupFacts"> {
	const columns = query
		.selectFrom("photos")
		.select([
			"id",
			"folder_id",
			"relative_path",
			"latitude",
			"longitude",
			"taken_at_ms",
			"taken_offset_minutes",
		]);
	return {
		async groupFacts(ids) {
			const facts = new Map<PhotoId, GroupFacts>();
			for (const row of connection.all(columns.where("id", "in", idList(ids)))) {
				const localMs = row.taken_at_ms + (row.taken_offset_minutes ?? 0) * 60_000;
				facts.set(row.id, {
					folderId: row.folder_id,
					relativePath: row.relative_path,
					latitude: row.latitude,
					longitude: row.longitude,
					day: Math.floor(localMs / dayMs),
				});
			}
			return facts;
		},
	};
}
