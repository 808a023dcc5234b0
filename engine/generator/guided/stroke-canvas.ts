/**
 * @file A picture of soft brush strokes laid over one another, each a few numbers that gradients move,
 * turn, stretch and colour. Strokes have no place for noise and are sharp at any size. (The idea of
 * CLIPDraw, Frans et al., arXiv:2106.14843; drawn and differentiated here without a rasteriser.)
 */
import { strokeParts } from "../picture/painted-finish.ts";
import { emptyPlanes, type Planes } from "../picture/planes.ts";
import type { SeededRandom } from "../picture/random.ts";
import type { Canvas } from "./canvas.ts";

/** How quickly a stroke's edge fades; the edge lies where half of it is seen. */
const edge = 5;
/** Beyond this squared distance, in half axes, a stroke is not seen. */
const reach = 1 + 4.5 / edge;

/** How far a step moves each part: places and sizes slowly, colours faster. */
const partRates = [0.006, 0.006, 0.04, 0.04, 0.06, 0.02, 0.02, 0.02, 0.02] as const;

export class StrokeCanvas implements Canvas {
	readonly parameters: Float32Array;
	readonly rates: Float32Array;
	readonly #width: number;
	readonly #height: number;
	readonly #planes: Planes;
	readonly #gradient: Float32Array;
	/** What each stroke painted over, so that the way back sees what the stroke saw. */
	#under = new Float32Array(1 << 20);
	#starts: number[] = [];

	/** @param size what is optimised at; `render` draws at any other. */
	constructor(strokes: Float32Array, size: { width: number; height: number }) {
		this.parameters = strokes;
		this.rates = Float32Array.from(strokes, (_, at) => partRates[at % strokeParts] ?? 0);
		this.#width = size.width;
		this.#height = size.height;
		this.#planes = emptyPlanes(size.width, size.height);
		this.#gradient = new Float32Array(strokes.length);
	}

