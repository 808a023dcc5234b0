/** @file Sidecars that a look at the disk comes across: kept apart from photos, noted to be read. */
import type { FolderId } from "../../contract/ids.ts";
import type { SidecarTable } from "../catalogue/sidecar-table.ts";
import { isSidecarName } from "../photo-file-extensions.ts";
import type { FileFacts } from "../watcher/file-change.ts";
import { isAtOrBelow } from "../watcher/walk.ts";

/** What is found, sorted into photos and sidecars. */
export function apartFromSidecars<File extends Pick<FileFacts, "relativePath">>(
	files: readonly File[],
): { photos: File[]; sidecars: File[] } {
	const photos: File[] = [];
	const sidecars: File[] = [];
	for (const file of files) (isSidecarName(file.relativePath) ? sidecars : photos).push(file);
	return { photos, sidecars };
}

export class SidecarFiles {
	readonly #table: SidecarTable;
	readonly #onNoted: () => void;

	/** @param onNoted there is something to read */
	constructor(table: SidecarTable, onNoted: () => void) {
		this.#table = table;
		this.#onNoted = onNoted;
	}

	/** These are there; those that are as they were when they were read are passed over. */
	async found(
		folderId: FolderId,
		files: readonly Pick<FileFacts, "relativePath" | "sizeBytes" | "modifiedAtMs">[],
	): Promise<void> {
		if (files.length > 0 && (await this.#table.noteFound(folderId, files)) > 0) this.#onNoted();
	}

	/** Nothing is at these paths any more: sidecars, or folders with sidecars below. */
	async absent(folderId: FolderId, relativePaths: readonly string[]): Promise<void> {
		if (relativePaths.length === 0) return;
		const known = await this.#table.pathsOf(folderId);
		if (known.length === 0) return;
		const gone = new Set(relativePaths);
		await this.#gone(
			folderId,
			known.filter((path) => [...pathAndFolders(path)].some((at) => gone.has(at))),
		);
	}

	/** A complete walk came across these only. @param unread what could not be read hides its sidecars */
	async notFound(
		folderId: FolderId,
		seen: ReadonlySet<string>,
		unread: readonly string[],
	): Promise<void> {
		const known = await this.#table.pathsOf(folderId);
		await this.#gone(
			folderId,
			known.filter((path) => !seen.has(path) && !unread.some((at) => isAtOrBelow(at, path))),
		);
	}

	async #gone(folderId: FolderId, relativePaths: readonly string[]): Promise<void> {
		if (relativePaths.length === 0) return;
		await this.#table.noteGone(folderId, relativePaths);
		this.#onNoted();
	}
}

function* pathAndFolders(relativePath: string): Generator<string> {
	yield relativePath;
	for (
		let end = relativePath.lastIndexOf("/");
		end > 0;
		end = relativePath.lastIndexOf("/", end - 1)
	)
		yield relativePath.slice(0, end);
}
