/** @file Titles, captions and stars that the person sets here; see [Note: Descriptions]. */
import type {
	Described,
	DescribedField,
	SelectionDescription,
} from "../../contract/description.ts";
import type { PhotoId } from "../../contract/ids.ts";
import type { Connection } from "./connection.ts";
import { type RecordedChange, recordedChanges } from "./recorded-changes.ts";

export interface DescriptionTable {
	/** Which fields the person has set here. */
	setHere(id: PhotoId): Promise<DescribedField[]>;
	/** Stars of those that have any; -1 is rejected. */
	ratings(ids: readonly PhotoId[]): Promise<ReadonlyMap<PhotoId, number>>;
	ofPhotos(ids: readonly PhotoId[]): Promise<SelectionDescription>;
	/** Sets what is named, for every photo; can be undone. Texts are clean. */
	change(
		ids: readonly PhotoId[],
		values: Partial<Described>,
		title: string,
	): Promise<RecordedChange<null>>;
}

const fields: readonly DescribedField[] = ["title", "caption", "rating"];

/** The descriptions of an open database. */
export function descriptionTable(connection: Connection): DescriptionTable {
	const changes = recordedChanges(connection);
	const said = connection.prepare<{ field: DescribedField }>(
		"select field from descriptions where photo_id = ? order by field desc",
	);
	// A row that says what counts already, so that taking the change back finds what was there before.
	const begin = (field: DescribedField) =>
		connection.prepare(
			`insert into descriptions (photo_id, field, value)
			select photos.id, '${field}', ${field} from photos
				left join file_metadata on file_metadata.photo_id = photos.id
			where photos.id = ?1 and cast(${field} as text) is not ?2
				and not exists (select 1 from descriptions
					where descriptions.photo_id = photos.id and field = '${field}')`,
		);
	const set = connection.prepare(
		"update descriptions set value = ?3 where photo_id = ?1 and field = ?2 and value is not ?3",
	);
	const begins = { title: begin("title"), caption: begin("caption"), rating: begin("rating") };
	const common = connection.prepare<{ field: DescribedField; kinds: number; value: string | null }>(
		fields
			.map(
				(field) => `select '${field}' as field, count(distinct coalesce(${field}, '')) as kinds,
				max(cast(${field} as text)) as value from photos
					left join file_metadata on file_metadata.photo_id = photos.id
				where photos.id in (select value from json_each(?1))`,
			)
			.join(" union all "),
	);
	const counted = connection.prepare<{ photos: number }>(
		"select count(*) as photos from photos where id in (select value from json_each(?))",
	);

	const rated = connection.prepare<{ id: PhotoId; rating: number }>(
		`select photo_id as id, rating from file_metadata
		where photo_id in (select value from json_each(?)) and rating <> 0`,
	);

	return {
		async setHere(id) {
			return said.all(id).map(({ field }) => field);
		},
		async ratings(ids) {
			const rows = rated.all(JSON.stringify(ids));
			return new Map(rows.map(({ id, rating }) => [id, rating]));
		},
		async ofPhotos(ids) {
			const list = JSON.stringify(ids);
			const rows = new Map(common.all(list).map((row) => [row.field, row]));
			const shared = (field: DescribedField) =>
				rows.get(field)?.kinds === 1 ? (rows.get(field)?.value ?? null) : null;
			return {
				photos: counted.get(list)?.photos ?? 0,
				title: shared("title"),
				caption: shared("caption"),
				rating: ratingOf(shared("rating")),
				mixed: fields.filter((field) => (rows.get(field)?.kinds ?? 0) > 1),
			};
		},
		async change(ids, values, title) {
			const stored = fields.flatMap((field): [DescribedField, string | null][] => {
				const value = values[field];
				return value === undefined ? [] : [[field, value === null ? null : String(value)]];
			});
			connection.transaction(() => {
				for (const [field, value] of stored) {
					for (const id of ids) begins[field].run(id, value);
				}
			});
			return changes.record(title, () => {
				for (const [field, value] of stored) {
					for (const id of ids) set.run(id, field, value);
				}
				return null;
			});
		},
	};
}

/** Stars as they are stored: a number's digits. */
export function ratingOf(value: string | null): number | null {
	return value === null ? null : Number(value);
}
