/** @file The start picture, made once into what is stored, drawn from and written into the file. */
import { Refusal } from "../../contract/errors.ts";
import type { Decoder, PictureSource } from "../decoder/decoder.ts";
import { pngOf } from "./drawn-files.ts";

/**
 * A PNG of exactly `width` by `height`, cut to that shape around its middle; a picture that has this size
 * already keeps its pixels.
 * @throws Refusal IMAGE_UNREADABLE
 */
export async function startPictureOf(
	decoder: Pick<Decoder, "decode">,
	source: PictureSource,
	{ width, height }: { width: number; height: number },
): Promise<Uint8Array> {
	const outcome = await decoder.decode(source, {
		pixels: { width, height, resize: "crop", interpolation: "bicubic" },
		thumbnail: false,
	});
	if (outcome.kind === "failed") {
		throw new Refusal("IMAGE_UNREADABLE", `The start picture cannot be used: ${outcome.message}`, {
			field: "start",
		});
	}
	return pngOf({ width, height, pixels: outcome.pixels });
}
