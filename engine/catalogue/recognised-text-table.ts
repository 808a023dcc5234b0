/**
 * @file Text recognised in pictures.
 *
 * [Note: Read once] What was read belongs to the bytes: moved files and copies take it over, changed
 * ones are read again, and a better reader (another key) reads everything again. A photo is done when
 * `photo_texts` names its present version and reader; that is written together with the text and the
 * photo's words, so a process killed at any moment leaves photos either done or still to be read.
 */
import type { Selectable } from "kysely";
import { z } from "zod";
import type { PhotoId } from "../../contract/ids.ts";
import { type FailureReason, failureReasonSchema } from "../../contract/photo.ts";
import { type TextLine, textLineSchema } from "../../contract/recognition.ts";
import { type Connection, query } from "./connection.ts";
import { idList } from "./id-list.ts";
import { toPhotoRecord } from "./photo-record.ts";
import type { PhotoRecord } from "./records.ts";
import type { PhotoColumnsInTable } from "./schema.ts";
import { setWords } from "./word-table.ts";

/** What became of reading a content. */
export type TextReading =
	| { kind: "read"; lines: TextLine[] }
	| { kind: "failed"; reason: FailureReason; message: string };

export interface TextCounts {
	/** Searchable photos. */
	photos: number;
	/** Of those, the ones that are done; failed ones included. */
	done: number;
	failed: number;
	/** Still to be read, and within reach. */
	waiting: number;
}

export interface RecognisedTextTable {
	/** Photos this reader has not done, of folders that are online, newest first. */
	next(reader: string, count: number, except: ReadonlySet<PhotoId>): Promise<PhotoRecord[]>;
	/** What this reader read in these bytes before, if it did; a failure counts as nothing. */
	known(reader: string, contentHash: string): Promise<TextReading | undefined>;
	/**
	 * Stores a reading with its words and marks the photo done, in one transaction; false when the photo
	 * is gone or has other bytes or another version by now.
	 */
	store(
		reader: string,
		photo: Pick<PhotoRecord, "id" | "contentHash" | "version">,
		reading: TextReading,
	): Promise<boolean>;
	/** Null while the photo is still to be read by this reader. */
	ofPhoto(reader: string, id: PhotoId): Promise<TextReading | null>;
	counts(reader: string): Promise<TextCounts>;
	/** Photos whose reading failed, of all or the given ones, are to be read again. @returns how many. */
	retry(ids?: readonly PhotoId[]): Promise<number>;
	/** Drops texts of bytes that no photo has any more. */
	prune(): Promise<void>;
}

interface TextRow {
	reader: string;
	lines: string | null;
	failure_reason: string | null;
	failure_message: string | null;
}

const linesSchema = z.array(textLineSchema);

