/**
 * @file Format 9: titles, captions and stars that the person sets here.
 *
 * [Note: Descriptions] What the person says goes before what files say. A row is there once the person has said
 * something; its change can be undone, so it holds nothing else. How files stand to it is kept apart: what they
 * said when both were last compared, and whether the person's value is still to be written. Triggers keep what
 * search looks at (`file_metadata`, `photo_words`) and what is to be written in step, whoever changes a row.
 */
import { recordingTriggers } from "./0005-tags.ts";
import type { Migration } from "./migration.ts";

/** As `tagTables`. */
export const describedTables = {
	descriptions: { keyColumns: 2, columns: ["photo_id", "field", "value"] },
} as const;

const fields = ["title", "caption", "rating"];

/** What files say of a field, the sidecar first. */
const inFiles = (photo: string, field: string) =>
	`(select coalesce(json_extract(sidecar, '$.' || ${field}), json_extract(embedded, '$.' || ${field}))
		from file_metadata where photo_id = ${photo})`;

const counting = (photo: string, field: string) => `iif(
			exists (select 1 from descriptions where photo_id = ${photo} and field = '${field}'),
			(select value from descriptions where photo_id = ${photo} and field = '${field}'),
			${inFiles(photo, `'${field}'`)})`;

const words = (photo: string, source: string) => `
	delete from photo_words where photo_id = ${photo} and source = '${source}'
		and text is not (select ${source} from file_metadata where photo_id = ${photo});
	insert into photo_words (photo_id, source, text)
		select photo_id, '${source}', ${source} from file_metadata
		where photo_id = ${photo} and trim(${source}) <> ''
			and photo_id in (select id from photos) and not exists
			(select 1 from photo_words where photo_id = ${photo} and source = '${source}');`;

/** Brings what search looks at to what counts now. */
const refresh = (photo: string) => `
	update file_metadata set title = ${counting(photo, "title")}, caption = ${counting(photo, "caption")},
		rating = cast(${counting(photo, "rating")} as integer)
	where photo_id = ${photo};
	${words(photo, "title")}
	${words(photo, "caption")}`;

const said = `
	insert into file_metadata (photo_id) select new.photo_id
		where new.photo_id not in (select photo_id from file_metadata);
	insert into descriptions_in_files (photo_id, field, in_files, to_write)
		select new.photo_id, new.field, ${inFiles("new.photo_id", "new.field")}, 0
		where not exists (select 1 from descriptions_in_files
			where photo_id = new.photo_id and field = new.field);
	update descriptions_in_files set to_write = new.value is not in_files
		where photo_id = new.photo_id and field = new.field;
	insert into tags_to_write (photo_id) select photo_id from descriptions_in_files
		where photo_id = new.photo_id and field = new.field and to_write = 1
			and photo_id not in (select photo_id from tags_to_write);
	${refresh("new.photo_id")}`;

export const descriptions: Migration = {
	format: 9,
	sql: `
create table descriptions (
	photo_id integer not null references photos (id) on delete cascade,
	field text not null check (field in (${fields.map((field) => `'${field}'`).join(", ")})),
	-- Null: nothing, whatever files say. Stars as a number's digits.
	value text,
	primary key (photo_id, field)
) strict, without rowid;

create table descriptions_in_files (
	photo_id integer not null,
	field text not null,
	-- What files said when they were last compared with the row above.
	in_files text,
	to_write integer not null check (to_write in (0, 1)),
	primary key (photo_id, field),
	foreign key (photo_id, field) references descriptions (photo_id, field) on delete cascade
) strict, without rowid;

create trigger description_said after insert on descriptions begin ${said}
end;
create trigger description_said_anew after update of value on descriptions begin ${said}
end;
create trigger description_taken_back after delete on descriptions begin ${refresh("old.photo_id")}
end;
${Object.entries(describedTables)
	.map(([table, { columns }]) => recordingTriggers(table, columns))
	.join("")}

-- In what the two sides differ; a JSON array of fields, and the tags.
alter table tag_conflicts add column fields text not null default '[]';
alter table tag_conflicts add column tags_differ integer not null default 1;
alter table tags_to_write drop column rated;
`,
};
