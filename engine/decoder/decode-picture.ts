/**
 * @file One decode of a picture into encoder pixels and a thumbnail.
 *
 * [Note: One decode] A large picture is shrunk while loading (JPEG in its frequency domain) to the smallest
 * size that both results can come from; both are then made from that. Shrinking by whole factors keeps the
 * pixels within an embedding cosine of 0.998 of Pillow's; shrinking straight to thumbnail size does not. The
 * pixels never depend on whether a thumbnail was wanted: a photo and the same photo as a query must agree.
 */
import sharp, { type Sharp } from "sharp";
import { convertToSrgb } from "./colour-profile.ts";
import {
	type PictureRegion,
	type PixelRule,
	thumbnailLongestSide,
	wholePictureRule,
} from "./decoder.ts";
import { resample, type SourceRegion } from "./filter-resample.ts";
import type { OpenPicture } from "./open-picture.ts";
import { swapsSides, turnUpright } from "./orientation.ts";

/** An upright sRGB picture, uint8 [height, width, 3]. */
interface Raster {
	data: Buffer;
	width: number;
	height: number;
}

/** A JPEG no larger than this, at most thumbnail-sized and plain, is its own thumbnail. */
const ownThumbnailMaxBytes = 150_000;
const thumbnailJpeg = { quality: 80, optimiseCoding: false } as const;
const kernels = { bilinear: "linear", bicubic: "cubic" } as const;

async function toRaster(pipeline: Sharp, picture: OpenPicture): Promise<Raster> {
	const { data, info } = await pipeline.raw().toBuffer({ resolveWithObject: true });
	if (picture.profile !== null) convertToSrgb(data, picture.profile);
	return { data, width: info.width, height: info.height };
}

const fromRaster = ({ data, width, height }: Raster): Sharp =>
	sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false });

const uprightSize = (picture: OpenPicture): { width: number; height: number } =>
	swapsSides(picture.orientation)
		? { width: picture.height, height: picture.width }
		: { width: picture.width, height: picture.height };

/** Sides the shrunken picture must keep so that the rule only ever shrinks further. */
function neededSides(rule: PixelRule): { width: number; height: number } {
	const longest = Math.max(rule.width, rule.height);
	return rule.resize === "stretch" ? rule : { width: longest, height: longest };
}

/** The largest whole factor that leaves enough for the rule and for a thumbnail. */
function shrinkFactor(picture: OpenPicture, rule: PixelRule): number {
	const { width, height } = uprightSize(picture);
	const needed = neededSides(rule);
	const factor = Math.floor(
		Math.min(
			width / needed.width,
			height / needed.height,
			Math.max(width, height) / thumbnailLongestSide,
		),
	);
	return cheapFactor(picture, factor);
}

function cheapFactor(picture: OpenPicture, atMost: number): number {
	if (atMost < 2) return 1;
	// libjpeg shrinks by powers of two for nothing; any other factor would be a second pass.
	return picture.format === "jpeg" ? 2 ** Math.min(3, Math.floor(Math.log2(atMost))) : atMost;
}

/** The picture upright, shrunk by a whole factor. */
async function shrink(picture: OpenPicture, factor: number): Promise<Raster> {
	let pipeline = picture.pixels();
	if (factor > 1) {
		const width = Math.floor(picture.width / factor);
		const height = Math.floor(picture.height / factor);
		pipeline = pipeline.resize(width, height, { fit: "fill", kernel: "cubic" });
	}
	return toRaster(turnUpright(pipeline, picture.orientation), picture);
}

/** True when neither side has to grow, so that libvips gives what Pillow would. */
function onlyShrinks(size: { width: number; height: number }, rule: PixelRule): boolean {
	const needed = neededSides(rule);
	return size.width >= needed.width && size.height >= needed.height;
}

/** Shrinks by less than the four times from which libvips would have the JPEG decoder shrink first. */
function shrinksALittle(size: { width: number; height: number }, rule: PixelRule): boolean {
	const needed = neededSides(rule);
	return (
		onlyShrinks(size, rule) && (size.width < needed.width * 4 || size.height < needed.height * 4)
	);
}

const resizeTo = (
	pipeline: Sharp,
	{ width, height }: { width: number; height: number },
	rule: PixelRule,
): Sharp =>
	pipeline.resize(width, height, {
		fit: "fill",
		kernel: kernels[rule.interpolation],
		fastShrinkOnLoad: false,
	});

async function encoderPixels(raster: Raster, rule: PixelRule): Promise<Uint8Array> {
	const { width, height } = raster;
	if (!onlyShrinks(raster, rule)) {
		return resample(raster.data, raster, usedPart({ left: 0, top: 0, width, height }, rule), rule);
	}
	const placed = placeByRule(raster, rule);
	return cropTo(await resizeTo(fromRaster(raster), placed, rule).raw().toBuffer(), placed, rule);
}

/** Where the rule's pixels lie in the resized picture. */
interface Placed {
	width: number;
	height: number;
	left: number;
	top: number;
}

/**
 * Cropping as encoders were trained with it: the longer side is cut to a whole number of pixels, and of an
 * odd remainder the smaller half lies left or above. sharp's own centre is a pixel beside that.
 */
