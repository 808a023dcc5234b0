/** @file Conditions on photos as SQL, and the photos that meet them. */
import { type RawBuilder, sql } from "kysely";
import { assertNever } from "../../contract/assert-never.ts";
import type { PhotoId } from "../../contract/ids.ts";
import type { PhotoTable } from "./catalogue.ts";
import { type Connection, query } from "./connection.ts";
import { tagKey } from "./file-tags.ts";
import { idList } from "./id-list.ts";
import type { PhotoCondition } from "./photo-condition.ts";
import { phrasesOf } from "./word-forms.ts";
import { matchExpression, writtenSources } from "./word-table.ts";

type Condition = RawBuilder<unknown>;

/** Sides that differ by less are a square to the eye. */
const squareShare = 0.02;

/** No clock on Earth is further from UTC than 14 hours. */
const mostOffsetMs = 86_400_000;

/** By what they are not: dates and shapes are then read from the grid's index alone, twice as fast. */
const searchable = sql`id not in (select id from photos where state in ('waiting', 'failed'))`;

const localMs = sql`(taken_at_ms + coalesce(taken_offset_minutes, 0) * 60000)`;

/** The questions that searching asks. */
export function photoFiltering(connection: Connection): Pick<PhotoTable, "matching" | "located"> {
	const located = connection.prepare(
		`select json_group_array(id), json_group_array(latitude), json_group_array(longitude) from
			(select id, latitude, longitude from photos
				where latitude is not null and longitude is not null order by id)`,
	);

	return {
		async matching(conditions) {
			const folders = folderNames(connection);
			const wheres = conditions.map((condition) => toSql(condition, folders));
			// One array written by SQLite and read by JSON.parse is faster than so many rows.
			const all = sql<{ ids: string }>`
				select json_group_array(id) as ids from (
					select id from photos where ${sql.join([searchable, ...wheres], sql` and `)}
					order by taken_at_ms desc, id desc
				)`;
			const row = connection.first<{ ids: string }>({
				compile: () => all.compile(query),
			});
			// The database holds whole numbers only in this column.
			const ids: PhotoId[] = JSON.parse(row?.ids ?? "[]");
			return ids;
		},
		async located() {
			const [ids, latitudes, longitudes] = (located.allRaw()[0] ?? []).map((text): number[] =>
				JSON.parse(String(text)),
			);
			return {
				ids: Float64Array.from(ids ?? []),
				latitudes: Float64Array.from(latitudes ?? []),
				longitudes: Float64Array.from(longitudes ?? []),
			};
		},
	};
}

