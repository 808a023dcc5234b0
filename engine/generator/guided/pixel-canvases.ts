/**
 * @file Canvases of pixels, kept smooth by how they are written down: a pyramid of enlarged pictures,
 * and cosine waves whose fine ones are slow to grow. Colours are along the axes in which those of
 * photographs vary independently (Olah, Mordvintsev and Schubert, Feature Visualization, Distill 2017).
 */

import { type Planes, resized } from "../picture/planes.ts";
import type { SeededRandom } from "../picture/random.ts";
import type { Canvas } from "./canvas.ts";

/** Columns: light, warmth, green against purple; the principal axes of photographs' colours, measured. */
const colourAxes = [
	[0.253, 0.098, 0.032],
	[0.247, 0.01, -0.058],
	[0.253, -0.108, 0.024],
] as const;

/** How planes of one size become planes of another, and what that says about gradients; linear. */
interface Basis {
	count: number;
	rates: Float32Array;
	/** [count, 3 channels interleaved by plane] to [3, height, width]. */
	toPlanes(coefficients: Float32Array, width: number, height: number): Float32Array;
	toCoefficients(gradient: Float32Array): Float32Array;
}

class PixelCanvas implements Canvas {
	readonly parameters: Float32Array;
	readonly rates: Float32Array;
	readonly #basis: Basis;
	readonly #start: Planes;
	#drawn: Float32Array = new Float32Array(0);

	constructor(basis: Basis, start: Planes, random: SeededRandom) {
		this.#basis = basis;
		this.#start = start;
		this.parameters = Float32Array.from({ length: basis.count }, () => 0.01 * random.normal());
		this.rates = basis.rates;
	}

	async draw(): Promise<Planes> {
		this.#drawn = this.#shown(this.#start);
		return { width: this.#start.width, height: this.#start.height, values: this.#drawn };
	}

	/** sigmoid(logit(start) + colours x coefficients) */
	#shown(start: Planes): Float32Array {
		const { width, height } = start;
		const axes = this.#basis.toPlanes(this.parameters, width, height);
		const plane = width * height;
		const shown = new Float32Array(3 * plane);
		for (let channel = 0; channel < 3; channel++) {
			const [first, second, third] = colourAxes[channel] ?? [0, 0, 0];
			for (let at = 0; at < plane; at++) {
				const begin = Math.min(0.98, Math.max(0.02, start.values[channel * plane + at] ?? 0.5));
				const moved =
					first * (axes[at] ?? 0) +
					second * (axes[plane + at] ?? 0) +
					third * (axes[2 * plane + at] ?? 0);
				shown[channel * plane + at] = 1 / (1 + Math.exp(-4 * moved) * (1 / begin - 1));
			}
		}
		return shown;
	}

	async pullBack(gradient: Planes): Promise<Float32Array> {
		const plane = gradient.width * gradient.height;
		const byAxes = new Float32Array(3 * plane);
		for (let channel = 0; channel < 3; channel++) {
			const axes = colourAxes[channel] ?? [0, 0, 0];
			for (let at = 0; at < plane; at++) {
				const shown = this.#drawn[channel * plane + at] ?? 0;
				const slope = 4 * shown * (1 - shown) * (gradient.values[channel * plane + at] ?? 0);
				for (let axis = 0; axis < 3; axis++) {
					byAxes[axis * plane + at] = (byAxes[axis * plane + at] ?? 0) + slope * (axes[axis] ?? 0);
				}
			}
		}
		return this.#basis.toCoefficients(byAxes);
	}

	constrain(): void {}

