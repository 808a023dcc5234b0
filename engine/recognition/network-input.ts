/** @file Pixels as the networks want them: float32 planes, blue first, a byte v as v / 127.5 - 1. */
import { cornersOf, type RotatedRectangle } from "./geometry.ts";

/** An upright picture, sRGB, uint8 [height, width, 3]. */
export interface Raster {
	pixels: Uint8Array;
	width: number;
	height: number;
}

/** Float32 [3, height, width]. */
export interface Planes {
	values: Float32Array;
	width: number;
	height: number;
}

/**
 * The picture scaled to these sides, averaging the pixels that fall together when it shrinks and
 * interpolating between them when it grows.
 */
export function scaledPlanes(raster: Raster, width: number, height: number): Planes {
	const columns = weights(raster.width, width);
	const rows = weights(raster.height, height);
	const values = new Float32Array(3 * width * height);
	const line = new Float32Array(raster.width * 3);
	for (let y = 0; y < height; y++) {
		line.fill(0);
		const row = rows[y];
		if (row === undefined) break;
		for (const [index, weight] of row.weights.entries()) {
			const from = (row.first + index) * raster.width * 3;
			for (let at = 0; at < line.length; at++) {
				line[at] = (line[at] ?? 0) + weight * (raster.pixels[from + at] ?? 0);
			}
		}
		for (let x = 0; x < width; x++) {
			const column = columns[x];
			if (column === undefined) break;
			for (let channel = 0; channel < 3; channel++) {
				let sum = 0;
				let at = column.first * 3 + 2 - channel;
				for (const weight of column.weights) {
					sum += weight * (line[at] ?? 0);
					at += 3;
				}
				values[(channel * height + y) * width + x] = sum / 127.5 - 1;
			}
		}
	}
	return { values, width, height };
}

interface Weights {
	first: number;
	/** Sum to 1. */
	weights: number[];
}

/** A triangle as wide as the larger of the two pixels, for every pixel of the result. */
function weights(from: number, to: number): Weights[] {
	const scale = from / to;
	const reach = Math.max(1, scale);
	return Array.from({ length: to }, (_, index) => {
		const centre = (index + 0.5) * scale - 0.5;
		const first = Math.max(0, Math.ceil(centre - reach));
		const last = Math.min(from - 1, Math.floor(centre + reach));
		const raw: number[] = [];
		for (let at = first; at <= last; at++) raw.push(Math.max(0, 1 - Math.abs(at - centre) / reach));
		const sum = raw.reduce((total, weight) => total + weight, 0);
		return { first, weights: raw.map((weight) => weight / sum) };
	});
}

/**
 * What lies in a rotated rectangle, turned level and scaled to these sides: each pixel is interpolated
 * between its four neighbours, or averaged over a few such points where the picture is much finer.
 */
export function rectifiedPlanes(
	raster: Raster,
	rectangle: RotatedRectangle,
	width: number,
	height: number,
): Planes {
	const [start] = cornersOf(rectangle);
	const values = new Float32Array(3 * width * height);
	if (start === undefined) return { values, width, height };
	const cosine = Math.cos(rectangle.angle);
	const sine = Math.sin(rectangle.angle);
	const stepAlong = rectangle.width / width;
	const stepAcross = rectangle.height / height;
	const points = Math.min(4, Math.max(1, Math.round(Math.max(stepAlong, stepAcross))));
	const share = 1 / (points * points * 127.5);
	const plane = width * height;
	for (let y = 0; y < height; y++) {
		for (let x = 0; x < width; x++) {
			let [blue, green, red] = [0, 0, 0];
			for (let point = 0; point < points * points; point++) {
				const along = (x + ((point % points) + 0.5) / points) * stepAlong;
				const across = (y + (Math.floor(point / points) + 0.5) / points) * stepAcross;
				const sourceX = start.x + along * cosine - across * sine - 0.5;
				const sourceY = start.y + along * sine + across * cosine - 0.5;
				const left = clamp(Math.floor(sourceX), raster.width - 1);
				const right = clamp(Math.floor(sourceX) + 1, raster.width - 1);
				const top = clamp(Math.floor(sourceY), raster.height - 1) * raster.width;
				const bottom = clamp(Math.floor(sourceY) + 1, raster.height - 1) * raster.width;
				const toRight = sourceX - Math.floor(sourceX);
				const down = sourceY - Math.floor(sourceY);
				const corners = [
					[(top + left) * 3, (1 - toRight) * (1 - down)],
					[(top + right) * 3, toRight * (1 - down)],
					[(bottom + left) * 3, (1 - toRight) * down],
					[(bottom + right) * 3, toRight * down],
				] as const;
				for (const [at, weight] of corners) {
					red += weight * (raster.pixels[at] ?? 0);
					green += weight * (raster.pixels[at + 1] ?? 0);
					blue += weight * (raster.pixels[at + 2] ?? 0);
				}
			}
			const at = y * width + x;
			values[at] = blue * share - 1;
			values[plane + at] = green * share - 1;
			values[2 * plane + at] = red * share - 1;
		}
	}
	return { values, width, height };
}

const clamp = (value: number, most: number): number => Math.min(most, Math.max(0, value));
