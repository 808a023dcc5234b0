/**
 * @file Format 13: what the person decided about pictures that are no longer in the library.
 *
 * [Note: Remembered decisions] A folder that is removed and added again, or a photo that comes back from the trash,
 * is a new row with the same bytes. When a row goes, its tags, title, caption and stars are kept by content; the
 * first row that turns out to have this content gets them back. What was rejected for the picture meanwhile
 * (`rejected_contents`) does not come back.
 */
import { recordingTriggers } from "./0005-tags.ts";
import type { Migration } from "./migration.ts";

/** As `tagTables`: deleting and merging tags changes these too. */
export const rememberedTables = {
	remembered_tags: {
		keyColumns: 2,
		columns: ["content_hash", "tag_id", "source", "decided_at_ms"],
	},
} as const;

const unlessThere = (table: string, first: string, second: string) =>
	`not exists (select 1 from ${table} where ${table}.photo_id = new.id
			and ${table}.${first} = ${second})`;

export const rememberedDecisions: Migration = {
	format: 13,
	sql: `
create table remembered_tags (
	content_hash text not null,
	tag_id integer not null references tags (id) on delete cascade,
	source text not null,
	decided_at_ms integer,
	primary key (content_hash, tag_id)
) strict, without rowid;
create index remembered_tags_by_tag on remembered_tags (tag_id);

create table remembered_descriptions (
	content_hash text not null,
	field text not null,
	value text,
	primary key (content_hash, field)
) strict, without rowid;

create trigger decisions_remembered before delete on photos when old.content_hash is not null begin
	insert into remembered_tags (content_hash, tag_id, source, decided_at_ms)
		select old.content_hash, tag_id, source, decided_at_ms from photo_tags
		where photo_id = old.id and state = 'accepted' and tag_id not in
			(select tag_id from remembered_tags where content_hash = old.content_hash);
	delete from remembered_descriptions where content_hash = old.content_hash
		and field in (select field from descriptions where photo_id = old.id);
	insert into remembered_descriptions (content_hash, field, value)
		select old.content_hash, field, value from descriptions where photo_id = old.id;
end;

-- A row that is read for the first time, or whose file has other bytes now.
create trigger decisions_brought_back after update of content_hash on photos
when new.content_hash is not null and new.content_hash is not old.content_hash begin
	insert into photo_tags (tag_id, photo_id, state, source, decided_at_ms)
		select tag_id, new.id, 'accepted', source, decided_at_ms from remembered_tags
		where content_hash = new.content_hash
			and ${unlessThere("photo_tags", "tag_id", "remembered_tags.tag_id")}
			and tag_id not in (select tag_id from rejected_contents where content_hash = new.content_hash);
	insert into descriptions (photo_id, field, value)
		select new.id, field, value from remembered_descriptions
		where content_hash = new.content_hash
			and ${unlessThere("descriptions", "field", "remembered_descriptions.field")};
end;
${Object.entries(rememberedTables)
	.map(([table, { columns }]) => recordingTriggers(table, columns))
	.join("")}`,
};
