/** @file What a picture is asked for besides fitting the prompt; each adds its gradient to the pixels'. */
import type { Planes } from "../picture/planes.ts";

/**
 * Smoothness: weight x mean over pixels of sqrt(dx^2 + dy^2), total variation (Rudin, Osher and Fatemi,
 * Physica D 60, 1992).
 */
export function addTotalVariation(picture: Planes, gradient: Planes, weight: number): void {
	const { width, height, values } = picture;
	const to = gradient.values;
	const share = weight / (width * height);
	for (let channel = 0; channel < 3; channel++) {
		for (let row = 0; row < height - 1; row++) {
			for (let column = 0; column < width - 1; column++) {
				const at = (channel * height + row) * width + column;
				const value = values[at] ?? 0;
				const across = (values[at + 1] ?? 0) - value;
				const down = (values[at + width] ?? 0) - value;
				const slope = share / Math.sqrt(across * across + down * down + 1e-4);
				to[at] = (to[at] ?? 0) - slope * (across + down);
				to[at + 1] = (to[at + 1] ?? 0) + slope * across;
				to[at + width] = (to[at + width] ?? 0) + slope * down;
			}
		}
	}
}

/** Likeness: weight x mean squared difference from another picture of the same size. */
export function addDifference(
	picture: Planes,
	other: Planes,
	gradient: Planes,
	weight: number,
): void {
	const share = (2 * weight) / (picture.width * picture.height);
	for (const [at, value] of picture.values.entries()) {
		const pull = share * (value - (other.values[at] ?? 0));
		gradient.values[at] = (gradient.values[at] ?? 0) + pull;
	}
}

/** Colours: weight x mean squared distance of each pixel to the nearest colour of a palette. */
export function addPalette(
	picture: Planes,
	palette: readonly (readonly [number, number, number])[],
	gradient: Planes,
	weight: number,
): void {
	const plane = picture.width * picture.height;
	const share = (2 * weight) / plane;
	for (let at = 0; at < plane; at++) {
		const colour = [0, 1, 2].map((channel) => picture.values[channel * plane + at] ?? 0);
		let nearest = Number.POSITIVE_INFINITY;
		let best: readonly number[] = colour;
		for (const candidate of palette) {
			const differences = candidate.map((part, channel) => (colour[channel] ?? 0) - part / 255);
			const distance = differences.reduce((sum, part) => sum + part * part, 0);
			if (distance < nearest) {
				nearest = distance;
				best = differences;
			}
		}
		if (best === colour) continue;
		for (const [channel, part] of best.entries()) {
			const index = channel * plane + at;
			gradient.values[index] = (gradient.values[index] ?? 0) + share * part;
		}
	}
}
