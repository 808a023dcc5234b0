/** @file What would be written where, without writing it. */
import type { FileMetadata } from "../../contract/file-metadata.ts";
import type { PlannedWrite } from "../../contract/tag-writing.ts";
import { inFilesOf } from "../catalogue/described-in-files.ts";
import type { PhotoToWrite } from "../catalogue/tag-writing-table.ts";
import type { XmpChange } from "../xmp/edit-xmp.ts";
import { readXmp } from "../xmp/read-xmp.ts";
import { tagOfPath } from "../xmp/tag-paths.ts";
import { UnreadableXmp } from "../xmp/unreadable-xmp.ts";
import { decideDescription } from "./description-decision.ts";
import { isWritable } from "./photo-writing.ts";
import { readSidecar } from "./sidecar-on-disk.ts";
import { placeOfSidecar, type SidecarWritingParts } from "./sidecar-writing.ts";
import { isNoChange, photoChange, saysAll, sidecarChange } from "./wanted-change.ts";
import type { Destination } from "./write-photo.ts";

/** What `plan` answers. */
export interface WritingPlan {
	writes: PlannedWrite[];
	more: boolean;
	conflicts: number;
}

const atATime = 200;

/** At most so many writes, in the order of photos. Files that are left alone are not among them. */
export async function planWriting(
	parts: SidecarWritingParts,
	to: Destination,
	limit: number,
): Promise<WritingPlan> {
	const { tagWriting } = parts.catalogue;
	const writes: PlannedWrite[] = [];
	let conflicts = await tagWriting.countConflicts();
	let after = 0;
	for (;;) {
		const ids = await tagWriting.toWrite(after, atATime);
		if (ids.length === 0) return { writes, more: false, conflicts };
		for (const id of ids) {
			after = id;
			const wanted = await tagWriting.photoToWrite(id);
			const planned = wanted === undefined ? [] : await plannedFor(parts, wanted, to);
			if (planned === "conflict") conflicts += 1;
			else writes.push(...planned);
			if (writes.length > limit) return { writes: writes.slice(0, limit), more: true, conflicts };
		}
	}
}

async function plannedFor(
	parts: SidecarWritingParts,
	wanted: PhotoToWrite,
	to: Destination,
): Promise<PlannedWrite[] | "conflict"> {
	const { catalogue } = parts;
	const { id } = wanted;
	const photo = await catalogue.photos.get(id);
	const place =
		photo === undefined ? null : await placeOfSidecar(parts, photo.folderId, photo.relativePath);
	if (photo === undefined || place === null) return [];
	const known = await catalogue.fileMetadata.get(id);
	const embedded = known?.embedded ?? null;
	const planned: PlannedWrite[] = [];
	const sidecar = await sidecarAt(place.filePath);
	if (sidecar !== "unreadable") {
		const states = wanted.states.map((state) => ({
			...state,
			now: inFilesOf(state.field, sidecar, embedded),
		}));
		if ([...decideDescription(states, true).values()].includes("conflict")) return "conflict";
		const agreed = [...(known?.agreed ?? []), ...wanted.begun];
		const change = sidecarChange(sidecar, wanted, agreed, embedded);
		const write = { id, path: place.filePath, kind: "sidecar", isNew: sidecar === null } as const;
		if (!isNoChange(change)) planned.push({ ...write, ...inWords(change) });
	}
	if (to === "files" && embedded !== null && isWritable(photo) && !saysAll(embedded, wanted)) {
		const isLeftAlone = await catalogue.photoWrites.leftAlone(id, photo.contentHash);
		const path = parts.locate(photo);
		if (isLeftAlone === null && path !== null) {
			const change = inWords(photoChange(embedded, wanted));
			planned.push({ id, path, kind: "photo", isNew: false, ...change });
		}
	}
	return planned;
}

/** Null where there is none. */
async function sidecarAt(filePath: string): Promise<FileMetadata | null | "unreadable"> {
	try {
		const found = await readSidecar(filePath);
		return found === null ? null : readXmp(found.bytes);
	} catch (error) {
		if (error instanceof UnreadableXmp) return "unreadable";
		throw error;
	}
}

/** A change as the contract tells it: tags as the library spells them. */
function inWords({ add = [], remove = [], ...described }: XmpChange) {
	const tags = (paths: NonNullable<XmpChange["add"]>) =>
		paths.flatMap((path) => tagOfPath(path) ?? []);
	return { add: tags(add), remove: tags(remove), ...described };
}
