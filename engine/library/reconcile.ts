/** @file Decides, without touching disk or database, what a look at the disk means for the catalogue. */
import type { PhotoId } from "../../contract/ids.ts";
import type { FoundFile } from "../catalogue/records.ts";
import { isAtOrBelow } from "../watcher/walk.ts";

/** A photo's file as the catalogue knows it. */
export type KnownFile = FoundFile & { id: PhotoId };

/** A known photo whose file is no longer at its path, in this folder or another. */
export type DepartedPhoto = KnownFile & { contentHash: string | null };

export interface Placement {
	id: PhotoId;
	file: FoundFile;
}

export interface ReconciliationPlan {
	discovered: FoundFile[];
	/** Other bytes at a known path. */
	changed: Placement[];
	/** The same bytes at a known path, under another identity: a restored backup, a remounted drive. */
	touched: Placement[];
	/** Known photos found at a path that was not known. */
	moves: Placement[];
}

/**
 * What the found files mean. What is known and was not found is not decided here: see `absentAmong`.
 *
 * A new file is a moved photo when its identity, size and time are those of a departed one: a rename
 * keeps all three. Size and time are needed because file systems give a freed inode to the next file.
 * Failing that, it is moved when its bytes are a departed one's.
 *
 * A plan is carried out moves first: they free the paths of what is discovered.
 * @param known the folder's photos by relative path
 * @param departed photos of any folder that are no longer where they were
 * @param contentHashes of the found files for which `filesToHash` asked, by relative path
 */
export function planReconciliation(
	known: ReadonlyMap<string, KnownFile>,
	found: readonly FoundFile[],
	departed: readonly DepartedPhoto[],
	contentHashes: ReadonlyMap<string, string>,
): ReconciliationPlan {
	const plan: ReconciliationPlan = { discovered: [], changed: [], touched: [], moves: [] };
	const added = addedAmong(known, found);
	for (const file of found) {
		const before = known.get(file.relativePath);
		if (before === undefined) continue;
		if (before.sizeBytes !== file.sizeBytes || before.modifiedAtMs !== file.modifiedAtMs) {
			plan.changed.push({ id: before.id, file });
		} else if (before.fileIdentity !== file.fileIdentity) {
			plan.touched.push({ id: before.id, file });
		}
	}
	const byRename = pairUp(added, departed, renameKey, renameKey);
	const left = departed.filter((photo) => !byRename.taken.has(photo.id));
	const byContent = pairUp(
		byRename.unpaired,
		left,
		({ relativePath }) => contentHashes.get(relativePath) ?? null,
		({ contentHash }) => contentHash,
	);
	plan.moves = [...byRename.pairs, ...byContent.pairs];
	plan.discovered = byContent.unpaired;
	// A photo that moved away and left its path to another file: that file is the new one.
	const moved = new Set(plan.moves.map(({ id }) => id));
	plan.discovered.push(...plan.changed.filter(({ id }) => moved.has(id)).map(({ file }) => file));
	plan.changed = plan.changed.filter(({ id }) => !moved.has(id));
	plan.touched = plan.touched.filter(({ id }) => !moved.has(id));
	return plan;
}

/** Files at paths that are not known. */
export function addedAmong(
	known: ReadonlyMap<string, KnownFile>,
	found: readonly FoundFile[],
): FoundFile[] {
	return found.filter((file) => !known.has(file.relativePath));
}

/** New files that must be hashed to tell whether they are departed photos. */
export function filesToHash(
	added: readonly FoundFile[],
	departed: readonly DepartedPhoto[],
): FoundFile[] {
	const byRename = pairUp(added, departed, renameKey, renameKey);
	const sizes = new Set(
		departed
			.filter((photo) => photo.contentHash !== null && !byRename.taken.has(photo.id))
			.map((photo) => photo.sizeBytes),
	);
	return byRename.unpaired.filter((file) => sizes.has(file.sizeBytes));
}

/**
 * Known photos that a complete walk did not come across.
 * @param unread files and folders the walk could not read: nothing at or below them counts as absent
 */
export function absentAmong(
	known: ReadonlyMap<string, KnownFile>,
	seen: ReadonlySet<string>,
	unread: readonly string[],
): KnownFile[] {
	return [...known.values()].filter(
		({ relativePath }) =>
			!seen.has(relativePath) && !unread.some((folder) => isAtOrBelow(folder, relativePath)),
	);
}

/** What a rename keeps: identity, size and time. */
export function renameKey(file: FoundFile): string {
	return `${file.fileIdentity} ${file.sizeBytes} ${file.modifiedAtMs}`;
}

/** Pairs files with photos of the same key, each used once, those with the same file name first. */
function pairUp(
	files: readonly FoundFile[],
	photos: readonly DepartedPhoto[],
	keyOfFile: (file: FoundFile) => string | null,
	keyOfPhoto: (photo: DepartedPhoto) => string | null,
): { pairs: Placement[]; unpaired: FoundFile[]; taken: Set<PhotoId> } {
	const waiting = new Map<string, DepartedPhoto[]>();
	for (const photo of photos) {
		const key = keyOfPhoto(photo);
		if (key === null) continue;
		const others = waiting.get(key);
		if (others === undefined) waiting.set(key, [photo]);
		else others.push(photo);
	}
	const pairs: Placement[] = [];
	const unpaired: FoundFile[] = [];
	const taken = new Set<PhotoId>();
	for (const file of files) {
		const candidates = waiting.get(keyOfFile(file) ?? "") ?? [];
		const sameName = candidates.findIndex(
			(photo) => nameOf(photo.relativePath) === nameOf(file.relativePath),
		);
		const [photo] = candidates.splice(Math.max(0, sameName), 1);
		if (photo === undefined) {
			unpaired.push(file);
			continue;
		}
		pairs.push({ id: photo.id, file });
		taken.add(photo.id);
	}
	return { pairs, unpaired, taken };
}

function nameOf(relativePath: string): string {
	return relativePath.slice(relativePath.lastIndexOf("/") + 1);
}
