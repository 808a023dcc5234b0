/** @file Which photos' tags are to be written into files, conflicts, and what was ever written outside. */
import path from "node:path";
import { setImmediate } from "node:timers/promises";
import type { DescribedField } from "../../contract/description.ts";
import type { FileMetadata } from "../../contract/file-metadata.ts";
import type { PhotoId } from "../../contract/ids.ts";
import type { Connection } from "./connection.ts";
import { type DescribedState, describedInFiles } from "./described-in-files.ts";
import { fileTags, sameTags } from "./file-tags.ts";
import { type RecordedChange, recordedChanges } from "./recorded-changes.ts";

/** A photo whose tags or description changed in the library. Tags are paths such as `animal/dog`. */
export interface PhotoToWrite {
	id: PhotoId;
	accepted: readonly string[];
	/** What the person set here; values as they are stored. */
	described: DescribedValues;
	/** Tags of earlier, interrupted writing, which the sidecar may have. */
	begun: readonly string[];
	/** What the person set here, with what files said when they were last read. */
	states: readonly DescribedState[];
}

/** Titles, captions and stars as they are stored: texts, stars as digits. */
export type DescribedValues = ReadonlyMap<DescribedField, string | null>;

/** True when what stands inside a photo's file is what is wanted. */
export type FileSays = (
	embedded: FileMetadata,
	wanted: Pick<PhotoToWrite, "accepted" | "described">,
) => boolean;

export interface TagConflictRecord {
	id: PhotoId;
	place: "photo" | "sidecar";
	/** Null where tags do not differ. */
	fileTags: readonly string[] | null;
	/** The fields that differ. */
	fields: readonly DescribedField[];
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
	/** These tags are about to be written; see `begun`. */
	begin(id: PhotoId, accepted: readonly string[]): Promise<void>;
	/** As it is now; undefined when there is nothing to write any more. */
	photoToWrite(id: PhotoId): Promise<PhotoToWrite | undefined>;
	/** File and library agree on these tags and values; what was changed meanwhile stays to be written. */
	written(id: PhotoId, agreed: readonly string[], described: DescribedValues): Promise<void>;
	/**
	 * Every photo whose tags are not what was last agreed on is to be written. Titles, captions and stars
	 * that files were given meanwhile, while the person's wait, become conflicts where `writing` begins.
	 * @param says tells whether a photo's own file says all that is wanted; where it is left out, files are not asked
	 */
	noteAllThatDiffer(writing: boolean, says?: FileSays): Promise<void>;
	/** The photo is to be written where its own file does not say all that is wanted. */
	noteIfFileDiffers(id: PhotoId, says: FileSays): Promise<void>;
	/** Not to be written until its tags, or its file, change again. */
	leave(id: PhotoId): Promise<void>;
	/** To be written although nothing in the library changed. */
	noteToWrite(id: PhotoId): Promise<void>;
	conflicts(count: number): Promise<TagConflictRecord[]>;
	conflict(id: PhotoId): Promise<TagConflictRecord | undefined>;
	countConflicts(): Promise<number>;
	/**
	 * Ends a conflict: the photo gets and loses these tags, `agreed` is what files and library will have in
	 * common, and in these fields what files say counts, or what the person set. Can be undone; the conflict is
	 * then there again.
	 */
	settle(
		id: PhotoId,
		change: {
			add: readonly string[];
			remove: readonly string[];
			agreed: readonly string[];
			take?: readonly DescribedField[];
			keep?: readonly DescribedField[];
			/** What was done, in words. */
			title: string;
		},
	): Promise<RecordedChange<null>>;
	/** The tags that the photo has. */
	accepted(id: PhotoId): Promise<readonly string[]>;
	noteOutsideWrite(
		path: string,
		kind: "sidecar" | "photo",
		backupPath: string | null,
	): Promise<void>;
	/** The last ones first. */
	outsideWrites(count: number): Promise<OutsideWrite[]>;
	/** By the untouched copy's file name: the photo file it was copied from. */
	backups(): Promise<Map<string, string>>;
	countOutsideWrites(): Promise<{ sidecars: number; photos: number }>;
	/** True when it was not known before. */
	noteUnwritable(path: string, reason: string): Promise<boolean>;
	forgetUnwritable(path: string): Promise<void>;
	unwritable(): Promise<UnwritableFolder[]>;
	/** The person has read of them. */
	unwritableTold(): Promise<void>;
}

const comparedAtOnce = 1000;

