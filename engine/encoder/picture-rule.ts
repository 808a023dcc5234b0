/** @file How an encoder wants its pictures, as whoever decodes them is told. */
import type { ModelManifest } from "./model-manifest.ts";

/** Has the shape of the decoder's `PixelRule`. */
export interface PictureRule extends Pick<ModelManifest["image"], "resize" | "interpolation"> {
	width: number;
	height: number;
	looks?: { x: number; y: number; width: number; height: number }[];
}

export function pictureRule({ image }: Pick<ModelManifest, "image">): PictureRule {
	const [width, height] = image.size;
	const { resize, interpolation, looks } = image;
	return { width, height, resize, interpolation, ...(looks !== undefined && { looks }) };
}
