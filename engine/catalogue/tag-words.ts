/**
 * @file Keeps the words of photos in step with their accepted tags, whoever changes those.
 *
 * Temporary triggers, made anew with each connection: they join tables of two migrations and leave
 * nothing in the file.
 */
import type { Connection } from "./connection.ts";

/** One tag a line, in the words of `photo`, which may be gone. */
const rewrite = (photo: string) => `
	delete from photo_words where photo_id = ${photo} and source = 'tags';
	insert into photo_words (photo_id, source, text)
	select ${photo}, 'tags', group_concat(tags.path, char(10))
	from photo_tags join tags on tags.id = photo_tags.tag_id
	where photo_tags.photo_id = ${photo} and photo_tags.state = 'accepted'
		and exists (select 1 from photos where id = ${photo})
	having count(*) > 0;`;

/** To be called once for each connection. */
export function keepTagWords(connection: Connection): void {
	connection.execute(`
create temp trigger tag_words_given after insert on photo_tags when new.state = 'accepted' begin
	${rewrite("new.photo_id")}
end;
create temp trigger tag_words_decided after update of state on photo_tags
when (new.state = 'accepted') <> (old.state = 'accepted') begin
	${rewrite("new.photo_id")}
end;
create temp trigger tag_words_taken after delete on photo_tags when old.state = 'accepted' begin
	${rewrite("old.photo_id")}
end;
create temp trigger tag_words_renamed after update of path on tags when new.path <> old.path begin
	delete from photo_words where source = 'tags' and photo_id in
		(select photo_id from photo_tags where tag_id = new.id and state = 'accepted');
	insert into photo_words (photo_id, source, text)
	select photo_tags.photo_id, 'tags', group_concat(tags.path, char(10))
	from photo_tags join tags on tags.id = photo_tags.tag_id
	where photo_tags.state = 'accepted' and photo_tags.photo_id in
		(select photo_id from photo_tags where tag_id = new.id and state = 'accepted')
	group by photo_tags.photo_id;
end;`);
}
