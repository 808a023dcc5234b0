/** @file Compares one folder's disk with the catalogue, batch by batch as the walk goes. */
import type { Catalogue } from "../catalogue/catalogue.ts";
import { meansMissing } from "../watcher/file-facts.ts";
import { type UnreadPath, walkFolder } from "../watcher/walk.ts";
import type { KnownFiles } from "./known-files.ts";
import type { NestedDrives } from "./nested-drives.ts";
import type { OneAtATime } from "./one-at-a-time.ts";
import { absentAmong } from "./reconcile.ts";
import type { FolderOnDisk, Reconciler, ScanMemory } from "./reconciler.ts";
import type { SidecarFiles } from "./sidecar-files.ts";
import { apartFromSidecars } from "./sidecar-files.ts";

export interface ScanParts {
	catalogue: Catalogue;
	known: KnownFiles;
	nestedDrives: NestedDrives;
	reconciler: Reconciler;
	sidecars: SidecarFiles;
	/** Writing takes turns with the watchers' batches and everything else that changes folders. */
	turns: OneAtATime;
	/** Replaceable so that failing disks can be acted out. */
	walk?: typeof walkFolder;
}

export type ScanOutcome =
	/** Everything readable was compared; `unread` says what was not. */
	| { kind: "complete"; unread: UnreadPath[] }
	/** Stopped, or the root could not be read: nothing was taken for absent. */
	| { kind: "incomplete"; unread: UnreadPath[] };

/**
 * Photos appear in the catalogue as the walk finds them. What was not found begins its grace period at
 * the end, unless it lies below something that could not be read.
 */
export async function scanFolder(
	parts: ScanParts,
	folder: FolderOnDisk,
	signal: AbortSignal,
): Promise<ScanOutcome> {
	const { catalogue, known, reconciler, turns } = parts;
	const memory: ScanMemory = { knownSizes: await knownSizes(parts), inPlace: new Set() };
	const seen = new Set<string>();
	const unread: UnreadPath[] = [];
	const nestedMounts: string[] = [];
	const walk = parts.walk ?? walkFolder;
	for await (const batch of walk(folder.rootPath, { rules: folder.newRules(), signal })) {
		for (const file of batch.files) seen.add(file.relativePath);
		const { photos, sidecars } = apartFromSidecars(batch.files);
		unread.push(...batch.unread);
		nestedMounts.push(...batch.nestedMounts);
		await turns.run(async () => {
			if (signal.aborted) return;
			await reconciler.applyFound(folder, photos, memory);
			await parts.sidecars.found(folder.id, sidecars);
		});
	}
	if (signal.aborted || unread.some(({ relativePath }) => relativePath === "")) {
		return { kind: "incomplete", unread };
	}
	return turns.run(async () => {
		if (signal.aborted) return { kind: "incomplete", unread };
		const files = await known.of(folder.id);
		// A folder that vanished during the walk is gone like any other; its photos are looked at again
		// before they are forgotten.
		const hidden = unread
			.filter(({ code }) => !meansMissing(code))
			.map((item) => item.relativePath);
		reconciler.noteAbsent(folder.id, absentAmong(files, seen, hidden), true);
		await parts.sidecars.notFound(folder.id, seen, hidden);
		await parts.nestedDrives.noteScan(folder.id, nestedMounts, files.keys());
		await retryReadable(catalogue, folder, seen);
		await catalogue.folders.update(folder.id, { lastScanAtMs: Date.now() });
		return { kind: "complete", unread };
	});
}

async function knownSizes({ catalogue, known }: ScanParts): Promise<Set<number>> {
	const sizes = new Set<number>();
	for (const { id } of await catalogue.folders.list()) {
		for (const { sizeBytes } of (await known.of(id)).values()) sizes.add(sizeBytes);
	}
	return sizes;
}

/** Photos that failed because their file could not be reached, and that now can. */
async function retryReadable(
	catalogue: Catalogue,
	folder: FolderOnDisk,
	seen: ReadonlySet<string>,
): Promise<void> {
	const failures = await catalogue.photos.failures();
	const ids = failures
		.filter(({ folderId, relativePath, failureReason }) => {
			const outOfReach = failureReason === "vanished" || failureReason === "permission-denied";
			return outOfReach && folderId === folder.id && seen.has(relativePath);
		})
		.map(({ id }) => id);
	if (ids.length > 0) await catalogue.photos.retry(ids);
}
