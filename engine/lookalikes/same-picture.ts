/**
 * @file Whether two pictures are one picture: laid over each other, they must agree block by block.
 *
 * [Note: Copies, not likenesses] Two photos of a scene, even from one burst, differ somewhere: a person has
 * moved, leaves have moved. A copy differs nowhere, whatever was done to its size, frame or colours. So what
 * counts is not how alike two pictures are on the whole, but that no block of them disagrees.
 */
import { type Alignment, align, overlay, type SmallLuma, turnOf } from "./alignment.ts";
import { frameFill } from "./frame-fill.ts";
import { cellsOf, type Position } from "./positions.ts";

/** Side of the pictures compared. */
export const comparedSide = 96;
const blockSide = 8;

/** A picture stretched to [96, 96]. */
export interface SmallPicture {
	/** Float32 [96, 96], 0 to 255. */
	luma: Float32Array;
	/** Root mean square distance of the colours from grey, 0 to 255. */
	colourfulness: number;
	/** Mean blue and red difference. */
	tint: readonly [number, number];
}

/** How the second of two pictures that are one differs from the first. */
export interface PictureMatch {
	position: Position;
	/** Degrees by which it is turned besides. */
	turnedBy: number;
	/** Share of the first's area that the second shows, and the other way round. */
	shownOfFirst: number;
	shownOfSecond: number;
	/** The second's contrast over the first's, and how much brighter it is in the mean, 0 to 255. */
	contrast: number;
	brighter: number;
}

/** @param pixels uint8 [96, 96, 3], sRGB */
export function smallPicture(pixels: Uint8Array): SmallPicture {
	const luma = new Float32Array(comparedSide * comparedSide);
	const sums = { blue: 0, red: 0, squares: 0 };
	for (let cell = 0; cell < luma.length; cell += 1) {
		const [r = 0, g = 0, b = 0] = [pixels[cell * 3], pixels[cell * 3 + 1], pixels[cell * 3 + 2]];
		const y = 0.299 * r + 0.587 * g + 0.114 * b;
		const blue = 0.564 * (b - y);
		const red = 0.713 * (r - y);
		luma[cell] = y;
		sums.blue += blue;
		sums.red += red;
		sums.squares += blue * blue + red * red;
	}
	return {
		luma,
		colourfulness: Math.sqrt(sums.squares / luma.length),
		tint: [sums.blue / luma.length, sums.red / luma.length],
	};
}

/** What blocks disagreed, as figures the decision is made of. */
export interface Agreement {
	/** Correlation over all that both show. */
	overall: number;
	blocks: number;
	/** Blocks whose texture disagrees. */
	disagreeing: number;
	/** Greatest difference of block means, in standard deviations of the picture. */
	greatestDifference: number;
}

/**
 * @param position how the first has to be turned to look like the second
 * @returns null where they are not the same picture
 */
export function matchPictures(
	first: SmallPicture,
	second: SmallPicture,
	position: Position,
): PictureMatch | null {
	const turned = Float32Array.from(
		cellsOf(position, comparedSide),
		(cell) => first.luma[cell] ?? 0,
	);
	const below: SmallLuma = { side: comparedSide, values: second.luma };
	const alignment = align({ side: comparedSide, values: turned }, below);
	if (alignment === null) return null;
	const seen = visibleParts(turned, below, alignment);
	const agreement = agree(turned, seen);
	if (agreement === null || !isOnePicture(agreement)) return null;
	return { position, turnedBy: turnOf(alignment), ...overlap(alignment), ...tones(turned, seen) };
}

/** See [Note: Copies, not likenesses]. The limits were chosen on one half of a set and checked on the other. */
function isOnePicture({ overall, blocks, disagreeing, greatestDifference }: Agreement): boolean {
	return overall > 0.93 && blocks >= 60 && disagreeing <= blocks / 100 && greatestDifference < 0.9;
}

/** The second over the first; NaN where it does not reach, or is the fill of a turned frame. */
function visibleParts(first: Float32Array, second: SmallLuma, alignment: Alignment): Float32Array {
	const seen = overlay(comparedSide, second, alignment.affine);
	const { gain, offset } = alignment;
	const turned = Math.abs(turnOf(alignment)) > 0.7;
	const fills = turned
		? [frameFill(first, comparedSide), frameFill(second.values, comparedSide)]
		: [];
	const [fillOfFirst, fillOfSecond] = fills;
	const fillSeen =
		fillOfSecond &&
		overlay(comparedSide, { side: comparedSide, values: fillOfSecond }, alignment.affine);
	for (let cell = 0; cell < seen.length; cell += 1) {
		const value = seen[cell] ?? Number.NaN;
		const own = first[cell] ?? 0;
		const clipped =
			clippedAlike(value, (own - offset) / gain) || clippedAlike(own, gain * value + offset);
		const fill = (fillOfFirst?.[cell] ?? 0) > 0 || (fillSeen?.[cell] ?? 0) > 0.02;
		if (fill) seen[cell] = Number.NaN;
		else if (clipped) seen[cell] = (own - offset) / gain;
	}
	return seen;
}

