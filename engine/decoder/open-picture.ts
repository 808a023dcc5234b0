/** @file A file's bytes as a picture that can be shrunk: header, limits, orientation and colour settled. */
import sharp, { type Metadata, type Sharp } from "sharp";
import { type DecodedRaster, decodeBitmap } from "./bitmap-decode.ts";
import { isSrgb, type MatrixProfile, readMatrixProfile } from "./colour-profile.ts";
import { decodeHeicPixels } from "./heic-pixels.ts";
import { type PictureFormat, sniffPictureFormat } from "./picture-format.ts";
import { checkPixelCount, notAPictureMessage, UnreadablePicture } from "./unreadable-picture.ts";

/** Before decoding; dimensions are as stored, not yet upright. */
export interface OpenPicture {
	format: PictureFormat;
	width: number;
	height: number;
	/** EXIF orientation 1 to 8 that is still to be applied. */
	orientation: number;
	exif: Buffer | undefined;
	/** The XMP packet and the IPTC block, as they stand in the file. */
	xmp?: Buffer | undefined;
	iptc?: Buffer | undefined;
	/** PNG text. */
	texts?: readonly { keyword: string; text: string }[] | undefined;
	/** Still to be applied with `convertToSrgb` after shrinking; null when there is nothing to do. */
	profile: MatrixProfile | null;
	/** True when the file's own pixels are upright sRGB without alpha. */
	plain: boolean;
	/** A new pipeline over the stored pixels, on white, giving three sRGB channels. */
	pixels(): Sharp;
}

const white = { r: 255, g: 255, b: 255 };

function fromRaster(
	format: PictureFormat,
	raster: DecodedRaster,
	exif: Buffer | undefined,
	profile: MatrixProfile | null,
): OpenPicture {
	const { width, height } = raster;
	return {
		format,
		width,
		height,
		orientation: 1,
		exif,
		profile,
		plain: false,
		pixels: () => {
			const pipeline = sharp(raster.pixels, {
				raw: { width, height, channels: 4 },
				limitInputPixels: false,
			});
			return raster.hasAlpha ? pipeline.flatten({ background: white }) : pipeline.removeAlpha();
		},
	};
}

/** See [Note: Colour after shrinking]. */
function readProfile(metadata: Metadata): {
	profile: MatrixProfile | null;
	/** True when the imaging library need not look at the embedded profile. */
	settled: boolean;
} {
	if (metadata.icc === undefined) return { profile: null, settled: metadata.space !== "cmyk" };
	const profile = metadata.channels >= 3 ? readMatrixProfile(metadata.icc) : null;
	if (profile === null) return { profile, settled: false };
	return { profile: isSrgb(profile) ? null : profile, settled: true };
}

/**
 * @throws UnreadablePicture for what is no picture or has too many pixels; otherwise the library's error,
 * which `decodingFailure` names.
 */
export async function openPicture(
	bytes: Buffer,
	format: PictureFormat,
	maxPixels: number,
): Promise<OpenPicture> {
	if (format === "bmp") return fromRaster(format, decodeBitmap(bytes, maxPixels), undefined, null);
	// Always from memory: an SVG then has no base address, and librsvg opens no other file.
	const metadata = await sharp(bytes, { limitInputPixels: false }).metadata();
	const { width, height, orientation = 1, exif, hasAlpha } = metadata;
	checkPixelCount(width, height, maxPixels);
	const { profile, settled } = readProfile(metadata);
	if (metadata.compression === "hevc") {
		const picture = fromRaster("heic", await decodeHeicPixels(bytes), exif, profile);
		return { ...picture, ...blocksOf(metadata) };
	}
	return {
		format,
		width,
		height,
		orientation,
		exif,
		...blocksOf(metadata),
		profile,
		plain: orientation === 1 && settled && profile === null && !hasAlpha,
		pixels: () => {
			const pipeline = sharp(bytes, {
				limitInputPixels: maxPixels,
				failOn: "truncated",
				ignoreIcc: settled,
			});
			return (hasAlpha ? pipeline.flatten({ background: white }) : pipeline).toColourspace("srgb");
		},
	};
}

type Blocks = Pick<OpenPicture, "xmp" | "iptc" | "texts">;

/** What stands beside the picture, from the header alone: no pixel is decoded. */
export async function embeddedBlocks(
	bytes: Buffer,
	format: PictureFormat,
): Promise<Blocks & Pick<OpenPicture, "exif">> {
	if (format === "bmp") return { exif: undefined };
	const metadata = await sharp(bytes, { limitInputPixels: false }).metadata();
	return { exif: metadata.exif, ...blocksOf(metadata) };
}

function blocksOf({ xmp, iptc, comments }: Metadata): Blocks {
	return { xmp, iptc, texts: comments };
}

/** @throws UnreadablePicture `empty` or `unsupported-format`. */
export function formatOf(bytes: Uint8Array): PictureFormat {
	if (bytes.length === 0) throw new UnreadablePicture("empty", "The file is empty.");
	const format = sniffPictureFormat(bytes);
	if (format === null) throw new UnreadablePicture("unsupported-format", notAPictureMessage);
	return format;
}
