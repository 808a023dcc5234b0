/** @file Which photos' tags are to be written into files, conflicts, and what was ever written outside. */
import type { PhotoId } from "../../contract/ids.ts";
import type { Connection } from "./connection.ts";
import { fileTags, sameTags } from "./file-tags.ts";

/** A photo whose tags or stars changed in the library. Tags are paths such as `animal/dog`. */
export interface PhotoToWrite {
	id: PhotoId;
	/** The person gave it other stars. */
	rated: boolean;
	accepted: readonly string[];
}

export interface TagConflictRecord {
	id: PhotoId;
	place: "photo" | "sidecar";
	fileTags: readonly string[];
	foundAtMs: number;
}

export interface OutsideWrite {
	path: string;
	kind: "sidecar" | "photo";
	firstAtMs: number;
	lastAtMs: number;
	times: number;
	backupPath: string | null;
}

export interface UnwritableFolder {
	path: string;
	reason: string;
	told: boolean;
}

export interface TagWritingTable {
	/** Photos in id order behind the given one, of folders that are online, without conflicts. */
	toWrite(after: number, count: number): Promise<PhotoId[]>;
	countToWrite(): Promise<number>;
	/** As it is now; undefined when there is nothing to write any more. */
	photoToWrite(id: PhotoId): Promise<PhotoToWrite | undefined>;
	/** File and library agree on these tags; what was changed meanwhile stays to be written. */
	written(id: PhotoId, agreed: readonly string[]): Promise<void>;
	/** Every photo whose tags are not what was last agreed on is to be written. Returns how many. */
	noteAllThatDiffer(): Promise<number>;
	/** Not to be written until its tags, or its file, change again. */
	leave(id: PhotoId): Promise<void>;
	/** To be written although nothing in the library changed. */
	noteToWrite(id: PhotoId): Promise<void>;
	conflicts(count: number): Promise<TagConflictRecord[]>;
	conflict(id: PhotoId): Promise<TagConflictRecord | undefined>;
	countConflicts(): Promise<number>;
	/**
	 * Ends a conflict: the photo gets and loses these tags, and `agreed` is what files and library will have
	 * in common.
	 */
	settle(
		id: PhotoId,
		change: { add: readonly string[]; remove: readonly string[]; agreed: readonly string[] },
	): Promise<void>;
	/** The tags that the photo has. */
	accepted(id: PhotoId): Promise<readonly string[]>;
	noteOutsideWrite(
		path: string,
		kind: "sidecar" | "photo",
		backupPath: string | null,
	): Promise<void>;
	/** The last ones first. */
	outsideWrites(count: number): Promise<OutsideWrite[]>;
	countOutsideWrites(): Promise<{ sidecars: number; photos: number }>;
	/** True when it was not known before. */
	noteUnwritable(path: string, reason: string): Promise<boolean>;
	forgetUnwritable(path: string): Promise<void>;
	unwritable(): Promise<UnwritableFolder[]>;
	/** The person has read of them. */
	unwritableTold(): Promise<void>;
}

