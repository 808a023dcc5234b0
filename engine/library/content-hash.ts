/** @file The identity of a file's bytes. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";

/** SHA-256 of a file's bytes, lower-case hex; null when the file cannot be read to its end. */
export async function hashFile(filePath: string): Promise<string | null> {
	const hash = createHash("sha256");
	try {
		await pipeline(createReadStream(filePath, { highWaterMark: 1 << 20 }), hash);
	} catch {
		return null;
	}
	return hash.digest("hex");
}
