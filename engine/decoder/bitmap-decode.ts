/** @file Windows bitmaps, which libvips does not read. */
import { decode } from "bmp-ts";
import { checkPixelCount, truncatedMessage, UnreadablePicture } from "./unreadable-picture.ts";

/** Pixels of a whole picture. */
export interface DecodedRaster {
	width: number;
	height: number;
	/** uint8 [height, width, 4], RGBA. */
	pixels: Buffer;
	hasAlpha: boolean;
}

const masked = new Set([3, 6]);
const readableHeaderSizes = new Set([40, 52, 56, 108, 124]);

/**
 * Checks the header against the file before any memory is taken.
 * @throws UnreadablePicture; RangeError where the file is damaged inside.
 */
export function decodeBitmap(bytes: Buffer, maxPixels: number): DecodedRaster {
	if (bytes.length < 54) throw new UnreadablePicture("truncated", truncatedMessage);
	const pixelOffset = bytes.readUInt32LE(10);
	const headerSize = bytes.readUInt32LE(14);
	const width = bytes.readInt32LE(18);
	const height = Math.abs(bytes.readInt32LE(22));
	const bitsPerPixel = bytes.readUInt16LE(28);
	const compression = bytes.readUInt32LE(30);
	if (!readableHeaderSizes.has(headerSize) || compression === 4 || compression === 5) {
		throw new UnreadablePicture("unsupported-format", "This kind of BMP picture cannot be read.");
	}
	if (width <= 0 || height <= 0) {
		throw new UnreadablePicture("corrupt", "The BMP header in the file is damaged.");
	}
	checkPixelCount(width, height, maxPixels);
	const runLength = compression === 1 || compression === 2;
	const rowBytes = Math.ceil((width * bitsPerPixel) / 32) * 4;
	if (!runLength && pixelOffset + rowBytes * height > bytes.length) {
		throw new UnreadablePicture("truncated", truncatedMessage);
	}
	const hasAlphaMask =
		masked.has(compression) && headerSize >= 56 && bytes.length >= 70 && bytes.readUInt32LE(66) > 0;
	const { data } = decode(bytes, { toRGBA: true });
	// Without a mask the fourth byte is padding, mostly 0: resizing would weigh every colour with nothing.
	if (!hasAlphaMask) for (let at = 3; at < data.length; at += 4) data[at] = 255;
	return { width, height, pixels: data, hasAlpha: hasAlphaMask };
}
