/**
 * @file What a hash would be if its picture were turned by a few degrees. A tilt changes a hash beyond
 * recognition, but a hash holds a picture of 8x8 frequencies: that can be drawn, turned and hashed anew.
 */
import { coefficientCount, type Signature } from "./signature.ts";

/** How a program turns a picture by a few degrees. */
export interface Tilt {
	/** Clockwise. */
	degrees: number;
	/** The largest frame without corners; else one grown to hold all, its corners black or white. */
	cropped: boolean;
}

/** Between two of them, hashes still agree. */
const angles = [-10.5, -7, -3.5, 3.5, 7, 10.5];
export const tilts: readonly Tilt[] = angles.flatMap((degrees) =>
	[true, false].map((cropped) => ({ degrees, cropped })),
);

const frequencies = 8;
/** Side of the picture that is drawn: twice the highest frequency. */
const side = 16;

/** DCT-II basis, of unit length each: Float64 [8, 16]. */
const basis = Float64Array.from({ length: frequencies * side }, (_, at) => {
	const frequency = Math.floor(at / side);
	const norm = Math.sqrt((frequency === 0 ? 1 : 2) / side);
	return Math.cos((((at % side) + 0.5) * frequency * Math.PI) / side) * norm;
});

/** The picture of each coefficient: Float64 [16, 16]. */
const waves = Array.from({ length: coefficientCount }, (_, coefficient) => {
	const across = ((coefficient + 1) % frequencies) * side;
	const down = Math.floor((coefficient + 1) / frequencies) * side;
	return Float64Array.from(
		{ length: side * side },
		(_cell, cell) =>
			(basis[across + (cell % side)] ?? 0) * (basis[down + Math.floor(cell / side)] ?? 0),
	);
});

/** From coefficients to those of the picture turned in one way; pictures of one shape share it. */
interface TiltMap {
	/** Float32 [63, 63], row by row: what each coefficient after takes from those before. */
	matrix: Float32Array;
	/** Float32 [63]: and from corners one brighter than the picture's mean. */
	corners: Float32Array;
}

const maps = new Map<string, TiltMap>();
/** Shapes this close are taken for one. */
const aspectSteps = 12;

/**
 * The coefficients of the picture, tilted: in one way where it is cropped, else with black corners and
 * with white ones.
 * @param aspect width over height of the picture before
 * @returns Float32 [63] each, unit length; all zero for a picture that shows nothing
 */
export function tilted(signature: Signature, aspect: number, tilt: Tilt): Float32Array[] {
	const { matrix, corners } = mapOf(aspect, tilt);
	const plain = plainCoefficients(signature);
	const count = plain.length;
	const turned = new Float32Array(count);
	for (let row = 0; row < count; row += 1) {
		let sum = 0;
		const from = row * count;
		for (let at = 0; at < count; at += 1) sum += (matrix[from + at] ?? 0) * (plain[at] ?? 0);
		turned[row] = sum;
	}
	const fills = tilt.cropped ? [0] : [-signature.brightness, 255 - signature.brightness];
	return fills.map((fill) => compressed(turned, corners, fill));
}

/** Signed square roots, as in perceptual-hash.ts; then unit length. */
function compressed(turned: Float32Array, corners: Float32Array, fill: number): Float32Array {
	const coefficients = new Float32Array(turned.length);
	let squares = 0;
	for (let at = 0; at < turned.length; at += 1) {
		const value = (turned[at] ?? 0) + fill * (corners[at] ?? 0);
		coefficients[at] = Math.sign(value) * Math.sqrt(Math.abs(value));
		squares += Math.abs(value);
	}
	const length = Math.sqrt(squares);
	for (let at = 0; at < turned.length && length > 0; at += 1) {
		coefficients[at] = (coefficients[at] ?? 0) / length;
	}
	return coefficients;
}

/** Coefficients without the square root, as large as the picture's contrast; it is nearly all in them. */
function plainCoefficients({ coefficients, contrast }: Signature): Float32Array {
	const plain = coefficients.map((value) => Math.sign(value) * value * value);
	const length = Math.sqrt(plain.reduce((sum, value) => sum + value * value, 0));
	return length === 0 ? plain : plain.map((value) => (value / length) * contrast * side);
}

