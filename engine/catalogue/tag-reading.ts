/** @file What is known of tags, as clients see it. */
import { encoderIdSchema, type LabelId, type PhotoId, type TagId } from "../../contract/ids.ts";
import type { PhotoTag, SelectionTag, Tag, TagOrigin, TagState } from "../../contract/tag.ts";
import { aspectPermilleSql } from "./aspect.ts";
import type { Connection } from "./connection.ts";
import type { TagExportRow, TagTable } from "./tag-table.ts";

const exportPageRows = 5000;

interface CountRow {
	tagId: TagId;
	accepted: number;
	suggested: number;
}

export function tagReading(
	connection: Connection,
): Pick<TagTable, "list" | "ofPhoto" | "ofPhotos" | "photos" | "exportRows"> {
	const tags = connection.prepare<{ id: TagId; path: string; pathKey: string; origin: TagOrigin }>(
		"select id, path, path_key as pathKey, origin from tags order by path_key",
	);
	const counts = connection.prepare<CountRow>(
		`select tag_id as tagId, sum(state = 'accepted') as accepted, sum(state = 'suggested') as suggested
		from photo_tags group by tag_id`,
	);
	const newest = connection.prepare<{ id: PhotoId; version: number }>(
		`select id, version from photo_tags join photos on photos.id = photo_id
		where tag_id in (select value from json_each(?)) and photo_tags.state = 'accepted' and version > 0
		order by taken_at_ms desc, id desc limit 1`,
	);
	const surest = connection.prepare<{ id: PhotoId; version: number }>(
		`select id, version from photo_tags join photos on photos.id = photo_id
		where tag_id in (select value from json_each(?)) and photo_tags.state = 'suggested' and version > 0
		order by confidence desc, id limit 1`,
	);
	const countBelow = connection.prepare<{ photos: number }>(
		`select count(distinct photo_id) as photos from photo_tags where state = 'accepted'
		and tag_id in (select value from json_each(?))`,
	);
	const labels = connection.prepare<{ id: LabelId; tagId: TagId }>(
		"select id, tag_id as tagId from labels order by id",
	);
	const ofPhoto = connection.prepare<{
		tagId: TagId;
		path: string;
		state: TagState;
		source: "person" | "label" | "file";
		confidence: number | null;
		labelId: LabelId | null;
		labelVersion: number | null;
		encoder: string | null;
		decidedAtMs: number | null;
	}>(
		`select tag_id as tagId, path, state, source, confidence, label_id as labelId,
			label_version as labelVersion, encoders.key as encoder, decided_at_ms as decidedAtMs
		from photo_tags join tags on tags.id = tag_id left join encoders on encoders.id = encoder_id
		where photo_id = ?
		order by case state when 'accepted' then 0 when 'suggested' then 1 else 2 end,
			iif(state = 'suggested', -coalesce(confidence, 1), 0), path_key`,
	);
	const ofPhotos = connection.prepare<{ id: TagId; path: string; state: TagState; photos: number }>(
		`select tags.id, path, state, count(*) as photos from photo_tags join tags on tags.id = tag_id
		where photo_id in (select value from json_each(?)) and state <> 'rejected'
		group by tags.id, state order by path_key`,
	);
	const photos = connection.prepare(
		`select photos.id, ${aspectPermilleSql}, version, max(coalesce(confidence, 1)) as confidence
		from photo_tags join photos on photos.id = photo_id
		where tag_id in (select value from json_each(?1)) and photo_tags.state = ?2
		group by photos.id
		order by iif(?2 = 'accepted', 0, -coalesce(confidence, 1)), taken_at_ms desc, photos.id desc`,
	);
	const exported = (states: string) =>
		connection.prepare<TagExportRow>(
			`select photo_id as photoId, path, state, source, confidence, label_version as labelVersion,
				encoders.key as encoder
			from photo_tags join tags on tags.id = tag_id left join encoders on encoders.id = encoder_id
			where photo_id > ? and state in (${states}) order by photo_id, path_key limit ${exportPageRows}`,
		);
	const family = (id: TagId): TagId[] => {
		const all = tags.all();
		const own = all.find((tag) => tag.id === id);
		if (own === undefined) return [id];
		return all
			.filter(({ pathKey }) => pathKey === own.pathKey || pathKey.startsWith(`${own.pathKey}/`))
			.map((tag) => tag.id);
	};

	return {
		async list(empty) {
			const rows = tags.all();
			const countOf = new Map(counts.all().map((row) => [row.tagId, row]));
			const labelsOf = Map.groupBy(labels.all(), ({ tagId }) => tagId);
			const idOf = new Map(rows.map(({ pathKey, id }) => [pathKey, id]));
			const childrenOf = new Map<TagId, TagId[]>();
			for (const { id, pathKey } of rows) {
				for (let at = pathKey.lastIndexOf("/"); at > 0; at = pathKey.lastIndexOf("/", at - 1)) {
					const ancestor = idOf.get(pathKey.slice(0, at));
					if (ancestor === undefined) continue;
					const known = childrenOf.get(ancestor);
					if (known === undefined) childrenOf.set(ancestor, [id]);
					else known.push(id);
				}
			}
			return rows.flatMap((row): Tag[] => {
				const { accepted = 0, suggested = 0 } = countOf.get(row.id) ?? {};
				const below = childrenOf.get(row.id) ?? [];
				const used = [row.id, ...below].filter((id) => countOf.has(id));
				if (!empty && row.origin === "vocabulary" && used.length === 0) return [];
				const holders = used.filter((id) => (countOf.get(id)?.accepted ?? 0) > 0);
				const acceptedBelow =
					holders.length === 0
						? 0
						: holders.length === 1
							? (countOf.get(holders[0] ?? row.id)?.accepted ?? 0)
							: (countBelow.get(JSON.stringify(holders))?.photos ?? 0);
				const cover =
					(holders.length === 0 ? undefined : newest.get(JSON.stringify(holders))) ??
					(used.length === 0 ? undefined : surest.get(JSON.stringify(used))) ??
					null;
				const at = row.path.lastIndexOf("/");
				const parentKey = row.pathKey.slice(0, Math.max(0, row.pathKey.lastIndexOf("/")));
				return [
					{
						id: row.id,
						path: row.path,
						name: row.path.slice(at + 1),
						parentId: idOf.get(parentKey) ?? null,
						origin: row.origin,
						accepted,
						acceptedBelow,
						suggested,
						cover,
						labelIds: (labelsOf.get(row.id) ?? []).map(({ id }) => id),
					},
				];
			});
		},
		async ofPhoto(id) {
			return ofPhoto.all(id).map(
				({ labelId, labelVersion, encoder, ...row }): PhotoTag => ({
					...row,
					scoredBy:
						labelId === null || labelVersion === null || encoder === null
							? null
							: { labelId, labelVersion, encoder: encoderIdSchema.parse(encoder) },
				}),
			);
		},
		async ofPhotos(ids) {
			const rows = ofPhotos.all(JSON.stringify(ids));
			const found = new Map<TagId, SelectionTag>();
			for (const row of rows) {
				const tag = found.get(row.id) ?? {
					tagId: row.id,
					path: row.path,
					accepted: 0,
					suggested: 0,
				};
				if (row.state === "accepted") tag.accepted = row.photos;
				else tag.suggested = row.photos;
				found.set(row.id, tag);
			}
			return [...found.values()];
		},
		async photos(id, state, below, limit) {
			const rows = photos.allRaw(JSON.stringify(below ? family(id) : [id]), state);
			const shown = rows.slice(0, limit);
			return {
				ids: shown.map((row) => row[0] as PhotoId),
				aspectsPermille: shown.map((row) => Number(row[1])),
				versions: shown.map((row) => Number(row[2])),
				confidences: shown.map((row) => Number(row[3])),
				total: rows.length,
			};
		},
		async exportRows(states, after) {
			const list = states.map((state) => `'${state}'`).join(", ");
			if (list === "") return [];
			const rows = exported(list).all(after);
			if (rows.length < exportPageRows) return rows;
			// The last photo of a full page may go on in the next.
			const last = rows.at(-1)?.photoId;
			return rows.filter(({ photoId }) => photoId !== last);
		},
	};
}
