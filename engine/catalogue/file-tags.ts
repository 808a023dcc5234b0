/** @file Tags that come from files or go to them: one photo's at a time, inside a transaction of this folder. */
import type { DescribedField } from "../../contract/description.ts";
import type { PhotoId } from "../../contract/ids.ts";
import type { Connection } from "./connection.ts";
import type { TagDecision } from "./file-metadata-table.ts";

/** Equal for tags that are the same whatever their case. */
export function tagKey(path: string): string {
	return path.normalize("NFC").toLowerCase();
}

/** The same tags in whatever order and case. */
export function sameTags(one: readonly string[], other: readonly string[]): boolean {
	const keys = new Set(one.map(tagKey));
	const others = new Set(other.map(tagKey));
	return keys.size === others.size && [...keys].every((key) => others.has(key));
}

/** Statements prepared once; see [Note: Synchronous queries]. */
export function fileTags(connection: Connection) {
	// A no holds for every copy of the picture and after its row is gone.
	const ofContent = connection.prepare<{ path: string }>(
		`select path from rejected_contents join tags on tags.id = tag_id
		where content_hash = (select content_hash from photos where id = ?1)
			and tag_id not in (select tag_id from photo_tags
				where photo_id = ?1 and state in ('accepted', 'rejected'))
		order by path_key`,
	);
	const ofPhoto = connection.prepare<{ path: string; state: string }>(
		`select path, state from photo_tags join tags on tags.id = tag_id
		where photo_id = ? and state in ('accepted', 'rejected') order by path_key`,
	);
	const tagId = connection.prepare<{ id: number }>("select id from tags where path_key = ?");
	const addTag = connection.prepare(
		"insert into tags (path, path_key, origin) values (?, ?, 'file') on conflict do nothing",
	);
	const give = connection.prepare(
		`insert into photo_tags (tag_id, photo_id, state, source, decided_at_ms)
		values (?1, ?2, 'accepted', ?4, ?3)
		on conflict (tag_id, photo_id) do update set state = 'accepted', source = ?4, decided_at_ms = ?3
			where state = 'suggested'`,
	);
	const take = connection.prepare(
		"delete from photo_tags where tag_id = ? and photo_id = ? and state = 'accepted'",
	);
	// Nor does it come back with the same bytes; see [Note: Remembered decisions].
	const forgetRemembered = connection.prepare(
		`delete from remembered_tags where tag_id = ?1
			and content_hash = (select content_hash from photos where id = ?2)`,
	);
	// What differed before still does until the person has chosen.
	const conflict = connection.prepare(
		`insert into tag_conflicts (photo_id, place, file_tags, tags_differ, fields, found_at_ms)
		values (?1, ?2, coalesce(?3, '[]'), ?3 is not null, ?4, ?5)
		on conflict (photo_id) do update set place = ?2, file_tags = coalesce(?3, file_tags),
			tags_differ = max(tags_differ, ?3 is not null), found_at_ms = ?5,
			fields = (select json_group_array(value) from
				(select value from json_each(fields) union select value from json_each(?4)))`,
	);
	const settle = connection.prepare("delete from tag_conflicts where photo_id = ?");
	const note = connection.prepare(
		"insert into tags_to_write (photo_id) values (?1) on conflict (photo_id) do nothing",
	);
	const forget = connection.prepare("delete from tags_to_write where photo_id = ?");

	/** The tag of this path, made with its ancestors where it is new. */
	const ensureTag = (path: string): number => {
		const parts = path.split("/");
		let id = 0;
		for (let count = 1; count <= parts.length; count++) {
			const part = parts.slice(0, count).join("/");
			addTag.run(part, tagKey(part));
			id = tagId.get(tagKey(part))?.id ?? 0;
		}
		return id;
	};
	const of = (id: PhotoId) => {
		const rows = ofPhoto.all(id);
		const inState = (state: string) =>
			rows.filter((row) => row.state === state).map(({ path }) => path);
		const rejected = [...inState("rejected"), ...ofContent.all(id).map(({ path }) => path)];
		return { accepted: inState("accepted"), rejected };
	};
	return {
		of,
		/** Rejected tags stay rejected. Returns whether anything changed. */
		change(id: PhotoId, { add, remove }: Pick<TagDecision, "add" | "remove">): boolean {
			let changes = 0;
			const refused = new Set(of(id).rejected.map(tagKey));
			const coming = add.filter((path) => !refused.has(tagKey(path)));
			for (const path of coming)
				changes += give.run(ensureTag(path), id, Date.now(), "file").changes;
			for (const path of remove) {
				const known = tagId.get(tagKey(path));
				if (known === undefined) continue;
				changes += take.run(known.id, id).changes;
				forgetRemembered.run(known.id, id);
			}
			return changes > 0;
		},
		/** @param tags the file's, where tags differ; null where only these fields do */
		noteConflict(
			id: PhotoId,
			place: "photo" | "sidecar",
			tags: readonly string[] | null,
			fields: readonly DescribedField[],
		): void {
			const fileTags = tags === null ? null : JSON.stringify(tags);
			conflict.run(id, place, fileTags, JSON.stringify(fields), Date.now());
		},
		settle(id: PhotoId): void {
			settle.run(id);
		},
		noteToWrite(id: PhotoId): void {
			note.run(id);
		},
		/** What came from a file need not be written back; what files lack is to be written. */
		noteOrForget(id: PhotoId, agreed: readonly string[], isMoreToWrite: boolean): void {
			if (isMoreToWrite || !sameTags(of(id).accepted, agreed)) note.run(id);
			else forget.run(id);
		},
		forgetToWrite(id: PhotoId): void {
			forget.run(id);
		},
	};
}