function placeByRule(size: { width: number; height: number }, rule: PixelRule): Placed {
	if (rule.resize === "stretch") return { width: rule.width, height: rule.height, left: 0, top: 0 };
	const scale = Math.max(rule.width / size.width, rule.height / size.height);
	// A product such as 32 / 90 * 90 may fall short of the whole number that it is.
	const side = (length: number, least: number) =>
		Math.max(least, Math.floor(length * scale + 1e-6));
	const width = side(size.width, rule.width);
	const height = side(size.height, rule.height);
	const left = Math.floor((width - rule.width) / 2);
	return { width, height, left, top: Math.floor((height - rule.height) / 2) };
}

/** @param pixels uint8 RGB [placed.height, placed.width, 3]. */
function cropTo(pixels: Buffer, placed: Placed, rule: PixelRule): Uint8Array {
	if (placed.width === rule.width && placed.height === rule.height) return pixels;
	const cropped = new Uint8Array(rule.width * rule.height * 3);
	for (let row = 0; row < rule.height; row++) {
		const start = ((placed.top + row) * placed.width + placed.left) * 3;
		cropped.set(pixels.subarray(start, start + rule.width * 3), row * rule.width * 3);
	}
	return cropped;
}

/** What the rule takes of a part of a picture: all of it, or what is left of it after cropping. */
function usedPart(part: SourceRegion, rule: PixelRule): SourceRegion {
	const placed = placeByRule(part, rule);
	const across = part.width / placed.width;
	const down = part.height / placed.height;
	return {
		left: part.left + placed.left * across,
		top: part.top + placed.top * down,
		width: rule.width * across,
		height: rule.height * down,
	};
}

const makeThumbnail = (raster: Raster): Promise<Buffer> =>
	fromRaster(raster)
		.resize(thumbnailLongestSide, thumbnailLongestSide, {
			fit: "inside",
			withoutEnlargement: true,
			kernel: "mitchell",
		})
		.jpeg(thumbnailJpeg)
		.toBuffer();

/** Pixels straight from the file, where nothing else needs them. */
async function directPixels(picture: OpenPicture, rule: PixelRule): Promise<Uint8Array> {
	const placed = placeByRule(uprightSize(picture), rule);
	const stored = swapsSides(picture.orientation)
		? { width: placed.height, height: placed.width }
		: placed;
	const resized = resizeTo(picture.pixels(), stored, rule);
	const { data } = await toRaster(turnUpright(resized, picture.orientation), picture);
	return cropTo(data, placed, rule);
}

/** What both results of a picture are. */
export interface PictureResults {
	/** Upright. */
	width: number;
	height: number;
	/** uint8 RGB as the rule says. */
	pixels: Uint8Array;
	/** The whole picture: `pixels` where the rule stretches it, else as `wholePictureRule` says. */
	whole: Uint8Array;
	/** JPEG; null when not asked for. */
	thumbnail: Uint8Array | null;
}

/** See [Note: One decode]. @param bytes the file the picture was opened from. */
export async function decodePicture(
	picture: OpenPicture,
	bytes: Buffer,
	rule: PixelRule,
	wantsThumbnail: boolean,
): Promise<PictureResults> {
	const size = uprightSize(picture);
	const stretches = rule.resize === "stretch";
	const ownThumbnail =
		picture.format === "jpeg" &&
		picture.plain &&
		Math.max(size.width, size.height) <= thumbnailLongestSide &&
		bytes.length < ownThumbnailMaxBytes;
	const factor = shrinkFactor(picture, rule);
	if ((!wantsThumbnail || ownThumbnail) && factor === 1 && shrinksALittle(size, rule)) {
		const pixels = await directPixels(picture, rule);
		const whole = stretches ? pixels : await directPixels(picture, wholePictureRule);
		return { ...size, pixels, whole, thumbnail: wantsThumbnail ? bytes : null };
	}
	const raster = await shrink(picture, factor);
	const pixels = await encoderPixels(raster, rule);
	const whole = stretches ? pixels : await encoderPixels(raster, wholePictureRule);
	if (!wantsThumbnail) return { ...size, pixels, whole, thumbnail: null };
	return { ...size, pixels, whole, thumbnail: ownThumbnail ? bytes : await makeThumbnail(raster) };
}

/** One part of the picture, from as many of its pixels as there are. */
export async function decodeRegion(
	picture: OpenPicture,
	region: PictureRegion,
	rule: PixelRule,
): Promise<PictureResults> {
	const size = uprightSize(picture);
	const needed = neededSides(rule);
	const across = (size.width * region.width) / needed.width;
	const down = (size.height * region.height) / needed.height;
	const raster = await shrink(picture, cheapFactor(picture, Math.floor(Math.min(across, down))));
	const part = {
		left: region.x * raster.width,
		top: region.y * raster.height,
		width: region.width * raster.width,
		height: region.height * raster.height,
	};
	const pixels = resample(raster.data, raster, usedPart(part, rule), rule);
	return { ...size, pixels, whole: pixels, thumbnail: null };
}

/** The whole picture upright, never enlarged. */
export async function rasterOf(picture: OpenPicture, longestSide: number): Promise<Raster> {
	const resized = picture.pixels().resize(longestSide, longestSide, {
		fit: "inside",
		withoutEnlargement: true,
	});
	return toRaster(turnUpright(resized, picture.orientation), picture);
}

/** An upright sRGB JPEG for showing, never enlarged. */
export async function renderPicture(
	picture: OpenPicture,
	longestSide: number,
): Promise<{ bytes: Uint8Array; width: number; height: number }> {
	const raster = await rasterOf(picture, longestSide);
	const bytes = await fromRaster(raster).jpeg({ quality: 88 }).toBuffer();
	return { bytes, width: raster.width, height: raster.height };
}
