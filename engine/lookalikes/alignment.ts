/**
 * @file Lays one small picture over another: shift, scale, slant and turn by a few degrees, with brightness
 * and contrast free. Gauss-Newton on intensities from coarse to fine (Baker and Matthews, "Lucas-Kanade 20
 * years on", 2004) with Tukey's weights, so that what only one picture shows does not pull.
 */

/** Luma, Float32 [side, side], 0 to 255. */
export interface SmallLuma {
	side: number;
	values: Float32Array;
}

/** Where a point of the first picture lies in the second; coordinates from -1 to 1 over the whole picture. */
export interface Alignment {
	/** Row by row [2, 3]: x' = a0 x + a1 y + a2, y' = a3 x + a4 y + a5. */
	affine: Float64Array;
	/** The first picture's luma is `gain` times the second's and `offset` more. */
	gain: number;
	offset: number;
}

const parameterCount = 8;
const levels = [
	{ halvings: 2, steps: 14 },
	{ halvings: 1, steps: 10 },
	{ halvings: 0, steps: 6 },
];

/**
 * @param first and @param second of the same side, a multiple of four
 * @returns null where no sensible alignment was found; turns of up to 45 degrees are tried
 */
export function align(first: SmallLuma, second: SmallLuma): Alignment | null {
	const affine = bestStart(halved(first, 2), halved(second, 2));
	if (affine === null) return null;
	const state: Alignment = { affine, ...matchTones(first.values, second.values) };
	for (const { halvings, steps } of levels) {
		const [a, b] = [halved(first, halvings), halved(second, halvings)];
		for (let step = 0; step < steps; step += 1) {
			const moved = improve(a, b, state);
			if (moved === null || !isSensible(affine)) return null;
			if (moved < 0.02 / a.side) break;
		}
	}
	return state;
}

/** Turns to begin from: farther away, the steps would end in another valley. */
const startDegrees = Array.from({ length: 31 }, (_, at) => (at - 15) * 3);
/** A frame that grew with the turn shows the picture smaller; one that shrank, larger. */
const startScales = [1, 0.9, 1.1];
/** Pictures are stretched to squares, which slants a turn: by these ratios of width to height. */
const startAspects = [1.4, 0.71];
/** Least correlation of blurred pictures for going on. */
const leastStart = 0.35;

function bestStart(first: SmallLuma, second: SmallLuma): Float64Array | null {
	let best: { affine: Float64Array | null; correlation: number } = {
		affine: null,
		correlation: leastStart,
	};
	for (const degrees of startDegrees) {
		const angle = (degrees * Math.PI) / 180;
		for (const scale of startScales) {
			for (const aspect of Math.abs(degrees) > 3 ? startAspects : [1]) {
				const [cos, sin] = [Math.cos(angle) * scale, Math.sin(angle) * scale];
				const affine = Float64Array.of(cos, -sin / aspect, 0, sin * aspect, cos, 0);
				const found = correlation(first, second, affine);
				if (found > best.correlation) best = { affine, correlation: found };
			}
		}
	}
	return best.affine;
}

/** Over what both show, -1 to 1. */
function correlation(first: SmallLuma, second: SmallLuma, affine: Float64Array): number {
	let [count, a, b, aa, bb, ab] = [0, 0, 0, 0, 0, 0];
	walk(first.side, second, affine, (cell, v) => {
		const u = first.values[cell] ?? 0;
		count += 1;
		a += u;
		b += v;
		aa += u * u;
		bb += v * v;
		ab += u * v;
	});
	if (count < first.values.length / 2) return -1;
	const covariance = ab - (a * b) / count;
	return covariance / Math.sqrt((aa - (a * a) / count) * (bb - (b * b) / count) + 1e-6);
}

/** Degrees by which the second is turned against the first. */
export function turnOf({ affine }: Alignment): number {
	const [a = 1, b = 0, , c = 0, d = 1] = affine;
	return (Math.atan2(c - b, a + d) * 180) / Math.PI;
}

