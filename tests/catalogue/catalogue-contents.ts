/** @file Folders and photos to put into a catalogue. */
import { unknownCaptureFacts } from "../../contract/capture-facts.ts";
import type { FolderId, PhotoId } from "../../contract/ids.ts";
import type { Catalogue } from "../../engine/catalogue/catalogue.ts";
import type { FolderRecord, FoundFile, ReadPhoto } from "../../engine/catalogue/records.ts";

/** A folder of the library that no disk has. */
export function addFolder(catalogue: Catalogue, name = "holiday"): Promise<FolderRecord> {
	return catalogue.folders.add({
		volumeId: "volume",
		pathInVolume: name,
		lastPath: `/photos/${name}`,
	});
}

/** A file that no disk has. */
export function found(relativePath: string, change: Partial<FoundFile> = {}): FoundFile {
	return {
		relativePath,
		sizeBytes: 1000,
		modifiedAtMs: Date.UTC(2020, 0, 1),
		fileIdentity: `1:${relativePath}`,
		...change,
	};
}

/** What reading that file brought. */
export function read(id: PhotoId, file: FoundFile, change: Partial<ReadPhoto> = {}): ReadPhoto {
	return {
		id,
		sizeBytes: file.sizeBytes,
		modifiedAtMs: file.modifiedAtMs,
		contentHash: `hash of ${file.relativePath}`,
		format: "jpeg",
		width: 400,
		height: 300,
		takenAtMs: null,
		...unknownCaptureFacts,
		perceptualHash: new Uint8Array(98),
		embedding: unit(3, 4),
		...change,
	};
}

/** The values scaled to length 1. */
export function unit(...values: number[]): Float32Array {
	const length = Math.hypot(...values);
	return Float32Array.from(values, (value) => value / length);
}

/** One new photo; throws where the path was known already. */
export async function discoverOne(
	catalogue: Catalogue,
	folderId: FolderId,
	file: FoundFile,
): Promise<PhotoId> {
	const [id] = await catalogue.photos.discover(folderId, [file]);
	if (id === undefined) throw new Error(`${file.relativePath} was known already`);
	return id;
}

/** Everything an async iterable yields. */
export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
	const all: Item[] = [];
	for await (const item of items) all.push(item);
	return all;
}
