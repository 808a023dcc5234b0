/** @file How files stand to what the person said of photos; inside a transaction of this folder. See [Note: Descriptions]. */
import type { DescribedField } from "../../contract/description.ts";
import type { FileMetadata } from "../../contract/file-metadata.ts";
import type { PhotoId } from "../../contract/ids.ts";
import type { Connection } from "./connection.ts";

/** One field that the person set here. Values as they are stored: texts, stars as digits. */
export interface DescribedState {
	field: DescribedField;
	value: string | null;
	/** What files said when they were last compared with it. */
	inFiles: string | null;
	/** The value is newer than what files say. */
	toWrite: boolean;
	/** What files say now. */
	now: string | null;
}

/** What a reading means for a field: it is as the library has it, it is newer, or nobody can tell. */
export type FieldDecision = "agree" | "take" | "conflict";

/** What files say of a field, the sidecar first. */
export function inFilesOf(
	field: DescribedField,
	sidecar: FileMetadata | null,
	embedded: FileMetadata | null,
): string | null {
	const value = sidecar?.[field] ?? embedded?.[field] ?? null;
	return value === null ? null : String(value);
}

/** Statements prepared once; see [Note: Synchronous queries]. */
export function describedInFiles(connection: Connection) {
	const rows = connection.prepare<{
		field: DescribedField;
		value: string | null;
		inFiles: string | null;
		toWrite: number;
	}>(
		`select field, value, in_files as inFiles, to_write as toWrite
		from descriptions join descriptions_in_files using (photo_id, field) where photo_id = ?`,
	);
	const compare = connection.prepare(
		`update descriptions_in_files set in_files = ?3, to_write = ?4 where photo_id = ?1 and field = ?2`,
	);
	const take = connection.prepare("delete from descriptions where photo_id = ? and field = ?");
	const anyToWrite = connection.prepare<{ field: string }>(
		"select field from descriptions_in_files where photo_id = ? and to_write = 1 limit 1",
	);
	return {
		of(id: PhotoId, sidecar: FileMetadata | null, embedded: FileMetadata | null): DescribedState[] {
			return rows.all(id).map((row) => ({
				...row,
				toWrite: row.toWrite === 1,
				now: inFilesOf(row.field, sidecar, embedded),
			}));
		},
		/** Files say this now; the person's value is still to be written, or need not be. */
		compared(id: PhotoId, field: DescribedField, now: string | null, toWrite: boolean): void {
			compare.run(id, field, now, toWrite ? 1 : 0);
		},
		/** What files say counts again. */
		take(id: PhotoId, field: DescribedField): void {
			take.run(id, field);
		},
		isToWrite(id: PhotoId): boolean {
			return anyToWrite.get(id) !== undefined;
		},
	};
}
