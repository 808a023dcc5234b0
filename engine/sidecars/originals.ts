/**
 * @file Untouched photo files, kept in the library before their metadata is written. Afterimage never removes one by
 * itself: they are what a person goes back to when something is wrong that nobody thought of.
 */
import { constants } from "node:fs";
import { copyFile, mkdir, mkdtemp, open, readdir, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { type OriginalId, originalIdSchema } from "../../contract/ids.ts";
import { hashFile } from "../library/content-hash.ts";
import { unfinishedSuffix } from "../library/replace-file.ts";

const workPrefix = "work-";

export class Originals {
	/** Made when there is something to keep. */
	readonly path: string;

	constructor(folderPath: string) {
		this.path = folderPath;
	}

	/** Where the untouched file with this content lies, whether or not it is there. */
	pathOf(contentHash: string, format: string): string {
		return path.join(this.path, contentHash.slice(0, 2), `${contentHash}${extensionOf(format)}`);
	}

	/**
	 * Copies a file in, flushed to the disk and read back. Returns true when it was not there before.
	 * @throws OriginalDiffers when the file has other bytes by now; the system's error when the disk is full.
	 */
	async keep(filePath: string, contentHash: string, format: string): Promise<boolean> {
		const target = this.pathOf(contentHash, format);
		if ((await hashFile(target)) === contentHash) return false;
		await mkdir(path.dirname(target), { recursive: true });
		const unfinished = `${target}${unfinishedSuffix}`;
		try {
			await copyWhole(filePath, unfinished, contentHash);
			await rename(unfinished, target);
		} finally {
			await rm(unfinished, { force: true });
		}
		return true;
	}

	/** False once it was discarded. */
	async has(contentHash: string, format: string): Promise<boolean> {
		return stat(this.pathOf(contentHash, format)).then(
			(found) => found.isFile(),
			() => false,
		);
	}

	/** Takes one out again, because nothing was written after all. */
	async drop(contentHash: string, format: string): Promise<void> {
		await rm(this.pathOf(contentHash, format), { force: true });
	}

	/** Runs `work` with an empty folder that is removed behind it. */
	async inWorkFolder<Result>(work: (folderPath: string) => Promise<Result>): Promise<Result> {
		await mkdir(this.path, { recursive: true });
		const folderPath = await mkdtemp(path.join(this.path, workPrefix));
		try {
			return await work(folderPath);
		} finally {
			await rm(folderPath, { recursive: true, force: true });
		}
	}

	/** Removes what a killed process left behind. */
	async tidy(): Promise<void> {
		const names = await readdir(this.path).catch(() => []);
		for (const name of names.filter((name) => name.startsWith(workPrefix))) {
			await rm(path.join(this.path, name), { recursive: true, force: true });
		}
	}

	/** Every one that is there. */
	async list(): Promise<KeptFile[]> {
		const kept: KeptFile[] = [];
		for (const group of await readdir(this.path, { withFileTypes: true }).catch(() => [])) {
			if (!group.isDirectory() || group.name.startsWith(workPrefix)) continue;
			const folder = path.join(this.path, group.name);
			for (const name of await readdir(folder)) {
				const id = originalIdSchema.safeParse(path.parse(name).name);
				const found = await stat(path.join(folder, name)).catch(() => null);
				if (!id.success || found === null || name.endsWith(unfinishedSuffix)) continue;
				const { size: sizeBytes, ctimeMs: keptAtMs } = found;
				kept.push({ id: id.data, path: path.join(folder, name), sizeBytes, keptAtMs });
			}
		}
		return kept;
	}

	/** How many there are, and how much they take. */
	async size(): Promise<{ files: number; sizeBytes: number }> {
		const kept = await this.list();
		return { files: kept.length, sizeBytes: kept.reduce((sum, file) => sum + file.sizeBytes, 0) };
	}
}

/** An untouched file as it lies in the library. */
export interface KeptFile {
	id: OriginalId;
	/** Absolute. */
	path: string;
	sizeBytes: number;
	keptAtMs: number;
}

/** The file has other bytes than the library knows: it waits to be read first. */
export class OriginalDiffers extends Error {}

/**
 * A copy with exactly these bytes, on the disk when this resolves.
 * @throws OriginalDiffers; the system's error.
 */
export async function copyWhole(from: string, to: string, contentHash: string): Promise<void> {
	await rm(to, { force: true });
	// Shares the blocks where the file system can.
	await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
	const file = await open(to, "r+");
	try {
		await file.sync();
	} finally {
		await file.close();
	}
	if ((await hashFile(to)) !== contentHash) {
		throw new OriginalDiffers("The file has changed since it was read.");
	}
}

/** As ExifTool expects it. */
export function extensionOf(format: string): string {
	return format === "jpeg" ? ".jpg" : `.${format}`;
}
