/** @file Writes what labels suggest, leaving everything decided as it is. */

import type { Connection } from "./connection.ts";
import type { Suggestion, TagTable } from "./tag-table.ts";

/** `TagTable.replaceSuggestions` of an open database. */
export function suggestionWriting(
	connection: Connection,
	encoderOf: (encoderKey: string) => number,
): TagTable["replaceSuggestions"] {
	const held = connection.prepare(
		`select photo_id, tag_id, confidence, label_version, encoder_id from photo_tags
		where label_id = ? and state = 'suggested'`,
	);
	const heldBy = connection.prepare<{
		photo_id: number;
		tag_id: number;
		confidence: number | null;
		label_id: number | null;
		label_version: number | null;
		encoder_id: number | null;
	}>(
		`select photo_id, tag_id, confidence, label_id, label_version, encoder_id from photo_tags
		where photo_id in (select value from json_each(?)) and state = 'suggested'`,
	);
	const suggest = connection.prepare(
		`insert into photo_tags (tag_id, photo_id, state, source, confidence, label_id, label_version, encoder_id)
		select ?1, id, 'suggested', 'label', ?3, ?4, ?5, ?6 from photos where id = ?2
			and not exists (select 1 from rejected_contents where tag_id = ?1
				and rejected_contents.content_hash = photos.content_hash)
		on conflict (tag_id, photo_id) do update set confidence = ?3, label_id = ?4, label_version = ?5,
			encoder_id = ?6
		where state = 'suggested' and (label_id = ?4 or coalesce(confidence, 0) < ?3)`,
	);
	// Where the same picture, under another name, was rejected since.
	const withdrawRejected = connection.prepare(
		`delete from photo_tags where state = 'suggested' and (tag_id, photo_id) in
		(select tag_id, photos.id from rejected_contents
			join photos on photos.content_hash = rejected_contents.content_hash)`,
	);
	const withdraw = connection.prepare(
		"delete from photo_tags where tag_id = ? and photo_id = ? and state = 'suggested'",
	);
	return async (encoderKey, labelIds, photoIds, suggestions) =>
		connection.transaction(() => {
			const encoderId = encoderOf(encoderKey);
			const scope = photoIds === null ? null : new Set<number>(photoIds);
			const old = new Map<string, { tagId: number; photoId: number; same: string }>();
			const keep = (photoId: number, tagId: number, same: string) => {
				if (scope === null || scope.has(photoId))
					old.set(`${tagId} ${photoId}`, { tagId, photoId, same });
			};
			if (photoIds !== null && photoIds.length < 1000) {
				const rows = heldBy.all(JSON.stringify(photoIds));
				const wanted = new Set<number | null>(labelIds);
				for (const row of rows)
					if (wanted.has(row.label_id))
						keep(
							row.photo_id,
							row.tag_id,
							`${row.confidence} ${row.label_id} ${row.label_version} ${row.encoder_id}`,
						);
			} else {
				for (const labelId of labelIds)
					for (const [photoId, tagId, confidence, version, encoder] of held.allRaw(labelId))
						keep(Number(photoId), Number(tagId), `${confidence} ${labelId} ${version} ${encoder}`);
			}
			// Labels of one tag speak for it once: the surest.
			const surest = new Map<string, Suggestion>();
			for (const suggestion of suggestions) {
				const key = `${suggestion.tagId} ${suggestion.photoId}`;
				const known = surest.get(key);
				if (known === undefined || known.confidence < suggestion.confidence)
					surest.set(key, suggestion);
			}
			let suggested = 0;
			for (const [key, { tagId, photoId, confidence, labelId, labelVersion }] of surest) {
				const before = old.get(key);
				old.delete(key);
				const rounded = Math.round(confidence * 1e4) / 1e4;
				if (before?.same === `${rounded} ${labelId} ${labelVersion} ${encoderId}`) continue;
				const { changes } = suggest.run(tagId, photoId, rounded, labelId, labelVersion, encoderId);
				if (before === undefined) suggested += changes;
			}
			let withdrawn = 0;
			for (const { tagId, photoId } of old.values())
				withdrawn += withdraw.run(tagId, photoId).changes;
			withdrawn += withdrawRejected.run().changes;
			return { suggested, withdrawn };
		});
}
