/**
 * @file Format 5: tags, labels and what the person decided about them.
 *
 * [Note: Recorded changes] While `tag_recording` holds a change's id, triggers write every row that is
 * inserted, updated or deleted in the tables below to `tag_change_rows`, as it was and as it is. Undoing
 * puts back what was. Whoever changes the tables need not know of it, and rows that go by cascade are not
 * forgotten (after https://www.sqlite.org/undoredo.html).
 */
import type { Migration } from "./migration.ts";

/** Tables of this format whose changes can be undone, with their columns; the number of leading ones that are the key. */
export const tagTables = {
	tags: { keyColumns: 1, columns: ["id", "path", "path_key", "origin"] },
	label_groups: {
		keyColumns: 1,
		columns: ["id", "name", "name_key", "choose", "origin", "enabled"],
	},
	labels: {
		keyColumns: 1,
		columns: [
			"id",
			"tag_id",
			"group_id",
			"origin",
			"vocabulary_key",
			"edited",
			"wordings",
			"synonyms",
			"threshold",
			"enabled",
			"version",
		],
	},
	label_answers: {
		keyColumns: 2,
		columns: ["label_id", "content_hash", "answer", "answered_at_ms"],
	},
	photo_tags: {
		keyColumns: 2,
		columns: [
			"tag_id",
			"photo_id",
			"state",
			"source",
			"confidence",
			"label_id",
			"label_version",
			"encoder_id",
			"decided_at_ms",
		],
	},
	rejected_contents: { keyColumns: 2, columns: ["tag_id", "content_hash"] },
} as const;

/** SQL for a row as a JSON array of its columns. */
export function rowAsJson(columns: readonly string[], row: string): string {
	return `json_array(${columns.map((column) => `${row}${column}`).join(", ")})`;
}

/** SQL that records a table's changes; see [Note: Recorded changes]. */
export function recordingTriggers(table: string, columns: readonly string[]): string {
	const before = rowAsJson(columns, "old.");
	const after = rowAsJson(columns, "new.");
	const record = (was: string, is: string) => `begin
	insert into tag_change_rows (change_id, table_name, before_row, after_row)
	select change_id, '${table}', ${was}, ${is} from tag_recording;
end;`;
	const recording = "exists (select 1 from tag_recording)";
	return `
create trigger ${table}_inserted after insert on ${table} when ${recording}
${record("null", after)}
create trigger ${table}_updated after update on ${table} when ${recording} and ${before} <> ${after}
${record(before, after)}
create trigger ${table}_deleted after delete on ${table} when ${recording}
${record(before, "null")}
`;
}

const triggers = Object.entries(tagTables)
	.map(([table, { columns }]) => recordingTriggers(table, columns))
	.join("");

/**
 * `path_key` and `name_key` are the names without regard to case. A photo's tag by a label carries what
 * scored it; `rejected_contents` remembers a no for every copy of the picture and after its row is gone.
 * Answers are kept by content, so that they hold for moved files, rescanned folders and other encoders.
 */
export const tags: Migration = {
	format: 5,
	sql: `
create table tags (
	id integer primary key autoincrement,
	path text not null,
	path_key text not null unique,
	origin text not null check (origin in ('person', 'file', 'vocabulary'))
) strict;

create table label_groups (
	id integer primary key autoincrement,
	name text not null,
	name_key text not null unique,
	choose text not null check (choose in ('one-of', 'any-of')),
	origin text not null check (origin in ('vocabulary', 'own')),
	enabled integer not null check (enabled in (0, 1))
) strict;

create table labels (
	id integer primary key autoincrement,
	tag_id integer not null references tags (id) on delete cascade,
	group_id integer references label_groups (id) on delete set null,
	origin text not null check (origin in ('vocabulary', 'own')),
	-- Its name in the vocabulary's files, whatever its tag is called by now.
	vocabulary_key text unique,
	-- 1: changed by the person, so that the file's wordings no longer count.
	edited integer not null default 0 check (edited in (0, 1)),
	-- JSON arrays of strings.
	wordings text not null,
	synonyms text not null,
	threshold real,
	enabled integer not null check (enabled in (0, 1)),
	version integer not null default 1
) strict;
create index labels_by_tag on labels (tag_id);

create table label_answers (
	label_id integer not null references labels (id) on delete cascade,
	content_hash text not null,
	answer text not null check (answer in ('yes', 'no')),
	answered_at_ms integer not null,
	primary key (label_id, content_hash)
) strict, without rowid;

create table photo_tags (
	tag_id integer not null references tags (id) on delete cascade,
	photo_id integer not null references photos (id) on delete cascade,
	state text not null check (state in ('accepted', 'rejected', 'suggested')),
	source text not null check (source in ('person', 'label', 'file')),
	confidence real,
	-- No reference: a decision outlives the label that suggested it.
	label_id integer,
	label_version integer,
	encoder_id integer references encoders (id),
	decided_at_ms integer,
	primary key (tag_id, photo_id)
) strict, without rowid;
create index photo_tags_by_photo on photo_tags (photo_id, state, tag_id);

create table rejected_contents (
	tag_id integer not null references tags (id) on delete cascade,
	content_hash text not null,
	primary key (tag_id, content_hash)
) strict, without rowid;
create index rejected_contents_by_content on rejected_contents (content_hash);

create table tag_changes (
	id integer primary key autoincrement,
	title text not null,
	made_at_ms integer not null,
	-- How many tags on photos it changed.
	changed integer not null default 0,
	undone_by integer
) strict;

create table tag_change_rows (
	id integer primary key,
	change_id integer not null references tag_changes (id) on delete cascade,
	table_name text not null,
	before_row text,
	after_row text
) strict;
create index tag_change_rows_by_change on tag_change_rows (change_id);

-- Empty, or the one change being made.
create table tag_recording (change_id integer not null) strict;
${triggers}`,
};
