/** @file What would be written where, without writing it. */
import type { PhotoId } from "../../contract/ids.ts";
import type { KeptIn, PlannedWrite } from "../../contract/tag-writing.ts";
import type { XmpChange } from "../xmp/edit-xmp.ts";
import { readXmp } from "../xmp/read-xmp.ts";
import { tagOfPath } from "../xmp/tag-paths.ts";
import { UnreadableXmp } from "../xmp/unreadable-xmp.ts";
import { readSidecar } from "./sidecar-on-disk.ts";
import { placeOfSidecar, type SidecarWritingParts } from "./sidecar-writing.ts";
import { isNoChange, sidecarChange } from "./wanted-change.ts";

const atATime = 200;

/** At most so many writes, in the order of photos. Files that are left alone are not among them. */
export async function planWriting(
	parts: SidecarWritingParts,
	_to: Exclude<KeptIn, "library">,
	limit: number,
): Promise<{ writes: PlannedWrite[]; more: boolean }> {
	const writes: PlannedWrite[] = [];
	let after = 0;
	for (;;) {
		const ids = await parts.catalogue.tagWriting.toWrite(after, atATime);
		if (ids.length === 0) return { writes, more: false };
		for (const id of ids) {
			after = id;
			const planned = await plannedSidecar(parts, id);
			if (planned === null) continue;
			if (writes.length === limit) return { writes, more: true };
			writes.push(planned);
		}
	}
}

async function plannedSidecar(
	parts: SidecarWritingParts,
	id: PhotoId,
): Promise<PlannedWrite | null> {
	const { catalogue } = parts;
	const photo = await catalogue.photos.get(id);
	const wanted = await catalogue.tagWriting.photoToWrite(id);
	if (photo === undefined || wanted === undefined) return null;
	const place = await placeOfSidecar(parts, photo.folderId, photo.relativePath);
	if (place === null) return null;
	try {
		const found = await readSidecar(place.filePath);
		const inFile = found === null ? null : readXmp(found.bytes);
		const known = await catalogue.fileMetadata.get(id);
		const change = sidecarChange(inFile, wanted, known?.agreed ?? [], known?.embedded ?? null);
		if (isNoChange(change)) return null;
		return { id, path: place.filePath, kind: "sidecar", isNew: found === null, ...inWords(change) };
	} catch (error) {
		if (error instanceof UnreadableXmp) return null;
		throw error;
	}
}

/** A change as the contract tells it: tags as the library spells them. */
export function inWords({ add = [], remove = [], ...described }: XmpChange) {
	const tags = (paths: XmpChange["add"] = []) => paths.flatMap((path) => tagOfPath(path) ?? []);
	return { add: tags(add), remove: tags(remove), ...described };
}
