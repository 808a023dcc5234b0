/**
 * @file Whether a folder of the library is there now, and where.
 *
 * [Note: Offline folders] A folder is offline when its drive is not mounted, when another drive is
 * mounted in its place, or when the folder itself is missing. Nothing is ever removed from an offline
 * folder: an unplugged drive looks just like a folder whose photos were all deleted.
 */
import { realpath, stat } from "node:fs/promises";
import path from "node:path";
import type { FolderRecord } from "../catalogue/records.ts";
import type { KnownFile } from "./reconcile.ts";
import type { VolumeLookup } from "./volumes.ts";

export type FolderPresence = { state: "online"; path: string } | { state: "offline" };

/** Looks for a folder on its volume, wherever that is mounted now. Never rejects. */
export async function findFolder(
	folder: Pick<FolderRecord, "volumeId" | "pathInVolume">,
	volumes: VolumeLookup,
): Promise<FolderPresence> {
	try {
		const mountPoint = await volumes.mountPointOf(folder.volumeId);
		if (mountPoint === null) return { state: "offline" };
		// Links are resolved anew: a folder that was moved away and linked back is where the link leads.
		const folderPath = await realpath(path.join(mountPoint, folder.pathInVolume));
		if (!(await stat(folderPath)).isDirectory()) return { state: "offline" };
		// Another drive may be mounted over the place where the folder would be.
		const volume = await volumes.identify(folderPath);
		if (volume.mountPoint !== mountPoint) return { state: "offline" };
		return { state: "online", path: folderPath };
	} catch {
		return { state: "offline" };
	}
}

/** What identifies a folder through unplugging and other mount points. @param realPath links resolved */
export async function placeOf(
	realPath: string,
	volumes: VolumeLookup,
): Promise<Pick<FolderRecord, "volumeId" | "pathInVolume">> {
	const { volumeId, mountPoint } = await volumes.identify(realPath);
	const below = path.relative(mountPoint, realPath).split(path.sep).join("/");
	return { volumeId, pathInVolume: below };
}

const sampleSize = 32;

/**
 * True when at least half of a sample of known photos lie below the path with their known sizes. That
 * tells a folder whose drive got a new identity (a restored backup, a cloned disk) from another drive.
 */
export async function isSameFolder(
	rootPath: string,
	known: ReadonlyMap<string, KnownFile>,
): Promise<boolean> {
	const step = Math.max(1, Math.floor(known.size / sampleSize));
	const sample = [...known.values()].filter((_, index) => index % step === 0);
	const found = await Promise.all(
		sample.map(async ({ relativePath, sizeBytes }) => {
			const stats = await stat(path.join(rootPath, relativePath)).catch(() => null);
			return stats !== null && stats.size === sizeBytes;
		}),
	);
	return sample.length > 0 && found.filter(Boolean).length * 2 >= sample.length;
}