/** Writing tags, as an open database knows it. */
export function tagWritingTable(connection: Connection): TagWritingTable {
	const tags = fileTags(connection);
	const changes = recordedChanges(connection);
	const toWrite = connection.prepare<{ id: PhotoId }>(
		`select photo_id as id from tags_to_write join photos on photos.id = photo_id
		where photo_id > ? and folder_id not in (select id from folders where offline = 1)
			and photo_id not in (select photo_id from tag_conflicts)
		order by photo_id limit ?`,
	);
	const one = connection.prepare<{ begun: string }>(
		"select begun from tags_to_write where photo_id = ?",
	);
	const begin = connection.prepare("update tags_to_write set begun = ?2 where photo_id = ?1");
	const described = describedInFiles(connection);
	const files = connection.prepare<{ sidecar: string | null; embedded: string | null }>(
		"select sidecar, embedded from file_metadata where photo_id = ?",
	);
	const statesOf = (id: PhotoId) => {
		const { sidecar = null, embedded = null } = files.get(id) ?? {};
		const parsed = (text: string | null) => (text === null ? null : JSON.parse(text));
		return described.of(id, parsed(sidecar), parsed(embedded));
	};
	const agree = connection.prepare(
		`insert into file_metadata (photo_id, agreed) select id, ?2 from photos where id = ?1
		on conflict (photo_id) do update set agreed = ?2`,
	);
	const compared = connection.prepare<{ id: PhotoId; agreed: string; embedded: string | null }>(
		`select photos.id, coalesce(agreed, '[]') as agreed, embedded
		from photos left join file_metadata on file_metadata.photo_id = photos.id
		where photos.id > ?1 and photos.id not in (select photo_id from tags_to_write)
			and (agreed <> '[]' or photos.id in (select photo_id from descriptions) or exists
				(select 1 from photo_tags where photo_tags.photo_id = photos.id and state = 'accepted'))
		order by photos.id limit ${comparedAtOnce}`,
	);
	const describedToWrite = connection.prepare<{ id: PhotoId }>(
		"select distinct photo_id as id from descriptions_in_files where to_write = 1",
	);
	const conflictColumns = `photo_id as id, place, file_tags as fileTags, tags_differ as tagsDiffer, fields,
		found_at_ms as foundAtMs`;
	type ConflictRow = Omit<TagConflictRecord, "fileTags" | "fields"> & {
		fileTags: string;
		tagsDiffer: number;
		fields: string;
	};
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
	const backups = connection.prepare<{ path: string; backupPath: string }>(
		`select path, backup_path as backupPath from outside_writes
		where backup_path is not null order by first_at_ms desc`,
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
	const wantedOf = (id: PhotoId): Omit<PhotoToWrite, "id" | "begun"> => {
		const states = statesOf(id);
		const described = new Map(states.map(({ field, value }) => [field, value]));
		return { accepted: tags.of(id).accepted, described, states };
	};
	const fileDiffers = (id: PhotoId, embedded: string | null, says: FileSays | undefined) =>
		says !== undefined && embedded !== null && !says(JSON.parse(embedded), wantedOf(id));
	const numberOf = (what: keyof typeof counted) => counted[what].get()?.n ?? 0;
	const record = ({ tagsDiffer, ...row }: ConflictRow): TagConflictRecord => ({
		...row,
		fileTags: tagsDiffer === 0 ? null : JSON.parse(row.fileTags),
		fields: JSON.parse(row.fields),
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
			return { id, begun: JSON.parse(row.begun), ...wantedOf(id) };
		},
		async begin(id, accepted) {
			const begun: string[] = JSON.parse(one.get(id)?.begun ?? "[]");
			begin.run(id, JSON.stringify([...new Set([...begun, ...accepted])]));
		},
		async written(id, agreed, values) {
			connection.transaction(() => {
				agree.run(id, JSON.stringify(agreed));
				for (const { field, value, now } of statesOf(id)) {
					described.compared(id, field, now, value !== (values.get(field) ?? null));
				}
				tags.noteOrForget(id, agreed, described.isToWrite(id));
			});
		},
		async noteAllThatDiffer(writing, says) {
			connection.transaction(() => {
				for (const { id } of writing ? describedToWrite.all() : []) {
					const differing = statesOf(id).filter(
						({ toWrite, now, inFiles, value }) => toWrite && now !== inFiles && now !== value,
					);
					if (differing.length === 0) continue;
					const fields = differing.map(({ field }) => field);
					tags.noteConflict(id, "sidecar", null, fields);
				}
			});
			let after = 0;
			for (;;) {
				const rows = compared.all(after);
				connection.transaction(() => {
					for (const { id, agreed, embedded } of rows) {
						after = id;
						const isSaid = sameTags(tags.of(id).accepted, JSON.parse(agreed));
						if (!isSaid || fileDiffers(id, embedded, says)) tags.noteToWrite(id);
					}
				});
				if (rows.length === 0) return;
				// A large library takes seconds, in which other questions are answered.
				await setImmediate();
			}
		},
		async noteIfFileDiffers(id, says) {
			if (fileDiffers(id, files.get(id)?.embedded ?? null, says)) tags.noteToWrite(id);
		},
		async leave(id) {
			tags.forgetToWrite(id);
		},
		async noteToWrite(id) {
			tags.noteToWrite(id);
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
		async settle(id, { add, remove, agreed, take = [], keep = [], title }) {
			return changes.record(title, () => {
				tags.settle(id);
				for (const field of take) described.take(id, field);
				for (const { field, value, now } of statesOf(id)) {
					if (keep.includes(field)) described.compared(id, field, now, value !== now);
				}
				tags.change(id, { add, remove });
				agree.run(id, JSON.stringify(agreed));
				tags.noteToWrite(id);
				return null;
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
		async backups() {
			// By name alone: libraries move.
			return new Map(
				backups.all().map((write) => [path.basename(write.backupPath), write.path] as const),
			);
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
