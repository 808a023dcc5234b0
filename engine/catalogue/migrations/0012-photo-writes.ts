/**
 * @file Format 12: writing into photo files.
 *
 * [Note: Rewritten photos] A photo whose metadata is written has other bytes and shows the same picture. So its
 * row gets the new content hash and keeps everything else, and what is kept by content is copied to the new hash:
 * nothing is read or embedded again. The row in `photo_writes` is there before the file is replaced; after a crash
 * it tells which bytes mean that the replacing happened.
 */
import type { Migration } from "./migration.ts";

export const photoWrites: Migration = {
	format: 12,
	sql: `
create table photo_writes (
	photo_id integer primary key references photos (id) on delete cascade,
	-- pending: perhaps replaced; refused: left alone, for this reason, while it has these bytes;
	-- restored: the person put the untouched file back and wants it left alone.
	state text not null check (state in ('pending', 'refused', 'restored')),
	reason text,
	from_hash text,
	to_hash text
) strict;

-- Which untouched file, kept in the library, the bytes that we wrote go back to.
create table originals (
	written_hash text primary key,
	original_hash text not null
) strict, without rowid;
create index originals_by_original on originals (original_hash);

-- A JSON array: tags that were about to be written into the sidecar, and are there if a process was killed right
-- after. Else nobody would know that a tag taken away since is ours to take out of it.
alter table tags_to_write add column begun text not null default '[]';
`,
};
