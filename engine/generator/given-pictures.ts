/** @file Start picture and mask, made once into what is stored, drawn from and written into the file. */
import { Refusal } from "../../contract/errors.ts";
import type { DrawingSettings } from "../../contract/generation.ts";
import type { GivenPictures } from "../catalogue/drawing-table.ts";
import type { DecodedPhoto, Decoder, PictureSource, PixelRule } from "../decoder/decoder.ts";
import { checkMaskPixels, maskWithoutStart, notPossible } from "./check-settings.ts";
import { greyPngOf, pngOf } from "./drawn-files.ts";
import { maskFrom } from "./picture/mask.ts";

export const nothingGiven: GivenPictures = { startPicture: null, maskPicture: null };

type Size = Readonly<{ width: number; height: number }>;

/**
 * Both as PNGs of exactly the drawing's size, cut to its shape around their middle; a picture that has this
 * size already keeps its pixels.
 * @param sources null where there is none. The mask lies over the start picture where both have one shape, else
 * over what is cut out of it.
 * @throws Refusal IMAGE_UNREADABLE; GENERATION_NOT_POSSIBLE naming `mask` where it fits neither shape, has no
 * start picture, or keeps nothing or all.
 */
export async function givenPictures(
	decoder: Pick<Decoder, "decode">,
	{ width, height }: Size,
	sources: { start: PictureSource | null; mask: PictureSource | null },
): Promise<GivenPictures> {
	const size = { width, height };
	if (sources.start === null) {
		if (sources.mask === null) return nothingGiven;
		throw maskWithoutStart();
	}
	const cut: PixelRule = { ...size, resize: "crop", interpolation: "bicubic" };
	const start = await decoded(decoder, sources.start, cut, "start");
	const startPicture = await pngOf({ ...size, pixels: Uint8Array.from(start.pixels) });
	if (sources.mask === null) return { startPicture, maskPicture: null };
	const found = await decoded(decoder, sources.mask, { ...cut, interpolation: "bilinear" }, "mask");
	if (!haveOneShape(found, start) && !haveOneShape(found, size)) {
		throw notPossible(
			"mask",
			`The mask has ${measure(found)} pixels and the start picture ${measure(start)}. Give the mask the start picture's shape, or that of the drawing, ${measure(size)}.`,
		);
	}
	const mask = maskFrom(found.pixels);
	checkMaskPixels(mask);
	return { startPicture, maskPicture: await greyPngOf({ ...size, values: mask }) };
}

/**
 * Settings that tell of a start picture or a mask come with them.
 * @throws Refusal GENERATION_NOT_POSSIBLE naming what is gone
 */
export function checkGiven(
	{ strength, masked }: DrawingSettings,
	{ startPicture, maskPicture }: GivenPictures,
): void {
	if (strength !== null && startPicture === null) {
		throw notPossible(
			"start",
			"These settings begin with a picture, and it is not there any more. Choose another, or begin without one.",
		);
	}
	if (masked && maskPicture === null) {
		throw notPossible(
			"mask",
			"These settings keep part of the start picture, and what they keep is not known any more. Say anew what may change.",
		);
	}
}

async function decoded(
	decoder: Pick<Decoder, "decode">,
	source: PictureSource,
	pixels: PixelRule,
	field: "start" | "mask",
): Promise<DecodedPhoto> {
	const outcome = await decoder.decode(source, { pixels, thumbnail: false });
	if (outcome.kind === "decoded") return outcome;
	const what = field === "start" ? "start picture" : "mask";
	throw new Refusal("IMAGE_UNREADABLE", `The ${what} cannot be used: ${outcome.message}`, {
		field,
	});
}

/** To the pixel that rounding costs. */
function haveOneShape(one: Size, other: Size): boolean {
	const isNear = (length: number, wanted: number) => Math.abs(length - wanted) <= 1;
	return (
		isNear(one.height, (one.width * other.height) / other.width) ||
		isNear(one.width, (one.height * other.width) / other.height)
	);
}

const measure = ({ width, height }: Size) => `${width} × ${height}`;
