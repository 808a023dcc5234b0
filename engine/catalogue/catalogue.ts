/** @file The catalogue's surface: what the other modules may ask of the database. */
import type { DrawnPictures } from "../../contract/drawn-pictures.ts";
import type { FolderId, PhotoId } from "../../contract/ids.ts";
import type { FailureReason, PhotoColumns } from "../../contract/photo.ts";
import type { DescriptionTable } from "./description-table.ts";
import type { DrawingTable } from "./drawing-table.ts";
import type { FileMetadataTable } from "./file-metadata-table.ts";
import type { LabelTable } from "./label-table.ts";
import type { LocatedPhotos, PhotoCondition } from "./photo-condition.ts";
import type { PhotoWriteTable } from "./photo-write-table.ts";
import type { RecognisedTextTable } from "./recognised-text-table.ts";
import type {
	FolderRecord,
	FoundFile,
	GroupFacts,
	PhotoCounts,
	PhotoRecord,
	ReadPhoto,
} from "./records.ts";
import type { SavedSearchTable } from "./saved-search-table.ts";
import type { SidecarTable } from "./sidecar-table.ts";
import type { TagTable } from "./tag-table.ts";
import type { TagWritingTable } from "./tag-writing-table.ts";
import type { WordTable } from "./word-table.ts";

export interface FolderTable {
	list(): Promise<FolderRecord[]>;
	get(id: FolderId): Promise<FolderRecord | undefined>;
	add(folder: Pick<FolderRecord, "volumeId" | "pathInVolume" | "lastPath">): Promise<FolderRecord>;
	update(
		id: FolderId,
		change: Partial<
			Pick<FolderRecord, "volumeId" | "pathInVolume" | "lastPath" | "offline" | "lastScanAtMs">
		>,
	): Promise<void>;
	/** Also removes its photos and their embeddings; returns the photos' ids and content hashes. */
	remove(id: FolderId): Promise<{ id: PhotoId; contentHash: string | null }[]>;
}

export interface PhotoTable {
	get(id: PhotoId): Promise<PhotoRecord | undefined>;
	/** Rows in the order of the ids; missing ones left out. */
	getMany(ids: readonly PhotoId[]): Promise<PhotoRecord[]>;
	/** Every file known in a folder, keyed by relative path, for reconciling. */
	filesOf(
		folderId: FolderId,
	): Promise<Map<string, FoundFile & { id: PhotoId; contentHash: string | null }>>;
	/** New rows in state `waiting`; a path already known is left alone. Returns the new ids. */
	discover(folderId: FolderId, files: readonly FoundFile[]): Promise<PhotoId[]>;
	/** The file at this path has other bytes now: back to `waiting`, attempts 0. */
	markChanged(changes: readonly { id: PhotoId; file: FoundFile }[]): Promise<void>;
	/**
	 * The same photo under another path or in another folder: keeps id, embedding and thumbnail. A photo
	 * that was known at the new path and is not itself moved was overwritten on disk: it is forgotten, and
	 * its id returned.
	 */
	move(moves: readonly { id: PhotoId; folderId: FolderId; file: FoundFile }[]): Promise<PhotoId[]>;
	/** Only time or identity changed, not the bytes. */
	touch(changes: readonly { id: PhotoId; file: FoundFile }[]): Promise<void>;
	/** Forgets photos and their embeddings. */
	remove(ids: readonly PhotoId[]): Promise<void>;
	/** Photos of any folder with exactly this size; candidates for having been moved. */
	withSize(sizeBytes: number): Promise<PhotoRecord[]>;
	withContentHash(contentHash: string): Promise<PhotoRecord[]>;
	/** Waiting photos of folders that are online, newest first, leaving out the given ids. */
	nextWaiting(count: number, except: ReadonlySet<PhotoId>): Promise<PhotoRecord[]>;
	/**
	 * Stores what was read with its embedding, all in one transaction. Rows that vanished or whose
	 * file changed since are skipped. Returns the ids stored.
	 */
	storeRead(encoderKey: string, photos: readonly ReadPhoto[]): Promise<PhotoId[]>;
	/**
	 * The photo could not be read: it loses its embedding and thumbnail. With `asRead`, the file as it was
	 * when read, a row whose file changed meanwhile stays waiting.
	 */
	storeFailure(
		id: PhotoId,
		reason: FailureReason,
		message: string,
		asRead?: Pick<FoundFile, "sizeBytes" | "modifiedAtMs">,
	): Promise<void>;
	failures(): Promise<PhotoRecord[]>;
	/** Failed photos back to `waiting`; all when no ids are given. Returns how many. */
	retry(ids?: readonly PhotoId[]): Promise<number>;
	columns(folderId?: FolderId, drawn?: DrawnPictures): Promise<PhotoColumns>;
	/** Whether there is any picture that a program drew. */
	hasDrawn(): Promise<boolean>;
	/** How many of all photos a program drew. */
	countDrawn(): Promise<number>;
	ids(folderId: FolderId): Promise<PhotoId[]>;
	/** Searchable photos that meet all conditions, newest first. */
	matching(conditions: readonly PhotoCondition[]): Promise<PhotoId[]>;
	/** Every photo with a position. */
	located(): Promise<LocatedPhotos>;
	/** What these photos can be grouped by; photos that are gone are left out. */
	groupFacts(ids: readonly PhotoId[]): Promise<Map<PhotoId, GroupFacts>>;
	counts(folderId?: FolderId): Promise<PhotoCounts>;
	/** Content hashes that still have a photo; a thumbnail of any other hash may go. */
	contentHashes(): Promise<Set<string>>;
}

