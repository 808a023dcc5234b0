/** @file Library folders over a real catalogue and real files, with drives that come and go. */

import path from "node:path";
import { expect, onTestFinished } from "vitest";
import { unknownCaptureFacts } from "../../contract/capture-facts.ts";
import type { FolderId, PhotoId } from "../../contract/ids.ts";
import type { Catalogue } from "../../engine/catalogue/catalogue.ts";
import type { PhotoRecord } from "../../engine/catalogue/records.ts";
import { hashFile } from "../../engine/library/content-hash.ts";
import { LibraryFolders } from "../../engine/library/library-folders.ts";
import type { LibraryFoldersOptions } from "../../engine/library/library-folders-options.ts";
import type { Volume, VolumeLookup } from "../../engine/library/volumes.ts";
import { newCatalogue } from "../catalogue/catalogue-on-disk.ts";
import { temporaryTree } from "../watcher/photo-tree.ts";

/** Drives that are plugged in where a test says, over a computer's own disk. */
export class FakeVolumes implements VolumeLookup {
	readonly mounted = new Map<string, string>();

	async identify(realPath: string): Promise<Volume> {
		for (const [volumeId, mountPoint] of this.mounted) {
			if (realPath === mountPoint || realPath.startsWith(`${mountPoint}${path.sep}`)) {
				return { volumeId, mountPoint };
			}
		}
		return { volumeId: "path:/", mountPoint: "/" };
	}

	async mountPointOf(volumeId: string): Promise<string | null> {
		return volumeId === "path:/" ? "/" : (this.mounted.get(volumeId) ?? null);
	}
}

export const encoderKey = "test-encoder";

export interface FoldersUnderTest {
	folders: LibraryFolders;
	catalogue: Catalogue;
	libraryPath: string;
	forgotten: PhotoId[];
	/** How often `onWaiting` was called. */
	waitingCalls: () => number;
	troubles: unknown[];
	/** Relative paths known in a folder, sorted. */
	paths: (folderId: FolderId) => Promise<string[]>;
	idOf: (folderId: FolderId, relativePath: string) => Promise<PhotoId | undefined>;
	/** Plays the indexer: reads every waiting photo. */
	readAll: () => Promise<void>;
	reopen: (options?: Partial<LibraryFoldersOptions>) => Promise<FoldersUnderTest>;
}

export async function openFolders(
	options: Partial<LibraryFoldersOptions> = {},
	before?: { catalogue: Catalogue; libraryPath: string },
): Promise<FoldersUnderTest> {
	const catalogue = before?.catalogue ?? (await newCatalogue()).catalogue;
	const libraryPath = before?.libraryPath ?? temporaryTree();
	const forgotten: PhotoId[] = [];
	const troubles: unknown[] = [];
	let waiting = 0;
	const folders = new LibraryFolders({
		catalogue,
		libraryPath,
		live: false,
		volumes: new FakeVolumes(),
		onPhotosChanged: () => {},
		onFoldersChanged: () => {},
		onWaiting: () => waiting++,
		onForgotten: (ids) => forgotten.push(...ids),
		onTrouble: (error) => troubles.push(error),
		presenceIntervalMs: 50,
		graceMs: 400,
		watchOptions: { quietMs: 50, maxWaitMs: 300 },
		...options,
	});
	onTestFinished(() => folders.close());
	await folders.start();

	const rowsOf = async (folderId: FolderId) => catalogue.photos.filesOf(folderId);
	return {
		folders,
		catalogue,
		libraryPath,
		forgotten,
		troubles,
		waitingCalls: () => waiting,
		paths: async (folderId) => [...(await rowsOf(folderId)).keys()].sort(),
		idOf: async (folderId, relativePath) => (await rowsOf(folderId)).get(relativePath)?.id,
		async readAll() {
			const waitingPhotos = await catalogue.photos.nextWaiting(10_000, new Set());
			for (const photo of waitingPhotos) await read(catalogue, folders, photo);
		},
		async reopen(changes = {}) {
			await folders.close();
			return openFolders({ ...options, ...changes }, { catalogue, libraryPath });
		},
	};
}

async function read(catalogue: Catalogue, folders: LibraryFolders, photo: PhotoRecord) {
	const contentHash = await hashFile(folders.whereabouts(photo).path);
	expect(contentHash).not.toBeNull();
	await catalogue.photos.storeRead(encoderKey, [
		{
			id: photo.id,
			sizeBytes: photo.sizeBytes,
			modifiedAtMs: photo.modifiedAtMs,
			contentHash: contentHash ?? "",
			format: "jpeg",
			width: 4,
			height: 3,
			takenAtMs: null,
			...unknownCaptureFacts,
			perceptualHash: new Uint8Array(98),
			embedding: Float32Array.of(1, 0, 0, 0),
		},
	]);
}

/** True while the photo is searchable without having been read again. */
export async function isStillRead(catalogue: Catalogue, id: PhotoId | undefined): Promise<boolean> {
	if (id === undefined) return false;
	const photo = await catalogue.photos.get(id);
	const embedding = await catalogue.embeddings.get(encoderKey, id);
	return photo?.state === "searchable" && embedding !== undefined;
}