/** White where white was to be expected, or black where black was: brightening lost what was there. */
function clippedAlike(value: number, expected: number): boolean {
	return (value > 249 && expected > 243) || (value < 6 && expected < 12);
}

/** Null where too little of both is to be seen. */
function agree(first: Float32Array, seen: Float32Array): Agreement | null {
	const whole = statistics(first, seen, 0, 0, comparedSide);
	if (whole.count < first.length * 0.4) return null;
	const { varianceOfFirst, varianceOfSecond } = whole;
	// Blocks without texture agree: below this there is only the noise of compression.
	const noise = 0.0025 + 9 / (Math.min(varianceOfFirst, varianceOfSecond) + 1);
	const result: Agreement = {
		overall: whole.covariance / Math.sqrt(varianceOfFirst * varianceOfSecond + 1e-6),
		blocks: 0,
		disagreeing: 0,
		greatestDifference: 0,
	};
	const deviationOfFirst = Math.sqrt(varianceOfFirst + 1);
	const deviationOfSecond = Math.sqrt(varianceOfSecond + 1);
	for (let top = 0; top < comparedSide; top += blockSide) {
		for (let left = 0; left < comparedSide; left += blockSide) {
			const block = statistics(first, seen, left, top, blockSide);
			if (block.count < blockSide * blockSide * 0.6) continue;
			result.blocks += 1;
			const textureOfFirst = block.varianceOfFirst / (varianceOfFirst + 1);
			const textureOfSecond = block.varianceOfSecond / (varianceOfSecond + 1);
			const shared = block.covariance / (deviationOfFirst * deviationOfSecond);
			const correlation =
				(shared + noise) / Math.sqrt((textureOfFirst + noise) * (textureOfSecond + noise));
			if (correlation < 0.6) result.disagreeing += 1;
			const difference =
				(block.meanOfFirst - whole.meanOfFirst) / deviationOfFirst -
				(block.meanOfSecond - whole.meanOfSecond) / deviationOfSecond;
			result.greatestDifference = Math.max(result.greatestDifference, Math.abs(difference));
		}
	}
	return result;
}

interface BlockStatistics {
	count: number;
	meanOfFirst: number;
	meanOfSecond: number;
	varianceOfFirst: number;
	varianceOfSecond: number;
	covariance: number;
}

/** Over the cells of a square where both are seen. */
function statistics(
	first: Float32Array,
	seen: Float32Array,
	left: number,
	top: number,
	side: number,
): BlockStatistics {
	let [count, a, b, aa, bb, ab] = [0, 0, 0, 0, 0, 0];
	for (let y = top; y < top + side; y += 1) {
		for (let cell = y * comparedSide + left; cell < y * comparedSide + left + side; cell += 1) {
			const v = seen[cell] ?? Number.NaN;
			if (Number.isNaN(v)) continue;
			const u = first[cell] ?? 0;
			count += 1;
			a += u;
			b += v;
			aa += u * u;
			bb += v * v;
			ab += u * v;
		}
	}
	const n = Math.max(1, count);
	const [meanOfFirst, meanOfSecond] = [a / n, b / n];
	return {
		count,
		meanOfFirst,
		meanOfSecond,
		varianceOfFirst: Math.max(0, aa / n - meanOfFirst ** 2),
		varianceOfSecond: Math.max(0, bb / n - meanOfSecond ** 2),
		covariance: ab / n - meanOfFirst * meanOfSecond,
	};
}

function tones(first: Float32Array, seen: Float32Array) {
	const all = statistics(first, seen, 0, 0, comparedSide);
	return {
		contrast: Math.sqrt(all.varianceOfSecond / Math.max(1, all.varianceOfFirst)),
		brighter: all.meanOfSecond - all.meanOfFirst,
	};
}

/** Shares of both areas that lie over the other, on a grid of points. */
function overlap({ affine }: Alignment): { shownOfFirst: number; shownOfSecond: number } {
	const [a = 1, b = 0, tx = 0, c = 0, d = 1, ty = 0] = affine;
	const points = 40;
	let inside = 0;
	for (let row = 0; row < points; row += 1) {
		for (let column = 0; column < points; column += 1) {
			const x = (column + 0.5) / (points / 2) - 1;
			const y = (row + 0.5) / (points / 2) - 1;
			const [u, v] = [a * x + b * y + tx, c * x + d * y + ty];
			if (Math.abs(u) <= 1 && Math.abs(v) <= 1) inside += 1;
		}
	}
	const shownOfFirst = inside / points ** 2;
	return { shownOfFirst, shownOfSecond: Math.min(1, shownOfFirst * Math.abs(a * d - b * c)) };
}