/** Writing tags, as an open database knows it. */
export function tagWritingTable(connection: Connection): TagWritingTable {
	const tags = fileTags(connection);
	const toWrite = connection.prepare<{ id: PhotoId }>(
		`select photo_id as id from tags_to_write join photos on photos.id = photo_id
		where photo_id > ? and folder_id not in (select id from folders where offline = 1)
			and photo_id not in (select photo_id from tag_conflicts)
		order by photo_id limit ?`,
	);
	const one = connection.prepare<{ rated: number }>(
		"select rated from tags_to_write where photo_id = ?",
	);
	const agree = connection.prepare(
		`insert into file_metadata (photo_id, agreed) select id, ?2 from photos where id = ?1
		on conflict (photo_id) do update set agreed = ?2`,
	);
	const compared = connection.prepare<{ id: PhotoId; agreed: string }>(
		`select photos.id, coalesce(agreed, '[]') as agreed
		from photos left join file_metadata on file_metadata.photo_id = photos.id
		where photos.id not in (select photo_id from tags_to_write)
			and (agreed <> '[]' or exists
				(select 1 from photo_tags where photo_tags.photo_id = photos.id and state = 'accepted'))`,
	);
	const conflictColumns = "photo_id as id, place, file_tags as fileTags, found_at_ms as foundAtMs";
	type ConflictRow = Omit<TagConflictRecord, "fileTags"> & { fileTags: string };
	const conflicts = connection.prepare<ConflictRow>(
		`select ${conflictColumns} from tag_conflicts order by found_at_ms desc, photo_id limit ?`,
	);
	const conflict = connection.prepare<ConflictRow>(
		`select ${conflictColumns} from tag_conflicts where photo_id = ?`,
	);
	const outside = connection.prepare(
		`insert into outside_writes (path, kind, first_at_ms, last_at_ms, times, backup_path)
		values (?1, ?2, ?3, ?3, 1, ?4)
		on conflict (path) do update set kind = ?2, last_at_ms = ?3, times = times + 1,
			backup_path = coalesce(backup_path, ?4)`,
	);
	const outsideWrites = connection.prepare<OutsideWrite>(
		`select path, kind, first_at_ms as firstAtMs, last_at_ms as lastAtMs, times,
			backup_path as backupPath from outside_writes order by last_at_ms desc, path limit ?`,
	);
	const unwritable = connection.prepare(
		`insert into unwritable_folders (path, reason, noted_at_ms) values (?, ?, ?)
		on conflict (path) do nothing`,
	);
	const forgetUnwritable = connection.prepare("delete from unwritable_folders where path = ?");
	const unwritables = connection.prepare<Omit<UnwritableFolder, "told"> & { told: number }>(
		"select path, reason, told from unwritable_folders order by path",
	);
	const count = (table: string) =>
		connection.prepare<{ n: number }>(`select count(*) as n from ${table}`);
	const counted = {
		toWrite: count("tags_to_write"),
		conflicts: count("tag_conflicts"),
		sidecars: count("outside_writes where kind = 'sidecar'"),
		photos: count("outside_writes where kind = 'photo'"),
	};
	const numberOf = (what: keyof typeof counted) => counted[what].get()?.n ?? 0;
	const record = (row: ConflictRow): TagConflictRecord => ({
		...row,
		fileTags: JSON.parse(row.fileTags),
	});

	return {
		async toWrite(after, most) {
			return toWrite.all(after, most).map(({ id }) => id);
		},
		async countToWrite() {
			return numberOf("toWrite");
		},
		async photoToWrite(id) {
			const row = one.get(id);
			if (row === undefined) return undefined;
			return { id, rated: row.rated === 1, accepted: tags.of(id).accepted };
		},
		async written(id, agreed) {
			connection.transaction(() => {
				agree.run(id, JSON.stringify(agreed));
				tags.forgetToWrite(id);
				tags.noteIfDiffers(id, agreed);
			});
		},
		async noteAllThatDiffer() {
			return connection.transaction(() => {
				let count = 0;
				for (const { id, agreed } of compared.all()) {
					if (sameTags(tags.of(id).accepted, JSON.parse(agreed))) continue;
					tags.noteToWrite(id, false);
					count += 1;
				}
				return count;
			});
		},
		async leave(id) {
			tags.forgetToWrite(id);
		},
		async noteToWrite(id) {
			tags.noteToWrite(id, false);
		},
		async conflicts(most) {
			return conflicts.all(most).map(record);
		},
		async conflict(id) {
			const row = conflict.get(id);
			return row === undefined ? undefined : record(row);
		},
		async countConflicts() {
			return numberOf("conflicts");
		},
		async settle(id, { add, remove, agreed }) {
			connection.transaction(() => {
				tags.settle(id);
				tags.change(id, { add, remove });
				agree.run(id, JSON.stringify(agreed));
				tags.noteToWrite(id, false);
			});
		},
		async accepted(id) {
			return tags.of(id).accepted;
		},
		async noteOutsideWrite(path, kind, backupPath) {
			outside.run(path, kind, Date.now(), backupPath);
		},
		async outsideWrites(most) {
			return outsideWrites.all(most);
		},
		async countOutsideWrites() {
			return { sidecars: numberOf("sidecars"), photos: numberOf("photos") };
		},
		async noteUnwritable(path, reason) {
			return unwritable.run(path, reason, Date.now()).changes > 0;
		},
		async forgetUnwritable(path) {
			forgetUnwritable.run(path);
		},
		async unwritable() {
			return unwritables.all().map((row) => ({ ...row, told: row.told === 1 }));
		},
		async unwritableTold() {
			connection.execute("update unwritable_folders set told = 1 where told = 0");
		},
	};
}
