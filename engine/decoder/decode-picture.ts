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
import { resample } from "./filter-resample.ts";
import type { OpenPicture } from "./open-picture.ts";
import { swapsSides, turnUpright } from "./orientation.ts";
import {
	cropTo,
	neededSides,
	onlyShrinks,
	partOf,
	placeByRule,
	shrinksALittle,
	usedPart,
	wholeRule,
} from "./pixel-placement.ts";

/** An upright sRGB picture, uint8 [height, width, 3]. */
interface Raster {
	data: Buffer;
	width: number;
	height: number;
}

const wholePicture: PictureRegion = { x: 0, y: 0, width: 1, height: 1 };

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

/** The largest whole factor that leaves enough for the rule, whichever part it looks at, and for a thumbnail. */
function shrinkFactor(picture: OpenPicture, rule: PixelRule): number {
	const { width, height } = uprightSize(picture);
	const needed = neededSides(rule);
	const looks = rule.looks ?? [wholePicture];
	const factor = Math.floor(
		Math.min(
			...looks.map((look) => (width * look.width) / needed.width),
			...looks.map((look) => (height * look.height) / needed.height),
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

/** @returns uint8 RGB [looks, height, width, 3]. */
async function lookPixels(
	raster: Raster,
	looks: readonly PictureRegion[],
	rule: PixelRule,
): Promise<Uint8Array> {
	return Buffer.concat(await Promise.all(looks.map((look) => partPixels(raster, look, rule))));
}

async function partPixels(
	raster: Raster,
	look: PictureRegion,
	rule: PixelRule,
): Promise<Uint8Array> {
	const part = partOf(raster, look);
	const left = Math.round(part.left);
	const top = Math.round(part.top);
	const width = Math.min(Math.round(part.width), raster.width - left);
	const height = Math.min(Math.round(part.height), raster.height - top);
	if (!onlyShrinks({ width, height }, rule)) {
		return resample(raster.data, raster, usedPart(part, rule), rule);
	}
	const placed = placeByRule({ width, height }, rule);
	const cut = fromRaster(raster).extract({ left, top, width, height });
	return cropTo(await resizeTo(cut, placed, rule).raw().toBuffer(), placed, rule);
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
	/** uint8 RGB [looks, height, width, 3] as the rule says. */
	pixels: Uint8Array;
	/** The whole picture as `wholeRule` says. */
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
	const isWhole = wholeRule(rule) === rule;
	const ownThumbnail =
		picture.format === "jpeg" &&
		picture.plain &&
		Math.max(size.width, size.height) <= thumbnailLongestSide &&
		bytes.length < ownThumbnailMaxBytes;
	const factor = shrinkFactor(picture, rule);
	const isPlain = rule.looks === undefined && factor === 1 && shrinksALittle(size, rule);
	if ((!wantsThumbnail || ownThumbnail) && isPlain) {
		const pixels = await directPixels(picture, rule);
		const whole = isWhole ? pixels : await directPixels(picture, wholePictureRule);
		return { ...size, pixels, whole, thumbnail: wantsThumbnail ? bytes : null };
	}
	const raster = await shrink(picture, factor);
	const pixels =
		rule.looks === undefined
			? await encoderPixels(raster, rule)
			: await lookPixels(raster, rule.looks, rule);
	const whole = isWhole ? pixels : await encoderPixels(raster, wholePictureRule);
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
	const parts = (rule.looks ?? [wholePicture]).map((look) => within(region, look));
	const factor = Math.min(
		...parts.map((part) => (size.width * part.width) / needed.width),
		...parts.map((part) => (size.height * part.height) / needed.height),
	);
	const raster = await shrink(picture, cheapFactor(picture, Math.floor(factor)));
	const pixelsOf = (part: PictureRegion, wanted: PixelRule) =>
		resample(raster.data, raster, usedPart(partOf(raster, part), wanted), wanted);
	const pixels = Buffer.concat(parts.map((part) => pixelsOf(part, rule)));
	const whole = pixelsOf(region, wholeRule(rule));
	return { ...size, pixels, whole, thumbnail: null };
}

/** A part of a part. */
function within(region: PictureRegion, part: PictureRegion): PictureRegion {
	return {
		x: region.x + part.x * region.width,
		y: region.y + part.y * region.height,
		width: part.width * region.width,
		height: part.height * region.height,
	};
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