	async render(width: number, height: number): Promise<Planes> {
		return { width, height, values: this.#shown(resized(this.#start, width, height)) };
	}

	async close(): Promise<void> {}
}

/** Waves a side; finer ones would only be grain. */
const wavesMax = 48;

export function createFourierCanvas(start: Planes, random: SeededRandom): Canvas {
	return new PixelCanvas(cosineBasis(start.width, start.height), start, random);
}

/** Products of cosine waves (DCT-II), each as strong as its wave is long. */
function cosineBasis(width: number, height: number): Basis {
	const across = Math.min(wavesMax, width);
	const down = Math.min(wavesMax, height);
	const strength = Float32Array.from({ length: across * down }, (_, at) => {
		return 1 / Math.max(1, Math.hypot(at % across, Math.floor(at / across)));
	});
	const waves = (count: number, length: number) =>
		Float32Array.from({ length: count * length }, (_, at) =>
			Math.cos((Math.PI * Math.floor(at / length) * ((at % length) + 0.5)) / length),
		);
	const wavesX = waves(across, width);
	const wavesY = waves(down, height);
	const count = 3 * across * down;
	return {
		count,
		rates: new Float32Array(count).fill(0.1),
		toPlanes(coefficients, toWidth, toHeight) {
			const [x, y] =
				toWidth === width && toHeight === height
					? [wavesX, wavesY]
					: [waves(across, toWidth), waves(down, toHeight)];
			const planes = new Float32Array(3 * toWidth * toHeight);
			for (let axis = 0; axis < 3; axis++) {
				const own = coefficients.subarray(axis * across * down, (axis + 1) * across * down);
				const scaled = own.map((value, at) => value * (strength[at] ?? 0));
				const rows = product(scaled, x, down, across, toWidth);
				planes.set(
					product(transposed(y, down, toHeight), rows, toHeight, down, toWidth),
					axis * toWidth * toHeight,
				);
			}
			return planes;
		},
		toCoefficients(gradient) {
			const result = new Float32Array(count);
			for (let axis = 0; axis < 3; axis++) {
				const plane = gradient.subarray(axis * width * height, (axis + 1) * width * height);
				const rows = product(plane, transposed(wavesX, across, width), height, width, across);
				const all = product(wavesY, rows, down, height, across);
				for (let at = 0; at < all.length; at++) all[at] = (all[at] ?? 0) * (strength[at] ?? 0);
				result.set(all, axis * across * down);
			}
			return result;
		},
	};
}

/** [rows, inner] x [inner, columns], row-major. */
function product(a: Float32Array, b: Float32Array, rows: number, inner: number, columns: number) {
	const result = new Float32Array(rows * columns);
	for (let row = 0; row < rows; row++) {
		for (let k = 0; k < inner; k++) {
			const factor = a[row * inner + k] ?? 0;
			for (let column = 0; column < columns; column++) {
				const at = row * columns + column;
				result[at] = (result[at] ?? 0) + factor * (b[k * columns + column] ?? 0);
			}
		}
	}
	return result;
}

function transposed(matrix: Float32Array, rows: number, columns: number): Float32Array {
	return matrix.map((_, at) => matrix[(at % rows) * columns + Math.floor(at / rows)] ?? 0);
}

export function createPyramidCanvas(start: Planes, random: SeededRandom): Canvas {
	return new PixelCanvas(pyramidBasis(start.width, start.height), start, random);
}

/** Pictures of a sixteenth, an eighth, … of the size, enlarged and added; the coarse ones move fastest. */
function pyramidBasis(width: number, height: number): Basis {
	const levels = [16, 8, 4, 2].map((reduction) => ({
		width: Math.ceil(width / reduction),
		height: Math.ceil(height / reduction),
		rate: 0.02 * reduction ** 0.5,
	}));
	const sizes = levels.map((level) => 3 * level.width * level.height);
	const count = sizes.reduce((sum, size) => sum + size, 0);
	const rates = new Float32Array(count);
	let filled = 0;
	for (const [at, { rate }] of levels.entries()) {
		rates.fill(rate, filled, filled + (sizes[at] ?? 0));
		filled += sizes[at] ?? 0;
	}
	return {
		count,
		rates,
		toPlanes(coefficients, toWidth, toHeight) {
			const planes = new Float32Array(3 * toWidth * toHeight);
			let start = 0;
			for (const [at, level] of levels.entries()) {
				const own = coefficients.subarray(start, start + (sizes[at] ?? 0));
				start += sizes[at] ?? 0;
				for (let axis = 0; axis < 3; axis++) {
					const part = own.subarray((axis * own.length) / 3, ((axis + 1) * own.length) / 3);
					const rows = product(
						part,
						enlarging(level.width, toWidth),
						level.height,
						level.width,
						toWidth,
					);
					const whole = product(
						transposed(enlarging(level.height, toHeight), level.height, toHeight),
						rows,
						toHeight,
						level.height,
						toWidth,
					);
					const offset = axis * toWidth * toHeight;
					for (const [index, value] of whole.entries()) {
						planes[offset + index] = (planes[offset + index] ?? 0) + value;
					}
				}
			}
			return planes;
		},
		toCoefficients(gradient) {
			const result = new Float32Array(count);
			let start = 0;
			for (const [at, level] of levels.entries()) {
				for (let axis = 0; axis < 3; axis++) {
					const plane = gradient.subarray(axis * width * height, (axis + 1) * width * height);
					const columns = transposed(enlarging(level.width, width), level.width, width);
					const rows = product(plane, columns, height, width, level.width);
					result.set(
						product(enlarging(level.height, height), rows, level.height, height, level.width),
						start + axis * level.width * level.height,
					);
				}
				start += sizes[at] ?? 0;
			}
			return result;
		},
	};
}

/** [from, to]: bilinear enlargement of a line, as a matrix. */
function enlarging(from: number, to: number): Float32Array {
	const matrix = new Float32Array(from * to);
	for (let at = 0; at < to; at++) {
		const place = Math.min(from - 1, Math.max(0, ((at + 0.5) * from) / to - 0.5));
		const first = Math.floor(place);
		matrix[first * to + at] = 1 - (place - first);
		if (first + 1 < from) matrix[(first + 1) * to + at] = place - first;
	}
	return matrix;
}
