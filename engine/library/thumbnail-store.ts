/**
 * @file Thumbnails on disk, named by the content they show: copies share one, a moved photo keeps
 * its own, and a file is either whole or absent.
 */
import { randomUUID } from "node:crypto";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { Refusal } from "../../contract/errors.ts";
import { errorCode, unfinishedSuffix } from "./replace-file.ts";

const contentHashPattern = /^[0-9a-f]{64}$/;

/** The `thumbnails/` folder of a library. It is a cache: every file can be made again. */
export class ThumbnailStore {
	readonly #root: string;

	constructor(root: string) {
		this.#root = root;
	}

	/** Where the thumbnail of this content lies, whether or not it was written yet. */
	pathOf(contentHash: string): string {
		if (!contentHashPattern.test(contentHash)) {
			throw new RangeError(`Not a content hash: ${contentHash}`);
		}
		return join(this.#root, contentHash.slice(0, 2), `${contentHash}.jpg`);
	}

	/**
	 * Blocks for the time of one small file, on the thread that also writes the catalogue to the same
	 * disk: handing each step to other threads took over a millisecond of this one in a profile.
	 * @throws Refusal DISK_FULL when the library's disk has no room.
	 */
	async write(contentHash: string, jpeg: Uint8Array): Promise<void> {
		const path = this.pathOf(contentHash);
		// Copies of one photo may be written at the same time.
		const unfinished = `${path}.${randomUUID()}${unfinishedSuffix}`;
		try {
			writeIntoFolder(unfinished, jpeg);
			renameSync(unfinished, path);
		} catch (error) {
			await rm(unfinished, { force: true }).catch(() => undefined);
			if (isOutOfSpace(errorCode(error))) {
				throw new Refusal("DISK_FULL", "The disk that holds the library is full.", { path });
			}
			throw error;
		}
	}

	/** The same picture goes on under another content; nothing happens where there is none. */
	async copy(contentHash: string, toHash: string): Promise<void> {
		const jpeg = await readFile(this.pathOf(contentHash)).catch(() => null);
		if (jpeg !== null) await this.write(toHash, jpeg);
	}

	async remove(contentHash: string): Promise<void> {
		await rm(this.pathOf(contentHash), { force: true });
	}

	/** Removes every file that `keep` does not name, unfinished ones too. Returns how many. */
	async removeAllBut(keep: ReadonlySet<string>): Promise<number> {
		let removed = 0;
		for (const group of await readdir(this.#root, { withFileTypes: true })) {
			if (!group.isDirectory()) continue;
			const folder = join(this.#root, group.name);
			for (const name of await readdir(folder)) {
				if (name.endsWith(".jpg") && keep.has(name.slice(0, -".jpg".length))) continue;
				await rm(join(folder, name), { force: true });
				removed += 1;
			}
		}
		return removed;
	}

	/** Content hashes that have a thumbnail. */
	async contentHashes(): Promise<Set<string>> {
		const found = new Set<string>();
		for (const group of await readdir(this.#root, { withFileTypes: true })) {
			if (!group.isDirectory()) continue;
			for (const name of await readdir(join(this.#root, group.name))) {
				if (name.endsWith(".jpg")) found.add(name.slice(0, -".jpg".length));
			}
		}
		return found;
	}
}

function isOutOfSpace(code: string | undefined): boolean {
	return code === "ENOSPC" || code === "EDQUOT";
}

function writeIntoFolder(path: string, bytes: Uint8Array): void {
	try {
		writeFileSync(path, bytes);
	} catch (error) {
		if (errorCode(error) !== "ENOENT") throw error;
		mkdirSync(join(path, ".."), { recursive: true });
		writeFileSync(path, bytes);
	}
}
