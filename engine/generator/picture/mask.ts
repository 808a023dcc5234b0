/** @file Masks: which part of the start picture may change, and how what is new passes into what stays. */
import type { RgbPicture } from "../picture-generator.ts";
import { type Planes, planesOf, resized } from "./planes.ts";

/** Nearly black and nearly white are meant so: formats that lose something leave neither. */
const blackUpTo = 8;
const whiteFrom = 247;

/** Of the picture's shorter side, and at least so many pixels: how wide the passage is. */
const edgeShare = 1 / 64;
const edgePixelsAtLeast = 2;

/** @param pixels sRGB, uint8 [height, width, 3] @returns uint8 [height, width], 255 paint, 0 keep */
export function maskFrom(pixels: Uint8Array): Uint8Array {
	return Uint8Array.from({ length: pixels.length / 3 }, (_, at) => {
		const [red = 0, green = 0, blue = 0] = pixels.subarray(3 * at, 3 * at + 3);
		const grey = Math.round((red + green + blue) / 3);
		if (grey <= blackUpTo) return 0;
		return grey >= whiteFrom ? 255 : grey;
	});
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

/** What of a job a mask needs. */
export interface KeptPart {
	width: number;
	height: number;
	/** Of the job's size. */
	start: { picture: RgbPicture } | null;
	/** uint8 [height, width]; 0 keeps the start picture. */
	mask: Uint8Array | null;
}

/**
 * Outside the mask the start picture as it was, to the byte; inside it passes into what was drawn within a few
 * pixels. Without a mask, what was drawn.
 * @param drawn of any size
 */
export function withKeptPart(drawn: Planes, job: KeptPart): Planes {
	const { start, mask } = job;
	if (start === null || mask === null) return drawn;
	const { width, height } = drawn;
	const kept = resized(planesOf(start.picture), width, height);
	const share = softened({ width, height, share: resizedMask(mask, job, drawn) });
	const values = drawn.values.map((value, at) => {
		const own = share[at % share.length] ?? 1;
		return own * value + (1 - own) * (kept.values[at] ?? 0);
	});
	return { ...drawn, values };
}

interface Shares {
	width: number;
	height: number;
	/** float32 [height, width], 0 to 1. */
	share: Float32Array;
}

/** The mean of the mask and of what is left of it pixel by pixel from its edge inwards: never more than the mask. */
function softened({ width, height, share }: Shares): Float32Array {
	const rounds = Math.max(edgePixelsAtLeast, Math.round(Math.min(width, height) * edgeShare));
	const sum = new Float32Array(share.length);
	let left = share;
	for (let round = 0; round < rounds; round++) {
		for (const [at, value] of left.entries()) sum[at] = (sum[at] ?? 0) + value;
		// A cross and a square in turn come near to a circle.
		left = eroded({ width, height, share: left }, round % 2 === 1);
	}
	return sum.map((value) => value / rounds);
}

/** The least of each pixel and its neighbours; beyond the picture's border there are none. */
function eroded({ width, height, share }: Shares, diagonally: boolean): Float32Array {
	return share.map((own, at) => {
		if (own === 0) return 0;
		const column = at % width;
		const row = Math.floor(at / width);
		let least = own;
		for (let down = row > 0 ? -1 : 0; down <= (row < height - 1 ? 1 : 0); down++) {
			for (let across = column > 0 ? -1 : 0; across <= (column < width - 1 ? 1 : 0); across++) {
				if (!diagonally && down !== 0 && across !== 0) continue;
				least = Math.min(least, share[at + down * width + across] ?? 1);
			}
		}
		return least;
	});
}