function isSensible(affine: Float64Array): boolean {
	const [a = 1, b = 0, tx = 0, c = 0, d = 1, ty = 0] = affine;
	const inside = Math.abs(tx) < 0.5 && Math.abs(ty) < 0.5;
	const scales = [Math.hypot(a, c), Math.hypot(b, d)];
	return inside && scales.every((scale) => scale > 0.6 && scale < 1.65) && a * d - b * c > 0.3;
}

function matchTones(first: Float32Array, second: Float32Array): { gain: number; offset: number } {
	const [a, b] = [moments(first), moments(second)];
	const gain = a.deviation / Math.max(1, b.deviation);
	return { gain, offset: a.mean - gain * b.mean };
}

function moments(values: Float32Array): { mean: number; deviation: number } {
	let sum = 0;
	let squares = 0;
	for (const value of values) {
		sum += value;
		squares += value * value;
	}
	const mean = sum / values.length;
	return { mean, deviation: Math.sqrt(Math.max(0, squares / values.length - mean * mean)) };
}

/** Halves a picture by means of 2x2. */
function halved(picture: SmallLuma, times: number): SmallLuma {
	if (times === 0) return picture;
	const side = picture.side / 2;
	const values = new Float32Array(side * side);
	for (let y = 0; y < side; y += 1) {
		for (let x = 0; x < side; x += 1) {
			const at = 2 * y * picture.side + 2 * x;
			let sum = 0;
			for (const next of [at, at + 1, at + picture.side, at + picture.side + 1]) {
				sum += picture.values[next] ?? 0;
			}
			values[y * side + x] = sum / 4;
		}
	}
	return halved({ side, values }, times - 1);
}

/**
 * Looks the second picture up at every point of the first.
 * @param visit called for points inside both: cell of the first, value and slopes of the second
 */
function walk(
	side: number,
	second: SmallLuma,
	affine: Float64Array,
	visit: (
		cell: number,
		value: number,
		slopeX: number,
		slopeY: number,
		x: number,
		y: number,
	) => void,
): void {
	const [a = 1, b = 0, tx = 0, c = 0, d = 1, ty = 0] = affine;
	const half = second.side / 2;
	const { values } = second;
	const limit = second.side - 1;
	for (let row = 0; row < side; row += 1) {
		const y = (row + 0.5) / (side / 2) - 1;
		for (let column = 0; column < side; column += 1) {
			const x = (column + 0.5) / (side / 2) - 1;
			const u = (a * x + b * y + tx + 1) * half - 0.5;
			const v = (c * x + d * y + ty + 1) * half - 0.5;
			if (u < 0 || v < 0 || u >= limit || v >= limit) continue;
			const left = Math.floor(u);
			const top = Math.floor(v);
			const right = u - left;
			const below = v - top;
			const at = top * second.side + left;
			const p00 = values[at] ?? 0;
			const p01 = values[at + 1] ?? 0;
			const p10 = values[at + second.side] ?? 0;
			const p11 = values[at + second.side + 1] ?? 0;
			const upper = p00 + (p01 - p00) * right;
			const lower = p10 + (p11 - p10) * right;
			const slopeX = (p01 - p00) * (1 - below) + (p11 - p10) * below;
			visit(row * side + column, upper + (lower - upper) * below, slopeX, lower - upper, x, y);
		}
	}
}

