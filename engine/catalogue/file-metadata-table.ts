/** @file What files and sidecars say of photos, and which tags they and the library agree on. */

import type { DescribedField } from "../../contract/description.ts";
import type { FileMetadata } from "../../contract/file-metadata.ts";
import type { FolderId, PhotoId } from "../../contract/ids.ts";
import type { Connection } from "./connection.ts";
import { type DescribedState, describedInFiles, type FieldDecision } from "./described-in-files.ts";
import { fileTags } from "./file-tags.ts";
import { setWords } from "./word-table.ts";

/** Where a reading comes from. */
export type FileReading =
	| {
			place: "photo";
			contentHash: string;
			readerVersion: number;
			metadata: FileMetadata;
			/** The file says that a program drew it. */
			drawn: boolean;
	  }
	/** `metadata` is null when the sidecar is gone. */
	| { place: "sidecar"; path: string; metadata: FileMetadata | null };

/** What is known of a photo's files before a reading is taken in. Tags are paths such as `animal/dog`. */
export interface BeforeReading {
	/** What the same place said before; null when it was never read. */
	previous: FileMetadata | null;
	/** What the other place says: the photo's file for a sidecar, the sidecar for a file. */
	elsewhere: FileMetadata | null;
	agreed: readonly string[];
	accepted: readonly string[];
	rejected: readonly string[];
	/** What the person set here, against what files say with this reading. */
	described: readonly DescribedState[];
}

/** What a reading means for the photo's tags. */
export interface TagDecision {
	add: readonly string[];
	remove: readonly string[];
	agreed: readonly string[];
	/** The file's tags, when library and file both changed and a person has to choose. */
	conflict: readonly string[] | null;
	/** For the fields that the person set here; what is not named stays. */
	fields?: ReadonlyMap<DescribedField, FieldDecision>;
}

export interface FileMetadataRecord {
	embedded: FileMetadata | null;
	sidecarPath: string | null;
	sidecar: FileMetadata | null;
	title: string | null;
	caption: string | null;
	rating: number | null;
	label: string | null;
	agreed: readonly string[];
}

export interface FileMetadataTable {
	get(id: PhotoId): Promise<FileMetadataRecord | undefined>;
	/**
	 * Takes a reading in, in one transaction: `decide` is asked what it means for the tags.
	 * Resolves with true when the photo's tags changed or a conflict was found. A photo that is gone is passed over.
	 */
	apply(
		id: PhotoId,
		reading: FileReading,
		decide: (before: BeforeReading) => TagDecision,
	): Promise<boolean>;
	/** Searchable photos whose file was not read by this version of the reader, newest first. */
	unread(
		readerVersion: number,
		count: number,
		except: ReadonlySet<PhotoId>,
	): Promise<{ id: PhotoId; folderId: FolderId; relativePath: string; contentHash: string }[]>;
}

interface Row {
	embedded: string | null;
	sidecarPath: string | null;
	sidecar: string | null;
	title: string | null;
	caption: string | null;
	rating: number | null;
	label: string | null;
	agreed: string;
}

