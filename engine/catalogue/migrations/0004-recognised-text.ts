/** @file Format 4: text recognised in pictures. */
import type { Migration } from "./migration.ts";

/**
 * `recognised_texts` keeps what was read in a content, `photo_texts` which reading each photo's words
 * come from: photos without a row for their present version and the present reader are still to be
 * read, or take what was read in the same bytes before.
 */
export const recognisedText: Migration = {
	format: 4,
	sql: `
create table recognised_texts (
	content_hash text primary key,
	reader text not null,
	-- A JSON array of lines; null where reading failed.
	lines text,
	failure_reason text,
	failure_message text,
	attempts integer not null default 0,
	read_at_ms integer not null,
	check ((lines is null) = (failure_reason is not null))
) strict;

create table photo_texts (
	photo_id integer primary key references photos (id) on delete cascade,
	photo_version integer not null,
	reader text not null
) strict;
`,
};
