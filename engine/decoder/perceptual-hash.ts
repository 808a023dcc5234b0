/**
 * @file A perceptual hash: what a picture looks like from afar, in 98 bytes.
 *
 * [Note: Perceptual hash] The luma's 8x8 lowest DCT coefficients (after Zauner, "Implementation and
 * benchmarking of perceptual image hash functions", 2010), kept as small numbers and not as 64 bits of sign:
 * a mirrored or turned picture has the same coefficients with other signs and places, so one hash stands for
 * all eight positions of a picture, and how sure a sign is stays known. Beside it a 4x4 grid of colour.
 * Layout, one signed byte each: version, contrast, 63 coefficients (row by row without the first), mean
 * luma less 128, 16 blue differences, 16 red differences.
 */
import type { PixelRule } from "./decoder.ts";

/** Bytes of a hash. */
export const perceptualHashBytes = 98;

/**
 * Hashes of different versions are never compared: the pixels under them were cut differently. Only older
 * libraries have any of `crop`.
 */
const versions = { stretch: 1, crop: 2 } as const;

const lumaSide = 32;
const coefficientSide = 8;
const colourSide = 4;

/** DCT-II basis, [frequency][place], orthonormal up to a factor that cancels out. */
const basis = Array.from({ length: coefficientSide }, (_, frequency) =>
	Float64Array.from(
		{ length: lumaSide },
		(_, place) =>
			Math.cos(((place + 0.5) * frequency * Math.PI) / lumaSide) *
			(frequency === 0 ? Math.SQRT1_2 : 1),
	),
);

/**
 * Hashes upright sRGB pixels.
 * @param pixels uint8 [height, width, 3] as the rule says
 * @returns int8 values in `perceptualHashBytes` bytes, see [Note: Perceptual hash]
 */
export function perceptualHash(pixels: Uint8Array, rule: PixelRule): Uint8Array {
	const { width, height } = rule;
	const { luma, blue, red } = shrink(pixels, width, height);
	const mean = average(luma);
	const deviation = Math.sqrt(average(luma.map((value) => (value - mean) ** 2)));

	const hash = new Int8Array(perceptualHashBytes);
	hash[0] = versions[rule.resize];
	hash[1] = Math.min(127, Math.round(deviation));
	hash.set(compressed(cosineTransform(luma)), 2);
	hash[65] = Math.round(mean) - 128;
	hash.set(colourGrid(blue, luma, 0.564), 66);
	hash.set(colourGrid(red, luma, 0.713), 82);
	return new Uint8Array(hash.buffer);
}

/** Luma and two channels as means of areas, [32, 32]; a picture smaller than that repeats its pixels. */
function shrink(pixels: Uint8Array, width: number, height: number) {
	const luma = new Float64Array(lumaSide * lumaSide);
	const blue = new Float64Array(lumaSide * lumaSide);
	const red = new Float64Array(lumaSide * lumaSide);
	for (let y = 0; y < lumaSide; y += 1) {
		const top = Math.floor((y * height) / lumaSide);
		const bottom = Math.max(top + 1, Math.floor(((y + 1) * height) / lumaSide));
		for (let x = 0; x < lumaSide; x += 1) {
			const left = Math.floor((x * width) / lumaSide);
			const right = Math.max(left + 1, Math.floor(((x + 1) * width) / lumaSide));
			let [redSum, greenSum, blueSum] = [0, 0, 0];
			for (let row = top; row < bottom; row += 1) {
				const end = (row * width + right) * 3;
				for (let at = (row * width + left) * 3; at < end; at += 3) {
					redSum += pixels[at] ?? 0;
					greenSum += pixels[at + 1] ?? 0;
					blueSum += pixels[at + 2] ?? 0;
				}
			}
			const area = (bottom - top) * (right - left);
			const cell = y * lumaSide + x;
			red[cell] = redSum / area;
			blue[cell] = blueSum / area;
			luma[cell] = (0.299 * redSum + 0.587 * greenSum + 0.114 * blueSum) / area;
		}
	}
	return { luma, blue, red };
}

/** The 63 lowest coefficients after the first, row by row. */
function cosineTransform(luma: Float64Array): Float64Array {
	const rows = new Float64Array(lumaSide * coefficientSide);
	for (let y = 0; y < lumaSide; y += 1) {
		for (const [frequency, wave] of basis.entries()) {
			let sum = 0;
			for (let x = 0; x < lumaSide; x += 1) sum += (luma[y * lumaSide + x] ?? 0) * (wave[x] ?? 0);
			rows[y * coefficientSide + frequency] = sum;
		}
	}
	const coefficients = new Float64Array(coefficientSide * coefficientSide);
	for (const [vertical, wave] of basis.entries()) {
		for (let horizontal = 0; horizontal < coefficientSide; horizontal += 1) {
			let sum = 0;
			for (let y = 0; y < lumaSide; y += 1) {
				sum += (rows[y * coefficientSide + horizontal] ?? 0) * (wave[y] ?? 0);
			}
			coefficients[vertical * coefficientSide + horizontal] = sum;
		}
	}
	return coefficients.subarray(1);
}

/** Signed square roots, the largest 127: pictures have far more of low frequencies than of high ones. */
function compressed(coefficients: Float64Array): Int8Array {
	const largest = coefficients.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
	// Below this, differences are rounding of 8-bit pixels.
	if (largest < 64) return new Int8Array(coefficients.length);
	return Int8Array.from(coefficients, (value) =>
		Math.round(Math.sign(value) * Math.sqrt(Math.abs(value) / largest) * 127),
	);
}

/** Colour difference from luma in 4x4 areas (ITU-R BT.601), int8. */
function colourGrid(channel: Float64Array, luma: Float64Array, factor: number): Int8Array {
	const area = lumaSide / colourSide;
	const sums = new Float64Array(colourSide * colourSide);
	for (let at = 0; at < luma.length; at += 1) {
		const row = Math.floor(at / lumaSide / area);
		const column = Math.floor((at % lumaSide) / area);
		const cell = row * colourSide + column;
		sums[cell] = (sums[cell] ?? 0) + ((channel[at] ?? 0) - (luma[at] ?? 0)) * factor;
	}
	return Int8Array.from(sums, (sum) => Math.max(-127, Math.min(127, Math.round(sum / area ** 2))));
}

function average(values: Float64Array): number {
	return values.reduce((sum, value) => sum + value, 0) / values.length;
}
