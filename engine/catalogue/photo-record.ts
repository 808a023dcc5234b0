/** @file A photo's row as the rest of the engine sees it, and times as the database holds them. */
import type { Selectable } from "kysely";
import type { PhotoRecord } from "./records.ts";
import type { PhotoColumnsInTable } from "./schema.ts";

/** Column names to field names. */
export function toPhotoRecord(row: Selectable<PhotoColumnsInTable>): PhotoRecord {
	return {
		id: row.id,
		folderId: row.folder_id,
		relativePath: row.relative_path,
		sizeBytes: row.size_bytes,
		modifiedAtMs: row.modified_at_ms,
		fileIdentity: row.file_identity,
		state: row.state,
		drawn: row.drawn === 1,
		contentHash: row.content_hash,
		version: row.version,
		format: row.format,
		width: row.width,
		height: row.height,
		takenAtMs: row.taken_at_ms,
		takenAtKnown: row.taken_at_known === 1,
		takenOffsetMinutes: row.taken_offset_minutes,
		latitude: row.latitude,
		longitude: row.longitude,
		cameraMake: row.camera_make,
		cameraModel: row.camera_model,
		lens: row.lens,
		focalLengthMm: row.focal_length_mm,
		aperture: row.aperture,
		exposureSeconds: row.exposure_seconds,
		iso: row.iso,
		failureReason: row.failure_reason,
		failureMessage: row.failure_message,
		attempts: row.attempts,
		failedAtMs: row.failed_at_ms,
	};
}

/** The range of a JavaScript Date; metadata is hostile and may claim anything. */
const latestMs = 8.64e15;

/** Whole milliseconds since the epoch, or null for what is no point in time. */
export function wholeMilliseconds(timeMs: number | null): number | null {
	if (timeMs === null || !(Math.abs(timeMs) <= latestMs)) return null;
	// Adding 0 turns -0 into 0.
	return Math.floor(timeMs) + 0;
}

/** A file's own time as the time the photo is sorted by until its capture time is known. */
export function fileTimeMs(modifiedAtMs: number): number {
	return wholeMilliseconds(modifiedAtMs) ?? 0;
}
