/** @file The tables as Kysely sees them; `migrations/` makes them. Snake case stays inside this folder. */
import type { Generated } from "kysely";
import type { DrawingState } from "../../contract/generation.ts";
import type { DrawingId, FolderId, PhotoId, SavedSearchId } from "../../contract/ids.ts";
import type { FailureReason, PhotoState } from "../../contract/photo.ts";
import type { WordSource } from "../../contract/words.ts";

/** SQLite has no booleans. */
export type Flag = 0 | 1;

/** One folder the person added. */
export interface FolderColumns {
	id: Generated<FolderId>;
	volume_id: string;
	path_in_volume: string;
	last_path: string;
	offline: Generated<Flag>;
	added_at_ms: number;
	last_scan_at_ms: number | null;
}

/** One photo file. Facts read from it are the last known ones while it waits or has failed. */
export interface PhotoColumnsInTable {
	id: Generated<PhotoId>;
	folder_id: FolderId;
	relative_path: string;
	size_bytes: number;
	modified_at_ms: number;
	file_identity: string;
	state: PhotoState;
	/** Of the bytes that `embeddings` and the thumbnail were made from; null when there are none. */
	content_hash: string | null;
	/** 0 while there is no thumbnail. */
	version: Generated<number>;
	/** Only ever grows, so that a picture's address is never used for two pictures. */
	last_version: Generated<number>;
	format: string | null;
	width: Generated<number>;
	height: Generated<number>;
	taken_at_ms: number;
	taken_at_known: Generated<Flag>;
	taken_offset_minutes: number | null;
	latitude: number | null;
	longitude: number | null;
	camera_make: string | null;
	camera_model: string | null;
	lens: string | null;
	focal_length_mm: number | null;
	aperture: number | null;
	exposure_seconds: number | null;
	iso: number | null;
	failure_reason: FailureReason | null;
	failure_message: string | null;
	attempts: Generated<number>;
	failed_at_ms: number | null;
	/** Of the same bytes as `content_hash`; null for photos read before it was kept. */
	perceptual_hash: Buffer | null;
	/** See [Note: Drawn or photographed]; 0 until the file was read for it. */
	drawn: Generated<Flag>;
}

/** Encoder keys as small numbers, so that an embedding row carries one byte of them. */
export interface EncoderColumns {
	id: Generated<number>;
	key: string;
}

/** One photo's embedding by one encoder: float16 little endian, unit length before rounding. */
export interface EmbeddingColumns {
	encoder_id: number;
	photo_id: PhotoId;
	vector: Buffer;
}

/** Two contents the person wants kept apart; a content paired with itself: its copies are wanted. */
export interface ContentsApartColumns {
	first_hash: string;
	second_hash: string;
}

/** What one source says of a photo, as it was written; see [Note: Words of a photo]. */
export interface PhotoWordColumns {
	photo_id: PhotoId;
	source: WordSource;
	text: string;
}

/** What was read in the picture with these bytes; see [Note: Read once]. */
export interface RecognisedTextColumns {
	content_hash: string;
	reader: string;
	/** JSON array of lines; null where reading failed. */
	lines: string | null;
	failure_reason: FailureReason | null;
	failure_message: string | null;
	attempts: Generated<number>;
	read_at_ms: number;
}

/** Which reading a photo's recognised words come from. */
export interface PhotoTextColumns {
	photo_id: PhotoId;
	photo_version: number;
	reader: string;
}

/** A search under a name; removed ones stay for a while. */
export interface SavedSearchColumns {
	id: Generated<SavedSearchId>;
	name: string;
	name_key: string;
	question_version: number;
	/** JSON text. */
	question: string;
	folder_path: string | null;
	position: number;
	/** JSON array of photo ids. */
	seen_ids: string;
	saved_at_ms: number;
	removed_at_ms: number | null;
}

/** A picture drawn from a prompt, or waiting to be; removed ones stay for a while. */
export interface DrawingColumns {
	id: Generated<DrawingId>;
	request: number;
	state: DrawingState;
	position: number;
	/** JSON text. */
	settings: string;
	start_picture: Buffer | null;
	mask_picture: Buffer | null;
	created_at_ms: number;
	similarity: number | null;
	starred: Generated<Flag>;
	problem: string | null;
	shortened: Generated<Flag>;
	file_name: string | null;
	removed_at_ms: number | null;
}

/** One remembered choice, as JSON text. */
export interface SettingColumns {
	name: string;
	value: string;
}

/** The whole database. */
export interface Schema {
	folders: FolderColumns;
	photos: PhotoColumnsInTable;
	encoders: EncoderColumns;
	embeddings: EmbeddingColumns;
	contents_apart: ContentsApartColumns;
	photo_words: PhotoWordColumns;
	recognised_texts: RecognisedTextColumns;
	photo_texts: PhotoTextColumns;
	saved_searches: SavedSearchColumns;
	drawings: DrawingColumns;
	settings: SettingColumns;
}
