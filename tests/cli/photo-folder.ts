/** @file A folder with a few small pictures that differ, and one file that is none. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { newFolder } from "./run-cli.ts";

const colours = ["#b01e1e", "#1e8f2a", "#2038b8", "#e8d21f"];

/** How many of them can be read. */
export const goodPhotos = colours.length;

/** Its name holds what shells and terminals trip over. */
export const brokenPhoto = "br “o'k en\n🌅.jpg";

export async function makePhotoFolder(): Promise<string> {
	const path = newFolder();
	for (const [index, background] of colours.entries()) {
		await sharp({ create: { width: 80 + index, height: 60, channels: 3, background } })
			.jpeg()
			.toFile(join(path, `photo ${index}.jpg`));
	}
	writeFileSync(join(path, brokenPhoto), "not a picture");
	return path;
}
