/**
 * @file Format 6: titles, captions, keywords and ratings read from files and sidecars, and what was written there.
 *
 * [Note: Tags to write] Triggers note each photo whose accepted tags change, whoever changes them. A note costs
 * nothing where tags are kept in the library only, and outlives a crash where they are not.
 */
import type { Migration } from "./migration.ts";

const note = (photo: string) => `insert into tags_to_write (photo_id) select ${photo}
		where ${photo} not in (select photo_id from tags_to_write)
			and exists (select 1 from photos where id = ${photo});`;

export const fileMetadata: Migration = {
	format: 6,
	sql: `
-- JSON texts as contract/file-metadata.ts has them; null where nothing was read.
create table file_metadata (
	photo_id integer primary key references photos (id) on delete cascade,
	embedded text,
	-- Of the bytes that embedded was read from, and by which version of the reader.
	embedded_hash text,
	reader_version integer not null default 0,
	-- Relative to the photo's folder; null without a sidecar.
	sidecar_path text,
	sidecar text,
	-- The sidecar's word where it has one, else the file's.
	title text,
	caption text,
	rating integer,
	label text,
	-- JSON: the tags that library and files had in common when they were last compared.
	agreed text not null default '[]'
) strict;
create index file_metadata_by_rating on file_metadata (rating) where rating is not null;

create table sidecars (
	folder_id integer not null references folders (id) on delete cascade,
	relative_path text not null,
	-- The path without its last four characters: a photo's whole path, or the part before its extension.
	named text not null,
	size_bytes integer not null,
	modified_at_ms integer not null,
	state text not null check (state in ('waiting', 'read', 'refused')),
	-- A sentence: why it was left alone.
	refusal text,
	primary key (folder_id, relative_path)
) strict, without rowid;
create index sidecars_by_name on sidecars (folder_id, named);
create index sidecars_waiting on sidecars (folder_id) where state = 'waiting';

create table tags_to_write (
	photo_id integer primary key references photos (id) on delete cascade,
	-- 1: the person gave it other stars.
	rated integer not null default 0 check (rated in (0, 1))
) strict;
create trigger tag_to_write_given after insert on photo_tags when new.state = 'accepted' begin
	${note("new.photo_id")}
end;
create trigger tag_to_write_decided after update of state on photo_tags
when (new.state = 'accepted') <> (old.state = 'accepted') begin
	${note("new.photo_id")}
end;
create trigger tag_to_write_taken after delete on photo_tags when old.state = 'accepted' begin
	${note("old.photo_id")}
end;
create trigger tag_to_write_renamed after update of path on tags when new.path <> old.path begin
	insert into tags_to_write (photo_id) select photo_id from photo_tags
	where tag_id = new.id and state = 'accepted'
		and photo_id not in (select photo_id from tags_to_write);
end;

-- Both sides changed: the file's tags as they were found. The library's are what they are.
create table tag_conflicts (
	photo_id integer primary key references photos (id) on delete cascade,
	place text not null check (place in ('sidecar', 'photo')),
	file_tags text not null,
	found_at_ms integer not null
) strict;

-- Everything this library ever wrote outside itself.
create table outside_writes (
	path text primary key,
	kind text not null check (kind in ('sidecar', 'photo')),
	first_at_ms integer not null,
	last_at_ms integer not null,
	times integer not null,
	-- The untouched photo, inside the library.
	backup_path text
) strict, without rowid;

-- Folders where nothing may be written; told to the person once.
create table unwritable_folders (
	path text primary key,
	reason text not null,
	noted_at_ms integer not null,
	told integer not null default 0 check (told in (0, 1))
) strict, without rowid;
`,
};
