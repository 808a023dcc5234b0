/** @file Drawn pixels as picture files. */
import type { RgbPicture } from "./picture-generator.ts";

const thumbnailLongestSide = 512;
const wallpaperLongestSide = 3840;

/** Loaded when something is drawn or shown: a command that searches does without it. */
async function imaging() {
	return (await import("sharp")).default;
}

/** Pixels as a PNG file; equal pixels give equal bytes. */
export async function pngOf({ width, height, pixels }: RgbPicture): Promise<Uint8Array> {
	const sharp = await imaging();
	return sharp(pixels, { raw: { width, height, channels: 3 } })
		.png({ compressionLevel: 9, adaptiveFiltering: true })
		.toBuffer();
}

/** Shades of grey, uint8 [height, width], as a PNG file; equal shades give equal bytes. */
export async function greyPngOf({
	width,
	height,
	values,
}: {
	width: number;
	height: number;
	values: Uint8Array;
}): Promise<Uint8Array> {
	const sharp = await imaging();
	return sharp(values, { raw: { width, height, channels: 1 } })
		.toColourspace("b-w")
		.png({ compressionLevel: 9 })
		.toBuffer();
}

/** Pixels as a JPEG file, for a look while they are drawn. */
export async function previewOf({ width, height, pixels }: RgbPicture): Promise<Uint8Array> {
	const sharp = await imaging();
	return sharp(pixels, { raw: { width, height, channels: 3 } })
		.jpeg({ quality: 86 })
		.toBuffer();
}

/** A drawn file, small. */
export async function drawnThumbnail(bytes: Uint8Array): Promise<Uint8Array> {
	const small = await resized(bytes, thumbnailLongestSide, false);
	return small.jpeg({ quality: 86 }).toBuffer();
}

/** A drawn file, large. */
export async function drawnWallpaper(bytes: Uint8Array): Promise<Uint8Array> {
	return (await resized(bytes, wallpaperLongestSide, true)).png().toBuffer();
}

/** Lanczos with three lobes: the sharpest of sharp's kernels that does not ring visibly. XMP is kept. */
async function resized(bytes: Uint8Array, longestSide: number, enlarge: boolean) {
	const sharp = await imaging();
	return sharp(bytes)
		.resize(longestSide, longestSide, {
			fit: "inside",
			withoutEnlargement: !enlarge,
			kernel: "lanczos3",
		})
		.keepXmp();
}