export interface EmbeddingTable {
	/** Unit length; undefined when this encoder has not read the photo. */
	get(encoderKey: string, id: PhotoId): Promise<Float32Array | undefined>;
	/** An embedding already made for the same bytes, if any photo has one. */
	forContentHash(encoderKey: string, contentHash: string): Promise<Float32Array | undefined>;
	/** Of these photos, in the order of the ids; those that this encoder has not read are left out. */
	getMany(
		encoderKey: string,
		ids: readonly PhotoId[],
	): Promise<{ id: PhotoId; vector: Float32Array }[]>;
	/** Every embedding of one encoder, in id order, without holding them all twice in memory. */
	all(encoderKey: string): AsyncIterable<{ id: PhotoId; vector: Float32Array }>;
	count(encoderKey: string): Promise<number>;
	/** Every encoder that has embeddings here. */
	encoders(): Promise<{ key: string; photos: number; sizeBytes: number }[]>;
	/**
	 * Searchable photos that this encoder has not read, newest first; those of folders that are away too.
	 * @param after the last of the page before; null for the first page.
	 */
	missing(
		encoderKey: string,
		after: Pick<PhotoRecord, "id" | "takenAtMs"> | null,
		count: number,
	): Promise<PhotoRecord[]>;
	countMissing(encoderKey: string): Promise<number>;
	/**
	 * Adds an embedding of a searchable photo beside those of other encoders. Resolves with false, and
	 * stores nothing, where the photo is gone or shows something else by now.
	 */
	add(
		encoderKey: string,
		photo: { id: PhotoId; contentHash: string; vector: Float32Array },
	): Promise<boolean>;
	/** Forgets all that one encoder has read. */
	discard(encoderKey: string): Promise<void>;
	/** Searchable photos that have no embedding, and embeddings that have no photo. */
	inconsistencies(encoderKey: string): Promise<{ missing: PhotoId[]; orphaned: number }>;
	/** Puts photos without embedding back to `waiting` and drops orphans. */
	repair(encoderKey: string): Promise<void>;
}

/** What a photo shows, as far as copies are concerned. */
export interface PhotoContent {
	id: PhotoId;
	contentHash: string;
	/** Null where it was read before that was kept. */
	perceptualHash: Uint8Array | null;
	/** Of the upright picture, in pixels. */
	width: number;
	height: number;
}

/** What finding copies needs. */
export interface LookAlikeTable {
	/** Every searchable photo. */
	contents(): Promise<PhotoContent[]>;
	/** For every photo with this content. */
	storePerceptualHash(contentHash: string, perceptualHash: Uint8Array): Promise<void>;
	/** Pairs of content hashes that the person wants kept apart, in alphabetical order. */
	apart(): Promise<(readonly [string, string])[]>;
	keepApart(pairs: readonly (readonly [string, string])[]): Promise<void>;
	/** Takes `keepApart` back. */
	joinAgain(pairs: readonly (readonly [string, string])[]): Promise<void>;
}

/** Small remembered choices, as JSON. */
export interface SettingTable {
	get(name: string): Promise<unknown>;
	set(name: string, value: unknown): Promise<void>;
	/** All of them or none. */
	setTogether(values: Readonly<Record<string, unknown>>): Promise<void>;
}

export interface Catalogue {
	/** Grows with every row that is written: equal revisions are equal contents. */
	revision(): number;
	readonly folders: FolderTable;
	readonly photos: PhotoTable;
	readonly embeddings: EmbeddingTable;
	readonly lookAlikes: LookAlikeTable;
	readonly words: WordTable;
	readonly recognisedText: RecognisedTextTable;
	readonly savedSearches: SavedSearchTable;
	readonly fileMetadata: FileMetadataTable;
	readonly descriptions: DescriptionTable;
	readonly sidecars: SidecarTable;
	readonly tagWriting: TagWritingTable;
	readonly photoWrites: PhotoWriteTable;
	readonly drawings: DrawingTable;
	readonly tags: TagTable;
	readonly labels: LabelTable;
	readonly settings: SettingTable;
	/** `PRAGMA integrity_check`'s complaints; empty when the file is sound. */
	integrityProblems(): Promise<string[]>;
	close(): Promise<void>;
}
