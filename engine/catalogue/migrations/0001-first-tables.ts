/**
 * @file Format 1: folders, photos, embeddings, settings.
 *
 * Names are compared byte by byte (SQLite's BINARY collation): two names that only look alike are two
 * files on most disks. Ids are AUTOINCREMENT because clients keep pictures by id: a number that came
 * back for another photo would show the wrong one.
 */
import type { Migration } from "./migration.ts";

/** Makes the first tables. */
export const firstTables: Migration = {
	format: 1,
	sql: `
create table folders (
	id integer primary key autoincrement,
	volume_id text not null,
	path_in_volume text not null,
	last_path text not null,
	offline integer not null default 0 check (offline in (0, 1)),
	added_at_ms integer not null,
	last_scan_at_ms integer,
	unique (volume_id, path_in_volume)
) strict;

create table photos (
	id integer primary key autoincrement,
	folder_id integer not null references folders (id) on delete cascade,
	relative_path text not null,
	size_bytes integer not null,
	modified_at_ms real not null,
	file_identity text not null,
	state text not null check (state in ('waiting', 'searchable', 'failed')),
	content_hash text,
	version integer not null default 0,
	last_version integer not null default 0,
	format text,
	width integer not null default 0,
	height integer not null default 0,
	taken_at_ms integer not null,
	taken_at_known integer not null default 0 check (taken_at_known in (0, 1)),
	taken_offset_minutes integer,
	latitude real,
	longitude real,
	camera_make text,
	camera_model text,
	lens text,
	focal_length_mm real,
	aperture real,
	exposure_seconds real,
	iso real,
	failure_reason text,
	failure_message text,
	attempts integer not null default 0,
	failed_at_ms integer,
	unique (folder_id, relative_path)
) strict;

-- The grid's order, with every column the grid needs, so that it is read from the index alone.
create index photos_newest_first on photos
	(taken_at_ms desc, id desc, taken_offset_minutes, width, height, version, folder_id);
-- The queue's order for each state; the waiting photos are read from it over and over.
create index photos_by_state on photos (state, taken_at_ms desc, id desc, folder_id);
create index photos_by_folder on photos (folder_id, state);
create index photos_by_size on photos (size_bytes);
create index photos_by_content on photos (content_hash) where content_hash is not null;

create table encoders (
	id integer primary key,
	key text not null unique
) strict;

create table embeddings (
	encoder_id integer not null references encoders (id),
	photo_id integer not null references photos (id) on delete cascade,
	vector blob not null,
	primary key (encoder_id, photo_id)
) strict, without rowid;

-- Deleting a photo finds its embeddings here instead of reading all of them.
create index embeddings_by_photo on embeddings (photo_id);

create table settings (
	name text primary key,
	value text not null
) strict, without rowid;
`,
};
