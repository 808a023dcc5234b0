/** @file Perceptual hashes compared in all eight positions; see [Note: Perceptual hash] for their layout. */
import { perceptualHashBytes } from "../decoder/perceptual-hash.ts";
import { type Position, positions } from "./positions.ts";

/** Coefficients of a hash, row by row, the first of the 8x8 block left out. */
export const coefficientCount = 63;
const side = 8;

/** A hash unpacked for comparing. */
export interface Signature {
	version: number;
	/** Standard deviation of luma, 0 to 127. */
	contrast: number;
	/** Float32 [63], unit length; all zero for a picture that shows nothing. */
	coefficients: Float32Array;
	/** Mean luma, 0 to 255. */
	brightness: number;
	/** Int8 [32]: blue then red differences of a 4x4 grid. */
	colours: Int8Array;
}

/** Null for what is no hash of a known layout. */
export function readSignature(hash: Uint8Array): Signature | null {
	if (hash.length !== perceptualHashBytes) return null;
	const values = new Int8Array(hash.buffer, hash.byteOffset, hash.byteLength);
	const coefficients = Float32Array.from(values.subarray(2, 2 + coefficientCount));
	const length = Math.hypot(...coefficients);
	if (length > 0) {
		for (let at = 0; at < coefficients.length; at += 1) {
			coefficients[at] = (coefficients[at] ?? 0) / length;
		}
	}
	return {
		version: values[0] ?? 0,
		contrast: values[1] ?? 0,
		coefficients,
		brightness: (values[65] ?? 0) + 128,
		colours: values.slice(66),
	};
}

/** For each coefficient of a picture in a position: where the upright picture has it, and its sign. */
export interface CoefficientMap {
	position: Position;
	from: Uint8Array;
	sign: Int8Array;
}

/** Mirroring changes the sign of odd frequencies; a quarter turn also swaps rows and columns. */
export const coefficientMaps: readonly CoefficientMap[] = positions.map((position) => {
	const from = new Uint8Array(coefficientCount);
	const sign = new Int8Array(coefficientCount);
	for (let at = 0; at < coefficientCount; at += 1) {
		const vertical = Math.floor((at + 1) / side);
		const horizontal = (at + 1) % side;
		const { mirrored, turnedDegrees } = position;
		const swaps = turnedDegrees === 90 || turnedDegrees === 270;
		const [sourceVertical, sourceHorizontal] = swaps
			? [horizontal, vertical]
			: [vertical, horizontal];
		// Clockwise by 90 is a swap and then left for right; by 270 a swap and then top for bottom.
		let odd = 0;
		if (turnedDegrees === 90 || turnedDegrees === 180) odd += horizontal;
		if (turnedDegrees === 270 || turnedDegrees === 180) odd += vertical;
		if (mirrored) odd += sourceHorizontal;
		from[at] = sourceVertical * side + sourceHorizontal - 1;
		sign[at] = odd % 2 === 0 ? 1 : -1;
	}
	return { position, from, sign };
});

/** How alike two pictures look with the first in a position: cosine of the coefficients, -1 to 1. */
export function likeness(first: Signature, second: Signature, map: CoefficientMap): number {
	let sum = 0;
	for (let at = 0; at < coefficientCount; at += 1) {
		sum +=
			(first.coefficients[map.from[at] ?? 0] ?? 0) *
			(map.sign[at] ?? 0) *
			(second.coefficients[at] ?? 0);
	}
	return sum;
}

/** Every position with its likeness, best first. */
export function likenessByPosition(
	first: Signature,
	second: Signature,
): { position: Position; likeness: number }[] {
	return coefficientMaps
		.map((map) => ({ position: map.position, likeness: likeness(first, second, map) }))
		.sort((a, b) => b.likeness - a.likeness);
}
