/** @file Format 7: saved searches. */
import type { Migration } from "./migration.ts";

/**
 * A removed row stays for a while, so that removing can be taken back. `name_key` is the name without
 * regard to case; `question` and `seen_ids` are JSON.
 */
export const savedSearches: Migration = {
	format: 7,
	sql: `
create table saved_searches (
	id integer primary key autoincrement,
	name text not null,
	name_key text not null,
	question_version integer not null,
	question text not null,
	folder_path text,
	position integer not null,
	seen_ids text not null,
	saved_at_ms integer not null,
	removed_at_ms integer
) strict;

create unique index saved_searches_by_name on saved_searches (name_key) where removed_at_ms is null;
`,
};
