/** @file Where the pixels of a rule lie in a picture. */
import { type PictureRegion, type PixelRule, wholePictureRule } from "./decoder.ts";
import type { SourceRegion } from "./filter-resample.ts";

/** Sides the shrunken picture must keep so that the rule only ever shrinks further. */
export function neededSides(rule: PixelRule): { width: number; height: number } {
	const longest = Math.max(rule.width, rule.height);
	return rule.resize === "stretch" ? rule : { width: longest, height: longest };
}

/** True when neither side has to grow, so that libvips gives what Pillow would. */
export function onlyShrinks(size: { width: number; height: number }, rule: PixelRule): boolean {
	const needed = neededSides(rule);
	return size.width >= needed.width && size.height >= needed.height;
}

/** Shrinks by less than the four times from which libvips would have the JPEG decoder shrink first. */
export function shrinksALittle(size: { width: number; height: number }, rule: PixelRule): boolean {
	const needed = neededSides(rule);
	return (
		onlyShrinks(size, rule) && (size.width < needed.width * 4 || size.height < needed.height * 4)
	);
}

/** Where the rule's pixels lie in the resized picture. */
export interface Placed {
	width: number;
	height: number;
	left: number;
	top: number;
}

/**
 * Cropping as encoders were trained with it: the longer side is cut to a whole number of pixels, and of an
 * odd remainder the smaller half lies left or above. sharp's own centre is a pixel beside that.
 */
export function placeByRule(size: { width: number; height: number }, rule: PixelRule): Placed {
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
export function cropTo(pixels: Buffer, placed: Placed, rule: PixelRule): Uint8Array {
	if (placed.width === rule.width && placed.height === rule.height) return pixels;
	const cropped = new Uint8Array(rule.width * rule.height * 3);
	for (let row = 0; row < rule.height; row++) {
		const start = ((placed.top + row) * placed.width + placed.left) * 3;
		cropped.set(pixels.subarray(start, start + rule.width * 3), row * rule.width * 3);
	}
	return cropped;
}

/** What the rule takes of a part of a picture: all of it, or what is left of it after cropping. */
export function usedPart(part: SourceRegion, rule: PixelRule): SourceRegion {
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

/** A part given in shares, in pixels. */
export const partOf = (
	raster: { width: number; height: number },
	part: PictureRegion,
): SourceRegion => ({
	left: part.x * raster.width,
	top: part.y * raster.height,
	width: part.width * raster.width,
	height: part.height * raster.height,
});

/** By what rule the whole picture comes along: by that of the pixels where they are nothing else. */
export function wholeRule(rule: PixelRule): PixelRule {
	return rule.resize === "stretch" && rule.looks === undefined ? rule : wholePictureRule;
}
