/** @file HEVC pictures in HEIF, through libheif compiled to WebAssembly; loaded when the first one comes. */
import type { DecodedRaster } from "./bitmap-decode.ts";

/** About a second for 12 megapixels. @throws Error with libheif's complaint. */
export async function decodeHeicPixels(bytes: Uint8Array): Promise<DecodedRaster> {
	const { default: decode } = await import("heic-decode");
	const { width, height, data } = await decode({ buffer: bytes });
	const pixels = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
	return { width, height, pixels, hasAlpha: false };
}