function toSql(condition: PhotoCondition, folders: Condition): Condition {
	switch (condition.kind) {
		case "taken": {
			const { fromMs, beforeMs } = condition;
			// The first of each pair lets the index pass over what is days away.
			const from =
				fromMs === null
					? sql`1`
					: sql`(taken_at_ms >= ${fromMs - mostOffsetMs} and ${localMs} >= ${fromMs})`;
			const before =
				beforeMs === null
					? sql`1`
					: sql`(taken_at_ms < ${beforeMs + mostOffsetMs} and ${localMs} < ${beforeMs})`;
			return sql`(${from} and ${before})`;
		}
		case "months":
			return sql`cast(strftime('%m', ${localMs} / 1000, 'unixepoch') as integer)
				in (select value from json_each(${JSON.stringify(condition.months)}))`;
		case "folder":
			return contains(sql`${folders} || relative_path`, condition.text, "/%");
		case "name":
			return contains(sql`${folders} || relative_path`, condition.text, "", true);
		case "words": {
			const inNames = contains(sql`${folders} || relative_path`, condition.text, "", true);
			const match = matchExpression(phrasesOf(condition.text), writtenSources);
			if (match === null) return inNames;
			return sql`(${inNames} or id in (select rowid from word_index where word_index match ${match}))`;
		}
		case "tag": {
			const key = `/${tagKey(condition.path)}/`;
			return sql`id in (select photo_id from photo_tags join tags on tags.id = photo_tags.tag_id
				where photo_tags.state = 'accepted' and instr('/' || tags.path_key || '/', ${key}) > 0)`;
		}
		case "tagged":
			return sql`id in (select photo_id from photo_tags where state = 'accepted')`;
		case "rating": {
			const { from, to } = condition;
			const stars = sql`coalesce((select rating from file_metadata where photo_id = photos.id), 0)`;
			const least = from === null ? sql`1` : sql`${stars} >= ${from}`;
			const most = to === null ? sql`1` : sql`${stars} <= ${to}`;
			return sql`(${least} and ${most})`;
		}
		case "camera":
			return contains(
				sql`coalesce(camera_make, '') || ' ' || coalesce(camera_model, '')`,
				condition.text,
			);
		case "lens":
			return contains(sql`coalesce(lens, '')`, condition.text);
		case "format":
			return sql`(format is not null and format = ${condition.format})`;
		case "shape":
			return shape(condition.shape);
		case "offline":
			return sql`folder_id in (select id from folders where offline = 1)`;
		case "drawn":
			return sql`id in (select id from photos where drawn = 1)`;
		case "in-folder":
			return sql`folder_id = ${condition.folderId}`;
		case "one-of":
			return sql`id in ${idList(condition.ids)}`;
		case "any":
			return condition.of.length === 0
				? sql`0`
				: sql`(${sql.join(
						condition.of.map((one) => toSql(one, folders)),
						sql` or `,
					)})`;
		case "not":
			return sql`not ${toSql(condition.of, folders)}`;
		default:
			return assertNever(condition);
	}
}

function shape(which: "portrait" | "landscape" | "square"): Condition {
	const known = sql`width > 0 and height > 0`;
	const square = sql`abs(width - height) <= ${squareShare} * max(width, height)`;
	if (which === "square") return sql`(${known} and ${square})`;
	const longer = which === "portrait" ? sql`height > width` : sql`width > height`;
	return sql`(${known} and not ${square} and ${longer})`;
}

/**
 * SQLite compares only the letters of ASCII without regard to case, and bytes: other scripts are asked
 * for in every spelling people use, in composed and decomposed characters.
 */
function contains(text: Condition, wanted: string, after = "", looseSpaces = false): Condition {
	const spellings = new Set<string>();
	for (const cased of [wanted, wanted.toLowerCase(), wanted.toUpperCase(), capitalised(wanted)]) {
		for (const form of ["NFC", "NFD"] as const) spellings.add(cased.normalize(form));
	}
	const likes = [...spellings].map((spelling) => {
		const escaped = spelling.replace(/[\\%_]/gu, "\\$&");
		const pattern = `%${looseSpaces ? escaped.replaceAll(" ", "_") : escaped}%${after}`;
		return sql`${text} like ${pattern} escape '\\'`;
	});
	// Of letters of ASCII all spellings are the same to `like`.
	const few = /^[\p{ASCII}]*$/u.test(wanted) ? likes.slice(0, 1) : likes;
	return sql`(${sql.join(few, sql` or `)})`;
}

function capitalised(text: string): string {
	return text.toLowerCase().replace(/(?<!\p{L})\p{L}/gu, (letter) => letter.toUpperCase());
}

/** The name of each library folder, with a slash: what a path inside the library begins with. */
function folderNames(connection: Connection): Condition {
	const folders = connection.all(query.selectFrom("folders").select(["id", "last_path"]));
	if (folders.length === 0) return sql`''`;
	const cases = folders.map(({ id, last_path }) => {
		const name = last_path.split(/[/\\]/u).findLast((piece) => piece !== "") ?? "";
		return sql`when ${id} then ${`${name}/`}`;
	});
	return sql`case folder_id ${sql.join(cases, sql` `)} else '' end`;
}
