/** @file Tells a file that ends too early from one that is damaged inside, by its own bookkeeping. */
import type { PictureFormat } from "./picture-format.ts";

/** Walks the top-level boxes of an ISO media file; size 1 means a 64-bit size, 0 the rest of the file. */
function heifEndsEarly(bytes: Buffer): boolean {
	let position = 0;
	while (position + 8 <= bytes.length) {
		let size = bytes.readUInt32BE(position);
		if (size === 0) return false;
		if (size === 1) {
			if (position + 16 > bytes.length) return true;
			size = Number(bytes.readBigUInt64BE(position + 8));
		}
		if (size < 8) return false;
		position += size;
	}
	return position > bytes.length;
}

/** The directory of a TIFF may lie anywhere; past the end it is lost. */
function tiffEndsEarly(bytes: Buffer): boolean {
	if (bytes.length < 16) return true;
	const littleEndian = bytes[0] === 0x49;
	const bigTiff = bytes[littleEndian ? 2 : 3] === 43;
	const directory = bigTiff
		? Number(littleEndian ? bytes.readBigUInt64LE(8) : bytes.readBigUInt64BE(8))
		: littleEndian
			? bytes.readUInt32LE(4)
			: bytes.readUInt32BE(4);
	return directory >= bytes.length;
}

/**
 * Asked only after decoding failed: does the file's structure reach past its end? For JPEG and GIF,
 * which keep no lengths, the decoder's message says so instead.
 */
export function endsEarly(format: PictureFormat, contents: Uint8Array): boolean {
	const bytes = Buffer.from(contents.buffer, contents.byteOffset, contents.byteLength);
	switch (format) {
		case "png":
			return !bytes.includes("IEND");
		case "webp":
			return bytes.length < 12 || bytes.readUInt32LE(4) + 8 > bytes.length;
		case "tiff":
			return tiffEndsEarly(bytes);
		case "avif":
		case "heic":
			return heifEndsEarly(bytes);
		case "svg":
			return !/<\/(?:[\w-]+:)?svg\s*>/.test(bytes.subarray(-4096).toString("latin1"));
		case "jpeg":
		case "gif":
		case "bmp":
			return false;
	}
}
