/** @file Finishes, or takes back, what a killed process had begun to write into photo files. */
import { stat } from "node:fs/promises";
import path from "node:path";
import type { FoundFile } from "../catalogue/records.ts";
import { hashFile } from "../library/content-hash.ts";
import { identityOf } from "../watcher/file-facts.ts";
import type { PhotoWritingParts } from "./photo-writing.ts";

/** Before any scan looks at the files. What lies in folders that are away, or were moved, stays pending. */
export async function finishPendingWrites({
	catalogue,
	onRewritten,
}: Pick<PhotoWritingParts, "catalogue" | "onRewritten">): Promise<void> {
	const { photoWrites, photos, folders } = catalogue;
	for (const write of await photoWrites.pending()) {
		const photo = await photos.get(write.id);
		const folder = photo === undefined ? undefined : await folders.get(photo.folderId);
		if (photo === undefined || folder === undefined) continue;
		const filePath = path.join(folder.lastPath, photo.relativePath);
		const file = await fileAt(filePath, photo.relativePath);
		if (file === null) continue;
		const isReplaced = (await hashFile(filePath)) === write.toHash;
		if (isReplaced && photo.contentHash === write.fromHash) {
			await onRewritten(write.fromHash, write.toHash);
			await photoWrites.finish(write, file, false);
		} else await photoWrites.forget(write.id);
	}
}

async function fileAt(filePath: string, relativePath: string): Promise<FoundFile | null> {
	const stats = await stat(filePath, { bigint: true }).catch(() => null);
	if (stats === null) return null;
	return {
		relativePath,
		sizeBytes: Number(stats.size),
		modifiedAtMs: Number(stats.mtimeMs),
		fileIdentity: identityOf(stats),
	};
}
