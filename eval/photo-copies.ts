/** @file Copies of a photo as people and programs make them, and pictures that only look like copies. */
import sharp, { type Sharp } from "sharp";

/** A photo to be copied. */
export interface Original {
	bytes: Buffer;
	/** Of the upright picture, in pixels. */
	width: number;
	height: number;
}

type Maker = (original: Original, seed: number) => Promise<Buffer>;

const jpeg = (picture: Sharp, quality = 88): Promise<Buffer> =>
	picture.jpeg({ quality }).toBuffer();

/** The share of both sides from `left`, `top` on, in shares of the picture. */
function region({ width, height }: Original, left: number, top: number, share: number) {
	return {
		left: Math.round(width * left),
		top: Math.round(height * top),
		width: Math.floor(width * share),
		height: Math.floor(height * share),
	};
}

/** One copy of each kind; `seed` varies how it is made. */
export const copyMakers: Record<string, Maker> = {
	resized: ({ bytes, width }, seed) =>
		jpeg(sharp(bytes).resize(Math.round(width * ([0.5, 1.6, 0.33][seed % 3] ?? 1)))),
	recompressed: ({ bytes }, seed) =>
		seed % 4 === 3
			? sharp(bytes).webp({ quality: 55 }).toBuffer()
			: jpeg(sharp(bytes), [60, 30, 12][seed % 4] ?? 60),
	"cropped 5 %": (original, seed) => {
		// Of the sides: in the middle, off one corner, off every side.
		const [at, share] = [[0.025, 0.95] as const, [0.05, 0.95] as const, [0.05, 0.9] as const][
			seed % 3
		] ?? [0, 1];
		return jpeg(sharp(original.bytes).extract(region(original, at, at, share)));
	},
	"turned by a quarter": ({ bytes }, seed) =>
		jpeg(sharp(bytes).rotate([90, 180, 270][seed % 3] ?? 90)),
	"turned by 2 to 5 degrees": ({ bytes }, seed) =>
		jpeg(
			sharp(bytes).rotate([2, -3, 5][seed % 3] ?? 2, { background: seed % 2 ? "white" : "black" }),
		),
	mirrored: ({ bytes }, seed) => jpeg(seed % 4 === 3 ? sharp(bytes).flip() : sharp(bytes).flop()),
	recoloured: ({ bytes }, seed) => {
		const picture = sharp(bytes);
		switch (seed % 6) {
			case 0:
				return jpeg(picture.modulate({ brightness: 1.25 }));
			case 1:
				return jpeg(picture.modulate({ brightness: 0.7 }));
			case 2:
				return jpeg(picture.linear(1.3, -38));
			case 3:
				return jpeg(picture.modulate({ saturation: 1.7 }));
			case 4:
				return jpeg(picture.grayscale());
			default:
				return jpeg(picture.modulate({ hue: 35 }));
		}
	},
};

/** Like the next photo of a burst: one part of the scene has moved by a twentieth. */
export const burstMaker: Maker = async (original) => {
	const { bytes, width, height } = original;
	const part = { left: Math.round(width * 0.35), top: Math.round(height * 0.35) };
	const size = { width: Math.round(width * 0.2), height: Math.round(height * 0.35) };
	const moved = await sharp(bytes)
		.extract({ ...part, ...size })
		.toBuffer();
	const left = part.left + Math.round(width * 0.05);
	return jpeg(sharp(bytes).composite([{ input: moved, left, top: part.top }]));
};
