/** @file Rows as the rest of the engine sees them. SQL and column names stay inside this folder. */
import type { CaptureFacts } from "../../contract/capture-facts.ts";
import type { FolderId, PhotoId } from "../../contract/ids.ts";
import type { FailureReason, PhotoState } from "../../contract/photo.ts";

export interface FolderRecord {
	id: FolderId;
	/** Stable identity of the drive or share, such as a file system UUID. */
	volumeId: string;
	/** Inside the volume, `/` between the parts; "" for the volume itself. */
	pathInVolume: string;
	/** Absolute path where it was last seen. */
	lastPath: string;
	offline: boolean;
	addedAtMs: number;
	lastScanAtMs: number | null;
}

/** A file found on disk, before anything was read from it. */
export interface FoundFile {
	relativePath: string;
	sizeBytes: number;
	modifiedAtMs: number;
	fileIdentity: string;
}

export interface PhotoRecord extends FoundFile, CaptureFacts {
	id: PhotoId;
	folderId: FolderId;
	state: PhotoState;
	/** A program drew it, as its file says. */
	drawn: boolean;
	contentHash: string | null;
	/** Bumped whenever the thumbnail is written; 0 before the first. */
	version: number;
	format: string | null;
	width: number;
	height: number;
	/** Capture time when known, else the file's time. */
	takenAtMs: number;
	takenAtKnown: boolean;
	failureReason: FailureReason | null;
	failureMessage: string | null;
	attempts: number;
	failedAtMs: number | null;
}

/** What reading a photo brought, written in one transaction with its embedding. */
export interface ReadPhoto extends CaptureFacts {
	id: PhotoId;
	/** The file as it was when read: a row whose file changed meanwhile stays waiting. */
	sizeBytes: number;
	modifiedAtMs: number;
	contentHash: string;
	format: string;
	width: number;
	height: number;
	takenAtMs: number | null;
	/** What the picture looks like from afar, for finding copies. */
	perceptualHash: Uint8Array;
	/** Float32 [dimensions], unit length. */
	embedding: Float32Array;
}

export interface PhotoCounts {
	photos: number;
	searchable: number;
	failed: number;
	waiting: number;
}

/** What a photo is grouped by. */
export interface GroupFacts {
	folderId: FolderId;
	relativePath: string;
	latitude: number | null;
	longitude: number | null;
	/** Whole days since 1970-01-01 in the photo's own time zone. */
	day: number;
}
