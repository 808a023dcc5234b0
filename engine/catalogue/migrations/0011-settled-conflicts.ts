/**
 * @file Format 11: settling a conflict between library and file can be undone. The conflict is then there
 * again, and the photo is not written until it is settled anew.
 */
import { recordingTriggers } from "./0005-tags.ts";
import type { Migration } from "./migration.ts";

/** As `tagTables`. */
export const conflictTables = {
	tag_conflicts: {
		keyColumns: 1,
		columns: ["photo_id", "place", "file_tags", "found_at_ms", "fields", "tags_differ"],
	},
} as const;

export const settledConflicts: Migration = {
	format: 11,
	sql: Object.entries(conflictTables)
		.map(([table, { columns }]) => recordingTriggers(table, columns))
		.join(""),
};
