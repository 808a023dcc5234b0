/** @file Reads a sidecar's bytes, with the time and size they were read at. */
import { open } from "node:fs/promises";
import { errorCode } from "../library/replace-file.ts";
import { xmpMaxBytes } from "../xmp/xmp-text.ts";

export interface SidecarOnDisk {
	bytes: Buffer;
	sizeBytes: number;
	/** Whole milliseconds. */
	modifiedAtMs: number;
}

/** Null where there is none. One past the limit comes cut off behind it, which its reader refuses. */
export async function readSidecar(filePath: string): Promise<SidecarOnDisk | null> {
	try {
		const file = await open(filePath, "r");
		try {
			const stats = await file.stat();
			if (!stats.isFile()) return null;
			const bytes =
				stats.size > xmpMaxBytes
					? (await file.read(Buffer.alloc(xmpMaxBytes + 1), 0, xmpMaxBytes + 1, 0)).buffer
					: await file.readFile();
			return { bytes, sizeBytes: stats.size, modifiedAtMs: Math.floor(stats.mtimeMs) };
		} finally {
			await file.close();
		}
	} catch (error) {
		const code = errorCode(error);
		if (code === "ENOENT" || code === "ENOTDIR") return null;
		throw error;
	}
}
