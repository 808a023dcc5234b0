/** @file Proof that a photo file with new metadata shows the very same picture. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import type { Decoder } from "../decoder/decoder.ts";
import type { ExifTool } from "./exif-tool.ts";

/** Both are decoded to this size: as much as fits into a decoding process for every format. */
const comparedSide = 2048;

/**
 * Coded picture data must be the same bytes, where the format lets ExifTool tell; of a JPEG everything behind its
 * header, which takes in previews, depth maps and films that cameras append. Both must decode to the same pixels.
 * Returns why they do not; null when they do.
 */
export async function pictureDiffers(
	{ exifTool, decoder }: { exifTool: ExifTool; decoder: Pick<Decoder, "raster"> },
	before: string,
	after: string,
	format: string,
): Promise<string | null> {
	const printed = await exifTool.run([
		"-json",
		"-api",
		"ImageHashType=SHA256",
		"-ImageDataHash",
		before,
		after,
	]);
	const hashes = z
		.array(z.object({ ImageDataHash: z.string().optional() }))
		.parse(JSON.parse(printed));
	if (hashes.length !== 2 || hashes[0]?.ImageDataHash !== hashes[1]?.ImageDataHash) {
		return "its picture data would have changed";
	}
	if (format === "jpeg" && (await behindHeader(before)) !== (await behindHeader(after))) {
		return "what stands behind its header would have changed";
	}
	const options = { longestSide: comparedSide };
	const old = await decoder.raster({ filePath: before }, options);
	// Pixels are views of a message that is reused.
	const oldPixels = old.kind === "raster" ? Buffer.from(old.pixels) : null;
	const now = await decoder.raster({ filePath: after }, options);
	if (old.kind !== "raster" || now.kind !== "raster" || oldPixels === null) {
		return "it could not be decoded afterwards";
	}
	const isSame =
		old.width === now.width && old.height === now.height && oldPixels.equals(now.pixels);
	return isSame ? null : "it would have looked different";
}

/** SHA-256 of a JPEG from its first start of scan on; null where there is none. */
export async function behindHeader(filePath: string): Promise<string | null> {
	const start = await scanStart(filePath);
	if (start === null) return null;
	const hash = createHash("sha256");
	await pipeline(createReadStream(filePath, { start }), hash);
	return hash.digest("hex");
}

const startOfScan = 0xda;

/** JPEG is markers with lengths up to the first scan (ITU-T T.81, B.1.1). */
async function scanStart(filePath: string): Promise<number | null> {
	const file = await open(filePath, "r");
	try {
		const header = Buffer.alloc(4);
		let at = 2;
		for (;;) {
			const { bytesRead } = await file.read(header, 0, 4, at);
			if (bytesRead < 4 || header[0] !== 0xff) return null;
			// Fill bytes may stand before a marker.
			if (header[1] === 0xff) {
				at += 1;
				continue;
			}
			if (header[1] === startOfScan) return at;
			at += 2 + header.readUInt16BE(2);
		}
	} finally {
		await file.close();
	}
}
