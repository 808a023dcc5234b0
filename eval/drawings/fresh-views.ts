/** @file Views of a picture that drawing it did not use: crops, mirrored ones, all through JPEG. */
import sharp from "sharp";
import { SeededRandom } from "../../engine/generator/picture/random.ts";

/** Of the encoder's pictures. */
export const viewSide = 256;
const cropsPerPicture = 6;

/** The picture as it is, then crops at random, every other one mirrored, all of those through JPEG at quality 60. */
export async function freshViews(path: string, seed: number): Promise<Uint8Array[]> {
	const random = new SeededRandom(0x5eed + seed);
	const source = await sharp(path)
		.resize(viewSide, viewSide, { fit: "cover" })
		.removeAlpha()
		.png()
		.toBuffer();
	const views = [await sharp(source).raw().toBuffer()];
	for (let at = 0; at < cropsPerPicture; at++) {
		const size = Math.round(viewSide * random.between(0.7, 1));
		const left = Math.floor(random.uniform() * (viewSide - size + 1));
		const top = Math.floor(random.uniform() * (viewSide - size + 1));
		const jpeg = await sharp(source)
			.extract({ left, top, width: size, height: size })
			.flop(at % 2 === 1)
			.jpeg({ quality: 60 })
			.toBuffer();
		const view = sharp(jpeg).resize(viewSide, viewSide, { fit: "fill", kernel: "linear" });
		views.push(await view.removeAlpha().raw().toBuffer());
	}
	return views.map((view) => new Uint8Array(view));
}
