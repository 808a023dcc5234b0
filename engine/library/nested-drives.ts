/**
 * @file Other drives mounted below a library folder.
 *
 * [Note: Nested drives] Where the library folder is `/media` or has a drive mounted somewhere inside it,
 * unplugging that drive leaves the folder online and the drive's photos missing. So each scan writes
 * down where other volumes begin, and photos below such a place are kept while nothing is mounted there.
 */
import { lstat } from "node:fs/promises";
import path from "node:path";
import type { FolderId } from "../../contract/ids.ts";
import type { SettingTable } from "../catalogue/catalogue.ts";
import { isAtOrBelow } from "../watcher/walk.ts";

export class NestedDrives {
	readonly #settings: SettingTable;

	constructor(settings: SettingTable) {
		this.#settings = settings;
	}

	/** Remembered relative paths at which another volume was mounted. */
	async of(folderId: FolderId): Promise<string[]> {
		const value = await this.#settings.get(settingName(folderId));
		return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
	}

	/**
	 * Notes what a complete scan came across. A place where nothing is mounted now stays noted for as long
	 * as photos are known below it.
	 */
	async noteScan(
		folderId: FolderId,
		mounted: readonly string[],
		knownPaths: Iterable<string>,
	): Promise<void> {
		const before = await this.of(folderId);
		const gone = before.filter((place) => !mounted.includes(place));
		const paths = gone.length > 0 ? [...knownPaths] : [];
		const kept = gone.filter((place) => paths.some((known) => isAtOrBelow(place, known)));
		const now = [...mounted, ...kept];
		if (JSON.stringify(now) === JSON.stringify(before)) return;
		await this.#settings.set(settingName(folderId), now);
	}

	/** Those of the remembered places where nothing is mounted now. */
	async awayFrom(folderId: FolderId, rootPath: string): Promise<string[]> {
		const away: string[] = [];
		for (const place of await this.of(folderId)) {
			if (!(await isMountPoint(path.join(rootPath, place)))) away.push(place);
		}
		return away;
	}
}

async function isMountPoint(folderPath: string): Promise<boolean> {
	try {
		const [own, parent] = await Promise.all([lstat(folderPath), lstat(path.dirname(folderPath))]);
		return own.dev !== parent.dev;
	} catch {
		return false;
	}
}

function settingName(folderId: FolderId): string {
	return `nested-drives:${folderId}`;
}