	async draw(): Promise<Planes> {
		const { values } = this.#planes;
		values.fill(0.5);
		this.#starts = [];
		let used = 0;
		for (let at = 0; at < this.parameters.length; at += strokeParts) {
			this.#starts.push(used);
			const stroke = strokeAt(this.parameters, at, this.#width, this.#height);
			const needed = used + 3 * stroke.columns * stroke.rows;
			if (needed > this.#under.length) {
				const larger = new Float32Array(2 * needed);
				larger.set(this.#under);
				this.#under = larger;
			}
			used = paint(stroke, this.#planes, this.#under, used);
		}
		return this.#planes;
	}

	async pullBack(gradient: Planes): Promise<Float32Array> {
		const remaining = Float32Array.from(gradient.values);
		for (let index = this.#starts.length - 1; index >= 0; index--) {
			const at = index * strokeParts;
			const stroke = strokeAt(this.parameters, at, this.#width, this.#height);
			const under = this.#under.subarray(this.#starts[index]);
			this.#pullStroke(stroke, at, remaining, under);
		}
		return this.#gradient;
	}

	#pullStroke(stroke: Stroke, at: number, remaining: Float32Array, under: Float32Array): void {
		const { red, green, blue, opacity, cos, sin } = stroke;
		const width = this.#width;
		const plane = width * this.#height;
		let byX = 0;
		let byY = 0;
		let byLength = 0;
		let byWidth = 0;
		let byAngle = 0;
		let byRed = 0;
		let byGreen = 0;
		let byBlue = 0;
		let byOpacity = 0;
		let used = 0;
		for (let row = 0; row < stroke.rows; row++) {
			const y = stroke.top + row + 0.5 - stroke.y;
			for (let column = 0; column < stroke.columns; column++) {
				const x = stroke.left + column + 0.5 - stroke.x;
				const u = (cos * x + sin * y) / stroke.halfLength;
				const v = (cos * y - sin * x) / stroke.halfWidth;
				const distance = u * u + v * v;
				if (distance >= reach) continue;
				const shown = 1 / (1 + Math.exp(edge * (distance - 1)));
				const cover = shown * opacity;
				const place = (stroke.top + row) * width + stroke.left + column;
				const gradientRed = remaining[place] ?? 0;
				const gradientGreen = remaining[place + plane] ?? 0;
				const gradientBlue = remaining[place + 2 * plane] ?? 0;
				byRed += gradientRed * cover;
				byGreen += gradientGreen * cover;
				byBlue += gradientBlue * cover;
				const byCover =
					gradientRed * (red - (under[used] ?? 0)) +
					gradientGreen * (green - (under[used + 1] ?? 0)) +
					gradientBlue * (blue - (under[used + 2] ?? 0));
				used += 3;
				remaining[place] = gradientRed * (1 - cover);
				remaining[place + plane] = gradientGreen * (1 - cover);
				remaining[place + 2 * plane] = gradientBlue * (1 - cover);
				byOpacity += byCover * shown;
				const byDistance = -byCover * opacity * edge * shown * (1 - shown);
				const byU = 2 * u * byDistance;
				const byV = 2 * v * byDistance;
				byLength -= byU * u;
				byWidth -= byV * v;
				byX += (-byU * cos) / stroke.halfLength + (byV * sin) / stroke.halfWidth;
				byY += (-byU * sin) / stroke.halfLength - (byV * cos) / stroke.halfWidth;
				byAngle +=
					(byU * v * stroke.halfWidth) / stroke.halfLength -
					(byV * u * stroke.halfLength) / stroke.halfWidth;
			}
		}
		this.#gradient.set(
			[
				byX * width,
				byY * this.#height,
				byLength,
				byWidth,
				byAngle,
				byRed,
				byGreen,
				byBlue,
				byOpacity,
			],
			at,
		);
	}

	constrain(): void {
		const { parameters } = this;
		const clamp = (at: number, low: number, high: number): void => {
			parameters[at] = Math.min(high, Math.max(low, parameters[at] ?? 0));
		};
		for (let at = 0; at < parameters.length; at += strokeParts) {
			clamp(at, 0, 1);
			clamp(at + 1, 0, 1);
			clamp(at + 2, Math.log(0.012), Math.log(0.6));
			clamp(at + 3, Math.log(0.008), Math.log(0.5));
			for (let part = 5; part < 8; part++) clamp(at + part, 0.02, 0.98);
			clamp(at + 8, 0.1, 0.97);
		}
	}

	async render(width: number, height: number): Promise<Planes> {
		return renderStrokes(this.parameters, width, height);
	}

	async close(): Promise<void> {}
}

function renderStrokes(strokes: Float32Array, width: number, height: number): Planes {
	const planes = emptyPlanes(width, height);
	planes.values.fill(0.5);
	for (let at = 0; at < strokes.length; at += strokeParts) {
		paint(strokeAt(strokes, at, width, height), planes, null, 0);
	}
	return planes;
}

/** One stroke in pixels of a picture, and the box of pixels it may touch. */
interface Stroke {
	x: number;
	y: number;
	halfLength: number;
	halfWidth: number;
	cos: number;
	sin: number;
	red: number;
	green: number;
	blue: number;
	opacity: number;
	left: number;
	top: number;
	columns: number;
	rows: number;
}

function strokeAt(parameters: Float32Array, at: number, width: number, height: number): Stroke {
	const part = (index: number): number => parameters[at + index] ?? 0;
	const unit = Math.sqrt(width * height);
	const x = part(0) * width;
	const y = part(1) * height;
	const halfLength = Math.exp(part(2)) * unit;
	const halfWidth = Math.exp(part(3)) * unit;
	const cos = Math.cos(part(4));
	const sin = Math.sin(part(4));
	const far = Math.sqrt(reach);
	const spanX = far * Math.hypot(halfLength * cos, halfWidth * sin);
	const spanY = far * Math.hypot(halfLength * sin, halfWidth * cos);
	const left = Math.max(0, Math.floor(x - spanX));
	const top = Math.max(0, Math.floor(y - spanY));
	return {
		x,
		y,
		halfLength,
		halfWidth,
		cos,
		sin,
		red: part(5),
		green: part(6),
		blue: part(7),
		opacity: part(8),
		left,
		top,
		columns: Math.max(0, Math.min(width, Math.ceil(x + spanX)) - left),
		rows: Math.max(0, Math.min(height, Math.ceil(y + spanY)) - top),
	};
}

/** @param under takes what was there before, three numbers a pixel touched. @returns its new length. */
function paint(stroke: Stroke, planes: Planes, under: Float32Array | null, from: number): number {
	const { width, height, values } = planes;
	const plane = width * height;
	const { red, green, blue, opacity, cos, sin } = stroke;
	let used = from;
	for (let row = 0; row < stroke.rows; row++) {
		const y = stroke.top + row + 0.5 - stroke.y;
		for (let column = 0; column < stroke.columns; column++) {
			const x = stroke.left + column + 0.5 - stroke.x;
			const u = (cos * x + sin * y) / stroke.halfLength;
			const v = (cos * y - sin * x) / stroke.halfWidth;
			const distance = u * u + v * v;
			if (distance >= reach) continue;
			const cover = opacity / (1 + Math.exp(edge * (distance - 1)));
			const place = (stroke.top + row) * width + stroke.left + column;
			const oldRed = values[place] ?? 0;
			const oldGreen = values[place + plane] ?? 0;
			const oldBlue = values[place + 2 * plane] ?? 0;
			if (under !== null) {
				under[used] = oldRed;
				under[used + 1] = oldGreen;
				under[used + 2] = oldBlue;
				used += 3;
			}
			values[place] = oldRed + cover * (red - oldRed);
			values[place + plane] = oldGreen + cover * (green - oldGreen);
			values[place + 2 * plane] = oldBlue + cover * (blue - oldBlue);
		}
	}
	return used;
}

/** Strokes from large to small, scattered evenly, in the colours of a picture. */
export function scatterStrokes(start: Planes, count: number, random: SeededRandom): Float32Array {
	const strokes = new Float32Array(count * strokeParts);
	const plane = start.width * start.height;
	for (let index = 0; index < count; index++) {
		const share = index / count;
		const size = 0.3 * (1 - share) ** 1.6 + 0.025;
		// A golden-ratio sequence fills the picture more evenly than chance does.
		const x = index < 12 ? ((index % 4) + 0.5) / 4 : (index * 0.7548776662 + 0.5) % 1;
		const y = index < 12 ? (Math.floor(index / 4) + 0.5) / 3 : (index * 0.569840291 + 0.5) % 1;
		const column = Math.min(start.width - 1, Math.floor(x * start.width));
		const row = Math.min(start.height - 1, Math.floor(y * start.height));
		const place = row * start.width + column;
		const colour = (channel: number): number =>
			(start.values[channel * plane + place] ?? 0.5) + 0.03 * random.normal();
		strokes.set(
			[
				x,
				y,
				Math.log(size * random.between(1, 1.6)),
				Math.log(size * random.between(0.35, 0.8)),
				random.between(-0.6, 0.6),
				colour(0),
				colour(1),
				colour(2),
				index < 12 ? 0.95 : 0.75,
			],
			index * strokeParts,
		);
	}
	return strokes;
}
