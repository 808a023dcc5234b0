/** @file Format 8: pictures drawn from a prompt and the queue of drawing. */
import type { Migration } from "./migration.ts";

/**
 * `settings` and `packages` are JSON. `start_picture` is a PNG of the drawing's size. A removed row
 * stays for a while, so that removing can be taken back.
 */
export const drawings: Migration = {
	format: 8,
	sql: `
create table drawings (
	id integer primary key autoincrement,
	request integer not null,
	state text not null check (state in ('waiting', 'drawing', 'done', 'failed', 'unfinished')),
	position integer not null,
	settings text not null,
	start_picture blob,
	created_at_ms integer not null,
	similarity real,
	starred integer not null default 0,
	problem text,
	shortened integer not null default 0,
	file_name text,
	removed_at_ms integer
) strict;

create index drawings_in_queue on drawings (position) where state = 'waiting';
`,
};
