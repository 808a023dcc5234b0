/** @file Pictures as three planes of numbers, their enlargement and reduction, and back to bytes. */
import type { RgbPicture } from "../picture-generator.ts";

/** Red, green and blue, each float32 [height, width], 0 to 1 where it can be shown. */
export interface Planes {
	width: number;
	height: number;
	/** [3, height, width] */
	values: Float32Array;
}

export function emptyPlanes(width: number, height: number): Planes {
	return { width, height, values: new Float32Array(3 * width * height) };
}

export function planesOf({ width, height, pixels }: RgbPicture): Planes {
	const planes = emptyPlanes(width, height);
	const plane = width * height;
	for (let at = 0; at < plane; at++) {
		for (let channel = 0; channel < 3; channel++) {
			planes.values[channel * plane + at] = (pixels[at * 3 + channel] ?? 0) / 255;
		}
	}
	return planes;
}

export function pictureOf({ width, height, values }: Planes): RgbPicture {
	const plane = width * height;
	const pixels = new Uint8Array(plane * 3);
	for (let at = 0; at < plane; at++) {
		for (let channel = 0; channel < 3; channel++) {
			const value = values[channel * plane + at] ?? 0;
			pixels[at * 3 + channel] = Math.round(255 * Math.min(1, Math.max(0, value)));
		}
	}
	return { width, height, pixels };
}

/** Where a sample lies between two of the source, pixel centres on pixel centres. */
interface Taps {
	first: Int32Array;
	/** Share of the place after `first`. */
	share: Float32Array;
}

function taps(from: number, to: number): Taps {
	const first = new Int32Array(to);
	const share = new Float32Array(to);
	for (let at = 0; at < to; at++) {
		const place = Math.min(from - 1, Math.max(0, ((at + 0.5) * from) / to - 0.5));
		first[at] = Math.min(Math.max(0, from - 2), Math.floor(place));
		share[at] = from === 1 ? 0 : place - (first[at] ?? 0);
	}
	return { first, share };
}

/** Bilinear; reduces by averaging over the covered area, so that nothing fine turns into grain. */
export function resized(planes: Planes, width: number, height: number): Planes {
	let source = planes;
	while (source.width >= 2 * width && source.height >= 2 * height) source = halved(source);
	if (source.width === width && source.height === height) {
		return { width, height, values: Float32Array.from(source.values) };
	}
	const result = emptyPlanes(width, height);
	const across = taps(source.width, width);
	const down = taps(source.height, height);
	for (let channel = 0; channel < 3; channel++) {
		const from = channel * source.width * source.height;
		for (let row = 0; row < height; row++) {
			const above = from + (down.first[row] ?? 0) * source.width;
			const below = source.height === 1 ? above : above + source.width;
			const low = down.share[row] ?? 0;
			for (let column = 0; column < width; column++) {
				const left = across.first[column] ?? 0;
				const right = source.width === 1 ? left : left + 1;
				const part = across.share[column] ?? 0;
				const { values } = source;
				const upper =
					(values[above + left] ?? 0) * (1 - part) + (values[above + right] ?? 0) * part;
				const lower =
					(values[below + left] ?? 0) * (1 - part) + (values[below + right] ?? 0) * part;
				result.values[(channel * height + row) * width + column] = upper * (1 - low) + lower * low;
			}
		}
	}
	return result;
}

/** Each pixel the mean of four; an odd last row or column is left out. */
export function halved({ width, height, values }: Planes): Planes {
	const result = emptyPlanes(Math.floor(width / 2), Math.floor(height / 2));
	let target = 0;
	for (let channel = 0; channel < 3; channel++) {
		for (let row = 0; row < result.height; row++) {
			let source = channel * width * height + 2 * row * width;
			for (let column = 0; column < result.width; column++, source += 2, target++) {
				const upper = (values[source] ?? 0) + (values[source + 1] ?? 0);
				const lower = (values[source + width] ?? 0) + (values[source + width + 1] ?? 0);
				result.values[target] = (upper + lower) / 4;
			}
		}
	}
	return result;
}

/** Adds to `gradient` what the gradient by `halved`'s result says about its source. */
export function addHalvedGradient(gradient: Planes, byHalved: Planes): void {
	const { width, height, values } = gradient;
	let from = 0;
	for (let channel = 0; channel < 3; channel++) {
		for (let row = 0; row < byHalved.height; row++) {
			let to = channel * width * height + 2 * row * width;
			for (let column = 0; column < byHalved.width; column++, to += 2, from++) {
				const share = (byHalved.values[from] ?? 0) / 4;
				values[to] = (values[to] ?? 0) + share;
				values[to + 1] = (values[to + 1] ?? 0) + share;
				values[to + width] = (values[to + width] ?? 0) + share;
				values[to + width + 1] = (values[to + width + 1] ?? 0) + share;
			}
		}
	}
}
