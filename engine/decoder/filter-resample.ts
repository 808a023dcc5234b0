/**
 * @file Pillow's resampling for pictures smaller than the encoder wants them.
 *
 * libvips enlarges with its centre half a pixel off from Pillow, which the encoders were trained with; the
 * embedding notices. Shrinking agrees and is left to libvips, which is far faster.
 */
import type { PixelRule } from "./decoder.ts";

/** A rectangle of the source, in its pixels; fractions allowed. */
export interface SourceRegion {
	left: number;
	top: number;
	width: number;
	height: number;
}

/** Triangle, or Catmull-Rom's cubic (a = -0.5), both with their support in source pixels at scale 1. */
const filters = {
	bilinear: { support: 1, weigh: (x: number) => Math.max(0, 1 - Math.abs(x)) },
	bicubic: {
		support: 2,
		weigh: (signed: number) => {
			const x = Math.abs(signed);
			if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
			return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
		},
	},
} as const;

interface Taps {
	first: number;
	weights: Float64Array;
}

/** For each target position, which source positions count and how much; weights sum to 1. */
function tapsOf(
	sourceLength: number,
	start: number,
	length: number,
	targetLength: number,
	filter: (typeof filters)[PixelRule["interpolation"]],
): Taps[] {
	const scale = length / targetLength;
	const stretch = Math.max(1, scale);
	return Array.from({ length: targetLength }, (_, position) => {
		const centre = start + (position + 0.5) * scale;
		const reach = filter.support * stretch;
		const first = Math.max(0, Math.floor(centre - reach + 0.5));
		const end = Math.min(sourceLength, Math.floor(centre + reach + 0.5));
		const weights = Float64Array.from({ length: Math.max(1, end - first) }, (_, index) =>
			filter.weigh((first + index - centre + 0.5) / stretch),
		);
		const total = weights.reduce((sum, weight) => sum + weight, 0) || 1;
		return { first, weights: weights.map((weight) => weight / total) };
	});
}

/** Filters along one axis of uint8 [lines, length, 3] and writes transposed: [target, lines, 3]. */
function resampleAxis(source: Uint8Array, lines: number, length: number, taps: Taps[]): Uint8Array {
	const target = new Uint8ClampedArray(taps.length * lines * 3);
	for (const [position, { first, weights }] of taps.entries()) {
		for (let line = 0; line < lines; line++) {
			for (let channel = 0; channel < 3; channel++) {
				let sum = 0;
				let at = (line * length + first) * 3 + channel;
				for (const weight of weights) {
					sum += weight * (source[at] ?? 0);
					at += 3;
				}
				target[(position * lines + line) * 3 + channel] = sum;
			}
		}
	}
	return new Uint8Array(target.buffer);
}

/**
 * @param source uint8 RGB [height, width, 3].
 * @returns uint8 RGB [targetHeight, targetWidth, 3] of the region.
 */
export function resample(
	source: Uint8Array,
	size: { width: number; height: number },
	region: SourceRegion,
	rule: Pick<PixelRule, "width" | "height" | "interpolation">,
): Uint8Array {
	const filter = filters[rule.interpolation];
	const across = tapsOf(size.width, region.left, region.width, rule.width, filter);
	const down = tapsOf(size.height, region.top, region.height, rule.height, filter);
	const columns = resampleAxis(source, size.height, size.width, across);
	return resampleAxis(columns, rule.width, size.height, down);
}
