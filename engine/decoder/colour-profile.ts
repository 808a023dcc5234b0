/**
 * @file Matrix colour profiles (Display P3, Adobe RGB, sRGB) applied to shrunken pixels.
 *
 * [Note: Colour after shrinking] Nearly every phone photo carries a Display P3 profile, and the general
 * transform costs as much as decoding the JPEG. A matrix profile is three curves and nine numbers, so it
 * is applied here, to the few pixels left after shrinking. Every other kind of profile (tables, CMYK,
 * grey) goes through the imaging library before shrinking.
 */

/** An RGB profile of three tone curves and a matrix (ICC.1:2022, 8.3.3). */
export interface MatrixProfile {
	/** Per channel, device value 0..255 to linear light 0..1. */
	curves: readonly [Float32Array, Float32Array, Float32Array];
	/** Row-major 3x3, linear device RGB to linear sRGB. */
	matrix: Float32Array;
}

/** XYZ under D50 to linear sRGB, row-major: IEC 61966-2-1 primaries adapted with Bradford. */
const sRgbFromXyz = [
	3.1338561, -1.6168667, -0.4906146, -0.9787684, 1.9161415, 0.033454, 0.0719453, -0.2289914,
	1.4052427,
];

const encodeSteps = 8192;

/** Linear light in `encodeSteps` to sRGB uint8 (IEC 61966-2-1). */
const sRgbEncoding = Uint8Array.from({ length: encodeSteps + 1 }, (_, step) => {
	const linear = step / encodeSteps;
	const encoded = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
	return Math.round(encoded * 255);
});

/** Reads a `curv` or `para` tag (ICC.1:2022, 10.6 and 10.18); null when it is neither. */
function readCurve(tag: DataView): Float32Array | null {
	const type = tag.getUint32(0);
	const fixed = (index: number): number => tag.getInt32(12 + index * 4) / 65536;
	let evaluate: (x: number) => number;
	if (type === 0x63757276) {
		const count = tag.getUint32(8);
		if (count === 0) evaluate = (x) => x;
		else if (count === 1) {
			const gamma = tag.getUint16(12) / 256;
			evaluate = (x) => x ** gamma;
		} else {
			evaluate = (x) => {
				const at = x * (count - 1);
				const below = Math.min(Math.floor(at), count - 2);
				const low = tag.getUint16(12 + below * 2);
				const high = tag.getUint16(14 + below * 2);
				return (low + (high - low) * (at - below)) / 65535;
			};
		}
	} else if (type === 0x70617261) {
		const kind = tag.getUint16(8);
		const parameterCount = [1, 3, 4, 5, 7][kind];
		if (parameterCount === undefined) return null;
		const [g = 1, a = 1, b = 0, c = 0, d = 0, e = 0, f = 0] = Array.from(
			{ length: parameterCount },
			(_, index) => fixed(index),
		);
		if (kind === 0) evaluate = (x) => x ** g;
		else if (kind === 1) evaluate = (x) => (x >= -b / a ? (a * x + b) ** g : 0);
		else if (kind === 2) evaluate = (x) => (x >= -b / a ? (a * x + b) ** g : 0) + c;
		else evaluate = (x) => (x >= d ? (a * x + b) ** g + e : c * x + f);
	} else return null;
	return Float32Array.from({ length: 256 }, (_, value) => {
		const linear = evaluate(value / 255);
		return Number.isFinite(linear) ? Math.min(1, Math.max(0, linear)) : 0;
	});
}

function readTags(profile: Buffer): Map<string, DataView> {
	const tags = new Map<string, DataView>();
	const count = Math.min(profile.readUInt32BE(128), 200);
	for (let index = 0; index < count; index++) {
		const entry = 132 + index * 12;
		const offset = profile.readUInt32BE(entry + 4);
		const size = profile.readUInt32BE(entry + 8);
		if (offset + size > profile.length) continue;
		tags.set(
			profile.toString("latin1", entry, entry + 4),
			new DataView(profile.buffer, profile.byteOffset + offset, size),
		);
	}
	return tags;
}

/** @returns null for every profile that is not a plain RGB matrix, and for damaged ones. */
export function readMatrixProfile(profile: Buffer): MatrixProfile | null {
	try {
		if (profile.toString("latin1", 16, 24) !== "RGB XYZ ") return null;
		const tags = readTags(profile);
		if (tags.has("A2B0") || tags.has("A2B1")) return null;
		const columns = ["rXYZ", "gXYZ", "bXYZ"].map((name) => tags.get(name));
		const [red, green, blue] = ["rTRC", "gTRC", "bTRC"].map((name) => {
			const tag = tags.get(name);
			return tag === undefined ? null : readCurve(tag);
		});
		if (!red || !green || !blue) return null;
		const matrix = new Float32Array(9);
		for (const [column, tag] of columns.entries()) {
			if (tag === undefined) return null;
			for (let row = 0; row < 3; row++) {
				let sum = 0;
				for (let axis = 0; axis < 3; axis++) {
					sum += (sRgbFromXyz[row * 3 + axis] ?? 0) * (tag.getInt32(8 + axis * 4) / 65536);
				}
				matrix[row * 3 + column] = sum;
			}
		}
		return { curves: [red, green, blue], matrix };
	} catch (error) {
		// Reading past the end of a damaged profile.
		if (error instanceof RangeError) return null;
		throw error;
	}
}

/** Converts in place. @param pixels uint8 RGB, any count; becomes sRGB, clipped to its gamut. */
export function convertToSrgb(pixels: Uint8Array, profile: MatrixProfile): void {
	// Scaled so that the sums are indexes of the encoding table.
	const [redCurve, greenCurve, blueCurve] = profile.curves;
	const [m0 = 0, m1 = 0, m2 = 0, m3 = 0, m4 = 0, m5 = 0, m6 = 0, m7 = 0, m8 = 0] = Array.from(
		profile.matrix,
		(value) => value * encodeSteps,
	);
	const encoding = sRgbEncoding;
	for (let at = 0; at + 2 < pixels.length; at += 3) {
		const red = redCurve[pixels[at] ?? 0] ?? 0;
		const green = greenCurve[pixels[at + 1] ?? 0] ?? 0;
		const blue = blueCurve[pixels[at + 2] ?? 0] ?? 0;
		const r = (m0 * red + m1 * green + m2 * blue + 0.5) | 0;
		const g = (m3 * red + m4 * green + m5 * blue + 0.5) | 0;
		const b = (m6 * red + m7 * green + m8 * blue + 0.5) | 0;
		pixels[at] = encoding[Math.max(0, Math.min(encodeSteps, r))] ?? 0;
		pixels[at + 1] = encoding[Math.max(0, Math.min(encodeSteps, g))] ?? 0;
		pixels[at + 2] = encoding[Math.max(0, Math.min(encodeSteps, b))] ?? 0;
	}
}

/** True when converting changes nothing anyone could see: the many profiles that are sRGB by some name. */
export function isSrgb(profile: MatrixProfile): boolean {
	const levels = [0, 40, 90, 140, 200, 255];
	const samples = levels.flatMap((r) => levels.flatMap((g) => levels.flatMap((b) => [r, g, b])));
	const converted = Uint8Array.from(samples);
	convertToSrgb(converted, profile);
	return converted.every((value, index) => Math.abs(value - (samples[index] ?? 0)) <= 3);
}