function mapOf(aspect: number, { degrees, cropped }: Tilt): TiltMap {
	const step = Math.round(Math.log2(aspect) * aspectSteps);
	const name = `${step} ${degrees} ${cropped}`;
	const known = maps.get(name);
	if (known !== undefined) return known;
	const turn = (picture: Float64Array, fill: number) =>
		frequenciesOf(turned(picture, 2 ** (step / aspectSteps), degrees, cropped, fill));
	const matrix = new Float32Array(coefficientCount * coefficientCount);
	for (const [at, wave] of waves.entries()) {
		for (const [row, value] of turn(wave, 0).entries()) {
			matrix[row * coefficientCount + at] = value;
		}
	}
	const map = { matrix, corners: Float32Array.from(turn(new Float64Array(side * side), 1)) };
	maps.set(name, map);
	return map;
}

/** @param aspect of the picture before. @param fill for corners the picture does not reach. */
function turned(
	picture: Float64Array,
	aspect: number,
	degrees: number,
	cropped: boolean,
	fill: number,
): Float64Array {
	const angle = (degrees * Math.PI) / 180;
	const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
	const size = frameOf(aspect, Math.abs(angle), cropped);
	const luma = new Float64Array(side * side);
	for (let row = 0; row < side; row += 1) {
		const y = ((row + 0.5) / side - 0.5) * size.height;
		for (let column = 0; column < side; column += 1) {
			const x = ((column + 0.5) / side - 0.5) * size.width;
			const u = ((cos * x + sin * y) / aspect + 0.5) * side - 0.5;
			const v = (cos * y - sin * x + 0.5) * side - 0.5;
			const outside = u < -0.5 || v < -0.5 || u > side - 0.5 || v > side - 0.5;
			luma[row * side + column] = outside ? fill : between(picture, u, v);
		}
	}
	return luma;
}

function between(picture: Float64Array, u: number, v: number): number {
	const x = Math.min(Math.max(u, 0), side - 1.001);
	const y = Math.min(Math.max(v, 0), side - 1.001);
	const left = Math.floor(x);
	const top = Math.floor(y);
	const right = x - left;
	const at = top * side + left;
	const upper = (picture[at] ?? 0) * (1 - right) + (picture[at + 1] ?? 0) * right;
	const lower = (picture[at + side] ?? 0) * (1 - right) + (picture[at + side + 1] ?? 0) * right;
	return upper + (lower - upper) * (y - top);
}

/** Of a picture of this width and height 1, turned: the frame around all of it, or the largest within. */
function frameOf(aspect: number, angle: number, cropped: boolean) {
	const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
	if (!cropped) return { width: aspect * cos + sin, height: aspect * sin + cos };
	const [long, short] = [Math.max(aspect, 1), Math.min(aspect, 1)];
	if (short <= 2 * sin * cos * long) {
		// Two corners of the frame lie on one long side, the others halfway between the long sides.
		const [across, down] = [short / (2 * sin), short / (2 * cos)];
		return aspect > 1 ? { width: across, height: down } : { width: down, height: across };
	}
	const both = cos * cos - sin * sin;
	return { width: (aspect * cos - sin) / both, height: (cos - aspect * sin) / both };
}

/** The lowest frequencies without the first: Float64 [63]. */
function frequenciesOf(luma: Float64Array): Float64Array {
	const rows = new Float64Array(side * frequencies);
	for (let y = 0; y < side; y += 1) {
		for (let frequency = 0; frequency < frequencies; frequency += 1) {
			let sum = 0;
			for (let x = 0; x < side; x += 1) {
				sum += (luma[y * side + x] ?? 0) * (basis[frequency * side + x] ?? 0);
			}
			rows[y * frequencies + frequency] = sum;
		}
	}
	const found = new Float64Array(coefficientCount);
	for (let at = 0; at < coefficientCount; at += 1) {
		const across = (at + 1) % frequencies;
		const down = Math.floor((at + 1) / frequencies);
		let sum = 0;
		for (let y = 0; y < side; y += 1) {
			sum += (rows[y * frequencies + across] ?? 0) * (basis[down * side + y] ?? 0);
		}
		found[at] = sum;
	}
	return found;
}
