/** @file A folder of thousands of different photo files, made from a few hundred. */
import { appendFile, copyFile, mkdir } from "node:fs/promises";
import { extname, join } from "node:path";

/**
 * Copies the photos over and over into `target` until there are `count`. Each copy ends with its own
 * number after the picture's end, which decoders pass over, so that no two files have equal bytes.
 */
export async function makeManyPhotos(
	sources: readonly string[],
	target: string,
	count: number,
): Promise<void> {
	await mkdir(target, { recursive: true });
	for (let at = 0; at < count; at += 1) {
		const source = sources[at % sources.length];
		if (source === undefined) throw new Error("There are no photos to copy.");
		const path = join(target, `${at}${extname(source)}`);
		await copyFile(source, path);
		await appendFile(path, `copy ${at}`);
	}
}
