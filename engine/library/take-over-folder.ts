/** @file Makes one library folder part of another that holds it. */
import type { FolderId, PhotoId } from "../../contract/ids.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";

/**
 * Moves the inner folder's photos into the outer one, embeddings and all, and removes the inner folder.
 * Interrupted between the two, the inner folder's next scan takes its photos back.
 * @param below where the inner folder lies in the outer one, `/` between the parts
 * @returns photos that were known at the same places in the outer folder, and are forgotten
 */
export async function takeOverFolder(
	catalogue: Catalogue,
	outer: FolderId,
	inner: FolderId,
	below: string,
): Promise<PhotoId[]> {
	const files = await catalogue.photos.filesOf(inner);
	const moves = [...files.values()].map((known) => ({
		id: known.id,
		folderId: outer,
		file: {
			relativePath: `${below}/${known.relativePath}`,
			sizeBytes: known.sizeBytes,
			modifiedAtMs: known.modifiedAtMs,
			fileIdentity: known.fileIdentity,
		},
	}));
	const displaced = await catalogue.photos.move(moves);
	await catalogue.folders.remove(inner);
	return displaced;
}
