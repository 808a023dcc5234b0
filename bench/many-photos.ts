/** @file A folder of thousands of different photo files, made from a few hundred. */
import { appendFile, copyFile, mkdir } from "node:fs/promises";
import { extname, join } from "node:path";
import sharp from "sharp";

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

/**
 * Writes `count` pictures no two of which look the same to an encoder: round after round of the photos, each round cut
 * narrower and encoded anew, so that no two hits of a search tie.
 */
export async function makeDifferentPhotos(
	sources: readonly string[],
	target: string,
	count: number,
): Promise<void> {
	await mkdir(target, { recursive: true });
	for (let at = 0; at < count; at += 1) {
		const source = sources[at % sources.length];
		if (source === undefined) throw new Error("There are no photos to copy.");
		const round = Math.floor(at / sources.length);
		const { width, height } = await sharp(source).metadata();
		const cut = Math.round(width * (1 - 0.94 ** round));
		await sharp(source)
			.extract({ left: cut, top: 0, width: Math.max(1, width - cut), height })
			.jpeg({ quality: 90 - (round % 10) })
			.toFile(join(target, `${at}.jpg`));
	}
}
