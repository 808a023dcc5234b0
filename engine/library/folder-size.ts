/** @file How much room a folder takes. */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** Bytes of all files below; what vanishes while counting counts nothing. */
export async function folderSizeBytes(path: string): Promise<number> {
	let total = 0;
	const entries = await readdir(path, { withFileTypes: true, recursive: true });
	for (const entry of entries) {
		if (!entry.isFile()) continue;
		try {
			total += (await stat(join(entry.parentPath, entry.name))).size;
		} catch {
			// Renamed or removed since it was listed.
		}
	}
	return total;
}
