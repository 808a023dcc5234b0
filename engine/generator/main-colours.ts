/**
 * @file The main colours of pictures: k-means (Lloyd 1982, https://doi.org/10.1109/TIT.1982.1056489) over their
 * pixels in Oklab (https://bottosson.github.io/posts/oklab/), where equal distances look equally large.
 */

/** sRGB, 0 to 255. */
export type Colour = [number, number, number];
type Point = readonly [number, number, number];

const rounds = 12;
/** Oklab: nearer ones look the same in a picture. */
const leastDistance = 0.06;

/**
 * At most `count` colours, those of most pixels first; the same pixels give the same colours.
 *
 * @param pixels sRGB, uint8, three a pixel
 */
export function mainColours(pixels: Uint8Array, count: number): Colour[] {
	const points: Point[] = [];
	for (let at = 0; at + 2 < pixels.length; at += 3) {
		points.push(toOklab(pixels[at] ?? 0, pixels[at + 1] ?? 0, pixels[at + 2] ?? 0));
	}
	let centres = spread(points, count);
	let sizes: number[] = [];
	for (let round = 0; round < rounds; round += 1) {
		const sums = centres.map(() => [0, 0, 0] as [number, number, number]);
		sizes = centres.map(() => 0);
		for (const point of points) {
			const own = nearest(point, centres);
			const sum = sums[own];
			if (sum === undefined) continue;
			for (const axis of [0, 1, 2] as const) sum[axis] += point[axis];
			sizes[own] = (sizes[own] ?? 0) + 1;
		}
		centres = centres.map((centre, at): Point => {
			const [size, sum] = [sizes[at] ?? 0, sums[at]];
			return size === 0 || sum === undefined
				? centre
				: [sum[0] / size, sum[1] / size, sum[2] / size];
		});
	}
	return centres
		.map((centre, at) => ({ centre, size: sizes[at] ?? 0 }))
		.filter(({ size }) => size > 0)
		.sort((one, other) => other.size - one.size)
		.map(({ centre }) => toSrgb(centre));
}

/** Points far from one another to begin with: each next is the farthest from those chosen. */
function spread(points: readonly Point[], count: number): Point[] {
	const [first] = points;
	if (first === undefined) return [];
	const chosen: Point[] = [first];
	const distances = points.map((point) => distance(point, first));
	while (chosen.length < count) {
		let farthest = 0;
		for (const [at, far] of distances.entries()) {
			if (far > (distances[farthest] ?? 0)) farthest = at;
		}
		const next = points[farthest];
		if (next === undefined || (distances[farthest] ?? 0) < leastDistance ** 2) break;
		chosen.push(next);
		for (const [at, point] of points.entries()) {
			distances[at] = Math.min(distances[at] ?? 0, distance(point, next));
		}
	}
	return chosen;
}

function nearest(point: Point, centres: readonly Point[]): number {
	let best = 0;
	let least = Number.POSITIVE_INFINITY;
	for (const [at, centre] of centres.entries()) {
		const far = distance(point, centre);
		if (far < least) [best, least] = [at, far];
	}
	return best;
}

/** Squared. */
function distance(one: Point, other: Point): number {
	return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2 + (one[2] - other[2]) ** 2;
}

function toOklab(red: number, green: number, blue: number): Point {
	const [r, g, b] = [linear(red), linear(green), linear(blue)];
	const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
	const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
	const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
	return [
		0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
		1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
		0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
	];
}

function toSrgb([lightness, a, b]: Point): Colour {
	const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
	const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
	const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
	return [
		encoded(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
		encoded(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
		encoded(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
	];
}

/** Of 0 to 255: the light it stands for, 0 to 1. */
function linear(part: number): number {
	const value = part / 255;
	return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function encoded(light: number): number {
	const value = light <= 0.0031308 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055;
	return Math.round(Math.min(1, Math.max(0, value)) * 255);
}
