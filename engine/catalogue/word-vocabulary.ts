/** @file Which words, places, folders and cameras the library holds, for completing what is typed. */
import { type Connection, query } from "./connection.ts";
import type { CountedWord, WordTable } from "./word-table.ts";

/** The vocabulary of an open database. */
export function wordVocabulary(
	connection: Connection,
): Pick<WordTable, "counts" | "beginning" | "distinct" | "folders" | "cameras"> {
	const counted = connection.prepare<CountedWord>(
		`select term as word, sum(doc) as photos from word_counts
		where term >= ? and term < ? and col in (select value from json_each(?))
		group by term order by photos desc, term limit ?`,
	);
	const counts = connection.prepare<CountedWord>(
		`select term as word, sum(doc) as photos from word_counts
		where term in (select value from json_each(?)) and col in (select value from json_each(?))
		group by term`,
	);
	// What is left when everything behind the last slash is trimmed away.
	const folders = connection.prepare<{ lastPath: string; inner: string; photos: number }>(
		`select folders.last_path as lastPath, inside.inner, inside.photos from
			(select folder_id, rtrim(relative_path, replace(relative_path, '/', '')) as inner,
				count(*) as photos from photos group by 1, 2) as inside
			join folders on folders.id = inside.folder_id
		order by inside.photos desc limit ?`,
	);
	const cameras = connection.prepare<CountedWord>(
		`select trim(coalesce(camera_make, '') || ' ' || coalesce(camera_model, '')) as word,
			count(*) as photos from photos
		where camera_make is not null or camera_model is not null
		group by 1 order by photos desc limit ?`,
	);

	return {
		async counts(pieces, sources) {
			const rows = counts.all(JSON.stringify(pieces), JSON.stringify(sources));
			return new Map(rows.map(({ word, photos }) => [word, photos]));
		},
		async beginning(prefix, sources, limit) {
			if (prefix === "") return [];
			return counted.all(prefix, `${prefix}\u{10FFFF}`, JSON.stringify(sources), limit);
		},
		async distinct(source, limit) {
			return connection.all(
				query
					.selectFrom("photo_words")
					.select((build) => ["text as word", build.fn.countAll<number>().as("photos")])
					.where("source", "=", source)
					.groupBy("text")
					.orderBy("photos", "desc")
					.orderBy("text")
					.limit(limit),
			);
		},
		async folders(limit) {
			return folders.all(limit).map(({ lastPath, inner, photos }) => {
				const library = lastPath.split(/[/\\]/u).findLast((piece) => piece !== "") ?? lastPath;
				return { word: `${library}/${inner}`.replace(/\/+$/u, ""), photos };
			});
		},
		async cameras(limit) {
			return cameras.all(limit);
		},
	};
}