/** The recognised text of an open database. */
export function recognisedTextTable(connection: Connection): RecognisedTextTable {
	const toDo = `photos.state = 'searchable' and photos.content_hash is not null
		and photos.folder_id not in (select id from folders where offline = 1)
		and not exists (select 1 from photo_texts where photo_texts.photo_id = photos.id
			and photo_texts.photo_version = photos.version and photo_texts.reader = ?)`;
	const next = connection.prepare<Selectable<PhotoColumnsInTable>>(
		`select * from photos where ${toDo} and id not in (select value from json_each(?))
		order by taken_at_ms desc, id desc limit ?`,
	);
	const waiting = connection.prepare<{ count: number }>(
		`select count(*) as count from photos where ${toDo}`,
	);
	const done = connection.prepare<{ photos: number; done: number; failed: number }>(
		`select count(*) as photos, count(photo_texts.photo_id) as done,
			count(case when recognised_texts.lines is null then recognised_texts.content_hash end) as failed
		from photos
			left join photo_texts on photo_texts.photo_id = photos.id
				and photo_texts.photo_version = photos.version and photo_texts.reader = ?
			left join recognised_texts on photo_texts.photo_id is not null
				and recognised_texts.content_hash = photos.content_hash
		where photos.state = 'searchable'`,
	);
	const find = connection.prepare<TextRow>(
		`select reader, lines, failure_reason, failure_message from recognised_texts
		where content_hash = ?`,
	);
	const current = connection.prepare<{ id: PhotoId }>(
		"select id from photos where id = ? and content_hash = ? and version = ? and state = 'searchable'",
	);
	const put = connection.prepare(
		`insert into recognised_texts
			(content_hash, reader, lines, failure_reason, failure_message, attempts, read_at_ms)
		values (?, ?, ?, ?, ?, 1, ?)
		on conflict (content_hash) do update set reader = excluded.reader, lines = excluded.lines,
			failure_reason = excluded.failure_reason, failure_message = excluded.failure_message,
			attempts = attempts + 1, read_at_ms = excluded.read_at_ms`,
	);
	const mark = connection.prepare(
		"insert or replace into photo_texts (photo_id, photo_version, reader) values (?, ?, ?)",
	);
	const ofPhoto = connection.prepare<TextRow>(
		`select recognised_texts.reader, lines, recognised_texts.failure_reason,
			recognised_texts.failure_message
		from photos
			join photo_texts on photo_texts.photo_id = photos.id
				and photo_texts.photo_version = photos.version and photo_texts.reader = ?
			join recognised_texts on recognised_texts.content_hash = photos.content_hash
		where photos.id = ?`,
	);
	const prune = connection.prepare(
		`delete from recognised_texts where content_hash not in
			(select content_hash from photos where content_hash is not null)`,
	);

	return {
		async next(reader, count, except) {
			return next.all(reader, JSON.stringify([...except]), count).map(toPhotoRecord);
		},
		async known(reader, contentHash) {
			const row = find.get(contentHash);
			if (row === undefined || row.reader !== reader || row.lines === null) return undefined;
			return toReading(row);
		},
		async store(reader, { id, contentHash, version }, reading) {
			return connection.transaction(() => {
				if (contentHash === null || current.get(id, contentHash, version) === undefined)
					return false;
				const before = find.get(contentHash);
				const lines = reading.kind === "read" ? JSON.stringify(reading.lines) : null;
				// A copy takes over what is there: no need to write it again.
				if (before === undefined || before.reader !== reader || before.lines !== lines || !lines) {
					const failure = reading.kind === "failed" ? reading : null;
					const { reason = null, message = null } = failure ?? {};
					put.run(contentHash, reader, lines, reason, message, Date.now());
				}
				const text = reading.kind === "read" ? textOf(reading.lines) : null;
				setWords(connection, id, "recognised", text);
				mark.run(id, version, reader);
				return true;
			});
		},
		async ofPhoto(reader, id) {
			const row = ofPhoto.get(reader, id);
			return row === undefined ? null : toReading(row);
		},
		async counts(reader) {
			const { photos = 0, done: finished = 0, failed = 0 } = done.get(reader) ?? {};
			return { photos, done: finished, failed, waiting: waiting.get(reader)?.count ?? 0 };
		},
		async retry(ids) {
			const failed = query
				.selectFrom("photos")
				.innerJoin("recognised_texts", "recognised_texts.content_hash", "photos.content_hash")
				.select("photos.id")
				.where("recognised_texts.lines", "is", null);
			const chosen = ids === undefined ? failed : failed.where("photos.id", "in", idList(ids));
			return connection.run(query.deleteFrom("photo_texts").where("photo_id", "in", chosen));
		},
		async prune() {
			prune.run();
		},
	};
}

/** The words of a photo: one line a line. */
function textOf(lines: readonly TextLine[]): string | null {
	return lines.length === 0 ? null : lines.map(({ text }) => text).join("\n");
}

function toReading({ lines, failure_reason, failure_message }: TextRow): TextReading {
	if (lines !== null) return { kind: "read", lines: linesSchema.parse(JSON.parse(lines)) };
	const reason = failureReasonSchema.catch("unknown").parse(failure_reason);
	return { kind: "failed", reason, message: failure_message ?? "" };
}
