/** @file From what a family drew to the picture that was asked for: size, finish, and what is kept. */
import type { Finish, RgbPicture } from "../picture-generator.ts";
import { paintedFrom } from "./painted-finish.ts";
import { type Planes, pictureOf, planesOf, resized } from "./planes.ts";
import { SeededRandom } from "./random.ts";

/** What of a job the finish heeds. */
export interface FinishWishes {
	seed: number;
	width: number;
	height: number;
	finish: Finish;
	/** Of the job's size. */
	start: { picture: RgbPicture } | null;
	/** uint8 [height, width]; 0 keeps the start picture. */
	mask: Uint8Array | null;
}

/** @param drawn of any size. */
export function finished(drawn: Planes, wishes: FinishWishes): RgbPicture {
	const { width, height, finish, seed } = wishes;
	const whole =
		finish === "smooth"
			? resized(drawn, width, height)
			: paintedFrom(drawn, width, height, new SeededRandom(seed));
	return pictureOf(composed(whole, wishes));
}

/** Outside the mask, the start picture as it was. */
function composed(drawn: Planes, { start, mask }: FinishWishes): Planes {
	if (start === null || mask === null) return drawn;
	const kept = planesOf(start.picture);
	const values = drawn.values.map((value, at) => {
		const share = (mask[at % mask.length] ?? 255) / 255;
		return share * value + (1 - share) * (kept.values[at] ?? 0);
	});
	return { ...drawn, values };
}

/** A mask at another size. @returns float32 [size.height, size.width], 0 to 1. */
export function resizedMask(
	mask: Uint8Array,
	{ width, height }: { width: number; height: number },
	size: { width: number; height: number },
): Float32Array {
	const values = new Float32Array(3 * width * height);
	for (const [at, value] of mask.entries()) values[at] = value / 255;
	return resized({ width, height, values }, size.width, size.height).values.slice(
		0,
		size.width * size.height,
	);
}
