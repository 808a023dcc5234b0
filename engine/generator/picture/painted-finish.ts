/**
 * @file The last look: strokes laid with visible bristles. Resolution independent: at wallpaper size
 * there is more of the brush to see, not less of the picture.
 */
import { emptyPlanes, type Planes } from "./planes.ts";
import { SeededRandom } from "./random.ts";

/** Of one stroke: centre x and y, log of half length and half width, angle, red, green, blue, opacity. */
export const strokeParts = 9;

/** Bristles across a stroke. */
const bristles = 9;
/** How much lighter or darker one bristle's paint is. */
const bristleContrast = 0.018;
/** How far the ends of bristles differ, in half lengths. */
const raggedness = 0.16;

/** Strokes a picture is painted over with, from large to small. */
const strokeCount = 2600;

/**
 * A picture painted over: broad strokes first and fine ones where there is something to see, each along
 * the edge it lies on (Hertzmann, Painterly Rendering with Curved Brush Strokes, SIGGRAPH 1998, with
 * straight strokes).
 */
export function paintedFrom(
	picture: Planes,
	width: number,
	height: number,
	random: SeededRandom,
): Planes {
	const strokes = strokesOver(picture, random);
	return renderBristles(strokes, width, height, Math.floor(random.uniform() * 2 ** 32));
}

function strokesOver(picture: Planes, random: SeededRandom): Float32Array {
	const strokes = new Float32Array(strokeCount * strokeParts);
	const { width, height, values } = picture;
	const plane = width * height;
	const soft = softened(picture);
	let made = 0;
	for (let tried = 0; made < strokeCount; tried++) {
		const share = made / strokeCount;
		const halfLength = 0.075 * (1 - share) ** 1.5 + 0.014;
		const x = (tried * 0.7548776662 + 0.5) % 1;
		const y = (tried * 0.569840291 + 0.5) % 1;
		const column = Math.min(width - 2, Math.max(1, Math.floor(x * width)));
		const row = Math.min(height - 2, Math.max(1, Math.floor(y * height)));
		const at = row * width + column;
		const across = (soft[at + 1] ?? 0) - (soft[at - 1] ?? 0);
		const down = (soft[at + width] ?? 0) - (soft[at - width] ?? 0);
		const steepness = Math.hypot(across, down);
		// Fine strokes are kept for places where something changes; plain ones stay broad.
		if (share > 0.45 && random.uniform() > 0.12 + 14 * steepness) continue;
		const angle = Math.atan2(across, -down) + (steepness > 0.01 ? 0.12 : 0.35) * random.normal();
		const shade = 0.012 * random.normal();
		strokes.set(
			[
				x,
				y,
				Math.log(halfLength * random.between(0.9, 1.5)),
				Math.log(halfLength * random.between(0.28, 0.42)),
				steepness > 0.004 ? angle : 0.4 * random.normal(),
				(values[at] ?? 0) + shade,
				(values[plane + at] ?? 0) + shade,
				(values[2 * plane + at] ?? 0) + shade,
				0.9,
			],
			made * strokeParts,
		);
		made++;
	}
	return strokes;
}

/** Lightness, blurred enough to have a direction everywhere. */
function softened({ width, height, values }: Planes): Float32Array {
	const plane = width * height;
	let light = Float32Array.from({ length: plane }, (_, at) => {
		return (
			0.3 * (values[at] ?? 0) +
			0.6 * (values[plane + at] ?? 0) +
			0.1 * (values[2 * plane + at] ?? 0)
		);
	});
	for (let round = 0; round < 3; round++) {
		light = light.map((value, at) => {
			const column = at % width;
			const left = light[column > 0 ? at - 1 : at] ?? 0;
			const right = light[column < width - 1 ? at + 1 : at] ?? 0;
			const above = light[at >= width ? at - width : at] ?? 0;
			const below = light[at < plane - width ? at + width : at] ?? 0;
			return (2 * value + left + right + above + below) / 6;
		});
	}
	return light;
}

/** @param strokes `strokeParts` numbers each, from back to front. */
function renderBristles(
	strokes: Float32Array,
	width: number,
	height: number,
	seed: number,
): Planes {
	const planes = emptyPlanes(width, height);
	planes.values.fill(0.5);
	const random = new SeededRandom(seed);
	for (let at = 0; at < strokes.length; at += strokeParts) {
		paintStroke(strokes.subarray(at, at + strokeParts), planes, random);
	}
	return planes;
}

function paintStroke(stroke: Float32Array, planes: Planes, random: SeededRandom): void {
	const [centreX = 0, centreY = 0, logLength = 0, logWidth = 0, angle = 0] = stroke;
	const [, , , , , red = 0, green = 0, blue = 0, opacity = 0] = stroke;
	const { width, height, values } = planes;
	const plane = width * height;
	const unit = Math.sqrt(plane);
	// The brush goes along the longer side.
	const turned = logWidth > logLength;
	const halfLength = Math.exp(Math.max(logLength, logWidth)) * unit;
	const halfWidth = Math.exp(Math.min(logLength, logWidth)) * unit;
	const direction = turned ? angle + Math.PI / 2 : angle;
	const cos = Math.cos(direction);
	const sin = Math.sin(direction);
	const light = Float32Array.from(
		{ length: bristles + 1 },
		() => bristleContrast * random.normal(),
	);
	const ends = Float32Array.from({ length: bristles + 1 }, () => raggedness * random.normal());
	const phase = random.between(0, 2 * Math.PI);
	const x = centreX * width;
	const y = centreY * height;
	const far = 1.35;
	const spanX = far * Math.hypot(halfLength * cos, halfWidth * sin);
	const spanY = far * Math.hypot(halfLength * sin, halfWidth * cos);
	const left = Math.max(0, Math.floor(x - spanX));
	const right = Math.min(width, Math.ceil(x + spanX));
	const bottom = Math.min(height, Math.ceil(y + spanY));
	for (let row = Math.max(0, Math.floor(y - spanY)); row < bottom; row++) {
		for (let column = left; column < right; column++) {
			const u = (cos * (column + 0.5 - x) + sin * (row + 0.5 - y)) / halfLength;
			// A brush is not led along a ruler.
			const bend = 0.12 * Math.sin(2 * u + phase);
			const v = (cos * (row + 0.5 - y) - sin * (column + 0.5 - x)) / halfWidth + bend;
			const across = ((v + 1.4) / 2.8) * bristles;
			const bristle = Math.min(bristles - 1, Math.max(0, Math.floor(across)));
			const share = Math.min(1, Math.max(0, across - bristle));
			const between = (line: Float32Array): number =>
				(line[bristle] ?? 0) * (1 - share) + (line[bristle + 1] ?? 0) * share;
			const distance = u * u * (1 + between(ends)) ** 2 + v * v;
			if (distance >= 1.8) continue;
			const cover = opacity / (1 + Math.exp(7 * (distance - 1)));
			const shade = between(light);
			const place = row * width + column;
			const mix = (at: number, colour: number): void => {
				const old = values[at] ?? 0;
				values[at] = old + cover * (colour + shade - old);
			};
			mix(place, red);
			mix(place + plane, green);
			mix(place + 2 * plane, blue);
		}
	}
}
