/** @file Format 3: words of and about photos, for full-text search. */
import type { Migration } from "./migration.ts";

/**
 * `photo_words` holds texts as they were written; `word_index` their words as they are compared, one
 * row a photo with the photo's id. Whatever changes a photo's words puts it into `words_pending`, from
 * where `word-table.ts` brings the index up to date: triggers cannot cut text into words. Photos known
 * before wait there too. The index keeps no texts of its own: they are in `photo_words` and `photos`.
 */
export const words: Migration = {
	format: 3,
	sql: `
create table photo_words (
	photo_id integer not null references photos (id) on delete cascade,
	source text not null,
	text text not null,
	primary key (photo_id, source)
) strict, without rowid;

-- No reference to photos: a row may outlive its photo for a moment, and is then dropped.
create table words_pending (photo_id integer primary key) strict;
insert into words_pending select id from photos;

create virtual table word_index using fts5 (
	name, folder, title, caption, keywords, tags, recognised, place,
	content = '', contentless_delete = 1, tokenize = 'ascii'
);
create virtual table word_counts using fts5vocab (word_index, col);

-- Not with "or ignore": inside a trigger the outer statement's way with conflicts would count instead.
create trigger photo_words_pending_new after insert on photos begin
	insert into words_pending select new.id
		where new.id not in (select photo_id from words_pending);
end;
create trigger photo_words_pending_changed
after update of folder_id, relative_path, latitude, longitude on photos
when new.folder_id is not old.folder_id or new.relative_path is not old.relative_path
	or new.latitude is not old.latitude or new.longitude is not old.longitude
begin
	insert into words_pending select new.id
		where new.id not in (select photo_id from words_pending);
end;
create trigger photo_words_gone after delete on photos begin
	delete from word_index where rowid = old.id;
	delete from words_pending where photo_id = old.id;
end;
create trigger photo_words_folder_renamed after update of last_path on folders
when new.last_path <> old.last_path
begin
	insert into words_pending select id from photos
		where folder_id = new.id and id not in (select photo_id from words_pending);
end;

-- Places are worked out while the index is brought up to date.
create trigger photo_words_written after insert on photo_words when new.source <> 'place' begin
	insert into words_pending select new.photo_id
		where new.photo_id not in (select photo_id from words_pending);
end;
create trigger photo_words_rewritten after update of text on photo_words
when new.source <> 'place' and new.text <> old.text
begin
	insert into words_pending select new.photo_id
		where new.photo_id not in (select photo_id from words_pending);
end;
create trigger photo_words_removed after delete on photo_words when old.source <> 'place' begin
	insert into words_pending select old.photo_id
		where old.photo_id not in (select photo_id from words_pending);
end;
`,
};