/** The file metadata of an open database. */
export function fileMetadataTable(connection: Connection): FileMetadataTable {
	const tags = fileTags(connection);
	const described = describedInFiles(connection);
	const find = connection.prepare<Row>(
		`select embedded, sidecar_path as sidecarPath, sidecar, title, caption, rating, label, agreed
		from file_metadata where photo_id = ?`,
	);
	const exists = connection.prepare<{ id: PhotoId }>("select id from photos where id = ?");
	const store = connection.prepare(
		`insert into file_metadata (photo_id, embedded, embedded_hash, reader_version, sidecar_path, sidecar,
			title, caption, rating, label, agreed)
		values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
		on conflict (photo_id) do update set embedded = ?2,
			embedded_hash = coalesce(?3, embedded_hash),
			reader_version = case when ?3 is null then reader_version else ?4 end,
			sidecar_path = ?5, sidecar = ?6, title = ?7, caption = ?8, rating = ?9, label = ?10, agreed = ?11`,
	);
	const markDrawn = connection.prepare(
		"update photos set drawn = ?2 where id = ?1 and drawn <> ?2",
	);
	const unread = connection.prepare<{
		id: PhotoId;
		folderId: FolderId;
		relativePath: string;
		contentHash: string;
	}>(
		`select photos.id, photos.folder_id as folderId, relative_path as relativePath,
			content_hash as contentHash
		from photos left join file_metadata on photo_id = photos.id
		where state = 'searchable'
			and (reader_version is null or reader_version < ?1 or embedded_hash is not content_hash)
			and photos.folder_id not in (select id from folders where offline = 1)
			and photos.id not in (select value from json_each(?2))
		order by taken_at_ms desc limit ?3`,
	);

	const record = (row: Row): FileMetadataRecord => ({
		...row,
		embedded: parse(row.embedded),
		sidecar: parse(row.sidecar),
		agreed: JSON.parse(row.agreed),
	});

	return {
		async get(id) {
			const row = find.get(id);
			return row === undefined ? undefined : record(row);
		},
		async apply(id, reading, decide) {
			return connection.transaction(() => {
				if (exists.get(id) === undefined) return false;
				const row = find.get(id);
				const known = row === undefined ? undefined : record(row);
				const ofPhoto = reading.place === "photo";
				const previous = ofPhoto
					? (known?.embedded ?? null)
					: known?.sidecarPath === reading.path
						? known.sidecar
						: null;
				const embedded = ofPhoto ? reading.metadata : (known?.embedded ?? null);
				const sidecar = ofPhoto ? (known?.sidecar ?? null) : reading.metadata;
				const sidecarPath = ofPhoto
					? (known?.sidecarPath ?? null)
					: reading.metadata === null
						? null
						: reading.path;
				const { accepted, rejected } = tags.of(id);
				const agreed = known?.agreed ?? [];
				const states = described.of(id, sidecar, embedded);
				const decision: TagDecision =
					reading.metadata === null
						? { add: [], remove: [], agreed, conflict: null, fields: new Map() }
						: decide({
								previous,
								elsewhere: ofPhoto ? sidecar : embedded,
								agreed,
								accepted,
								rejected,
								described: states,
							});
				let changed = tags.change(id, decision);
				const differing: DescribedField[] = [];
				for (const { field, now, value, toWrite } of states) {
					const means = decision.fields?.get(field);
					if (means === "take") {
						described.take(id, field);
						changed = true;
					} else if (means === "conflict") differing.push(field);
					// A sidecar that is gone takes nothing along.
					else if (means === "agree" || reading.metadata === null)
						described.compared(id, field, now, toWrite && now !== value);
				}
				const counting = (field: DescribedField) => {
					const state = states.find((one) => one.field === field);
					return state === undefined || decision.fields?.get(field) === "take"
						? (sidecar?.[field] ?? embedded?.[field] ?? null)
						: state.value;
				};
				const title = counting("title");
				const caption = counting("caption");
				const rating = counting("rating");
				const shown = (values: readonly unknown[]) => values.map(String).join("\n");
				// The first reading belongs to the photo's coming, of which everybody is told.
				changed ||=
					previous !== null &&
					row !== undefined &&
					shown([row.title, row.caption, row.rating]) !== shown([title, caption, rating]);
				store.run(
					id,
					embedded === null ? null : JSON.stringify(embedded),
					ofPhoto ? reading.contentHash : null,
					ofPhoto ? reading.readerVersion : 0,
					sidecarPath,
					sidecar === null ? null : JSON.stringify(sidecar),
					title,
					caption,
					rating,
					sidecar?.label ?? embedded?.label ?? null,
					JSON.stringify(decision.agreed),
				);
				if (ofPhoto) markDrawn.run(id, reading.drawn ? 1 : 0);
				if (decision.conflict !== null || differing.length > 0) {
					tags.noteConflict(id, reading.place, decision.conflict, differing);
				}
				tags.noteOrForget(id, decision.agreed, described.isToWrite(id));
				setWords(connection, id, "title", title === null ? null : String(title));
				setWords(connection, id, "caption", caption === null ? null : String(caption));
				const words = [embedded, sidecar].flatMap((metadata) => [
					...(metadata?.keywords ?? []),
					...(metadata?.hierarchies ?? []).map((path) => path.join("/")),
				]);
				setWords(connection, id, "keywords", [...new Set(words)].join("\n"));
				return changed || decision.conflict !== null || differing.length > 0;
			});
		},
		async unread(readerVersion, count, except) {
			return unread.all(readerVersion, JSON.stringify([...except]), count);
		},
	};
}

function parse(text: string | null): FileMetadata | null {
	return text === null ? null : JSON.parse(text);
}