/** One Gauss-Newton step; how far the corners moved, or null where the pictures hardly overlap. */
function improve(first: SmallLuma, second: SmallLuma, state: Alignment): number | null {
	const { side } = first;
	const cells = side * side;
	const rows: number[] = [];
	const residuals: number[] = [];
	const jacobian = new Float64Array(cells * parameterCount);
	const scale = (second.side / 2) * state.gain;
	walk(side, second, state.affine, (cell, value, slopeX, slopeY, x, y) => {
		const at = rows.length * parameterCount;
		jacobian[at] = scale * slopeX * x;
		jacobian[at + 1] = scale * slopeX * y;
		jacobian[at + 2] = scale * slopeX;
		jacobian[at + 3] = scale * slopeY * x;
		jacobian[at + 4] = scale * slopeY * y;
		jacobian[at + 5] = scale * slopeY;
		jacobian[at + 6] = value;
		jacobian[at + 7] = 1;
		rows.push(cell);
		residuals.push((first.values[cell] ?? 0) - state.gain * value - state.offset);
	});
	if (rows.length < cells * 0.5) return null;
	const spread = 1.48 * median(residuals.map(Math.abs));
	const reach = Math.max(12, 4.7 * spread);
	const normal = new Float64Array(parameterCount * (parameterCount + 1));
	for (const [row, residual] of residuals.entries()) {
		const share = residual / reach;
		if (Math.abs(share) >= 1) continue;
		const weight = (1 - share * share) ** 2;
		const at = row * parameterCount;
		for (let i = 0; i < parameterCount; i += 1) {
			const weighted = weight * (jacobian[at + i] ?? 0);
			const line = i * (parameterCount + 1);
			for (let j = i; j < parameterCount; j += 1) {
				normal[line + j] = (normal[line + j] ?? 0) + weighted * (jacobian[at + j] ?? 0);
			}
			normal[line + parameterCount] = (normal[line + parameterCount] ?? 0) + weighted * residual;
		}
	}
	const change = solve(normal);
	if (change === null) return null;
	let moved = 0;
	for (let at = 0; at < 6; at += 1) {
		state.affine[at] = (state.affine[at] ?? 0) + (change[at] ?? 0);
		moved = Math.max(moved, Math.abs(change[at] ?? 0));
	}
	state.gain += change[6] ?? 0;
	state.offset += change[7] ?? 0;
	return state.gain > 0.1 && state.gain < 10 ? moved : null;
}

function median(values: number[]): number {
	values.sort((a, b) => a - b);
	return values[values.length >> 1] ?? 0;
}

/** Solves the symmetric system [8, 9] given by its upper half; null where it has no single solution. */
function solve(system: Float64Array): Float64Array | null {
	const width = parameterCount + 1;
	const cell = (row: number, column: number) => system[row * width + column] ?? 0;
	for (let row = 1; row < parameterCount; row += 1) {
		for (let column = 0; column < row; column += 1)
			system[row * width + column] = cell(column, row);
	}
	for (let row = 0; row < parameterCount; row += 1) {
		const before = cell(row, row);
		// A trace of damping keeps directions without any slope where they are.
		system[row * width + row] = before * (1 + 1e-6) + 1e-6;
	}
	for (let pivot = 0; pivot < parameterCount; pivot += 1) {
		const value = cell(pivot, pivot);
		if (!(Math.abs(value) > 1e-12)) return null;
		for (let row = pivot + 1; row < parameterCount; row += 1) {
			const factor = cell(row, pivot) / value;
			for (let column = pivot; column < width; column += 1) {
				system[row * width + column] = cell(row, column) - factor * cell(pivot, column);
			}
		}
	}
	const solution = new Float64Array(parameterCount);
	for (let row = parameterCount - 1; row >= 0; row -= 1) {
		let sum = cell(row, parameterCount);
		for (let column = row + 1; column < parameterCount; column += 1) {
			sum -= cell(row, column) * (solution[column] ?? 0);
		}
		solution[row] = sum / cell(row, row);
	}
	return solution;
}

/**
 * The second picture as seen from the first.
 * @returns luma Float32 [side, side]; NaN where the second does not reach
 */
export function overlay(side: number, second: SmallLuma, affine: Float64Array): Float32Array {
	const seen = new Float32Array(side * side).fill(Number.NaN);
	walk(side, second, affine, (cell, value) => {
		seen[cell] = value;
	});
	return seen;
}
