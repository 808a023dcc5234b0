/** @file An indexer over a real catalogue, with decoder and encoder under the test's control. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { FolderId, PhotoId } from "../../contract/ids.ts";
import type { Catalogue } from "../../engine/catalogue/catalogue.ts";
import { openCatalogue } from "../../engine/catalogue/open-catalogue.ts";
import type { DualEncoder } from "../../engine/encoder/dual-encoder.ts";
import { Indexer, type IndexerParts } from "../../engine/indexer/indexer.ts";
import { ThumbnailStore } from "../../engine/library/thumbnail-store.ts";
import { createFakeEncoder } from "../fixtures/fake-encoder.ts";
import { FakeDecoder } from "./fake-decoder.ts";

export interface Indexing {
	catalogue: Catalogue;
	indexer: Indexer;
	decoder: FakeDecoder;
	encoder: DualEncoder;
	folderId: FolderId;
	thumbnailsPath: string;
	stored: PhotoId[];
	failed: PhotoId[];
	/** Adds waiting photos with these names, oldest first. */
	discover(names: readonly string[]): Promise<PhotoId[]>;
	/** Resolves when nothing is under way and nothing waits. */
	settled(): Promise<void>;
}

export async function newIndexing(
	options: {
		decoder?: FakeDecoder;
		encoder?: DualEncoder;
		paused?: boolean;
		parts?: Partial<IndexerParts>;
	} = {},
): Promise<Indexing> {
	const root = mkdtempSync(join(tmpdir(), "afterimage-indexer-"));
	const thumbnailsPath = join(root, "thumbnails");
	const catalogue = await openCatalogue(join(root, "catalogue.sqlite"));
	const { id: folderId } = await catalogue.folders.add({
		volumeId: "test",
		pathInVolume: "photos",
		lastPath: "/photos",
	});
	const decoder = options.decoder ?? new FakeDecoder();
	const encoder = options.encoder ?? createFakeEncoder();
	const stored: PhotoId[] = [];
	const failed: PhotoId[] = [];
	const indexer = new Indexer(
		{
			catalogue,
			decoder,
			encoder,
			thumbnails: new ThumbnailStore(thumbnailsPath),
			locate: async (photo) => `/photos/${photo.relativePath}`,
			confirmFolder: async () => true,
			onStored: (photos) => stored.push(...photos.map(({ id }) => id)),
			onFailed: (id) => failed.push(id),
			onProgress: () => undefined,
			...options.parts,
		},
		{ paused: options.paused ?? false },
	);
	onTestFinished(async () => {
		await indexer.close();
		await encoder.close();
		await catalogue.close();
		rmSync(root, { recursive: true, force: true });
	});
	let found = 0;
	return {
		catalogue,
		indexer,
		decoder,
		encoder,
		folderId,
		thumbnailsPath,
		stored,
		failed,
		discover: (names) =>
			catalogue.photos.discover(
				folderId,
				names.map((relativePath) => ({
					relativePath,
					sizeBytes: 10,
					modifiedAtMs: 1_000_000 + 1000 * found,
					fileIdentity: `1:${++found}`,
				})),
			),
		async settled() {
			do await new Promise((resolve) => setTimeout(resolve, 5));
			while (indexer.state().busy);
		},
	};
}
