/**
 * @file From "how likely is each pixel text" to rectangles around lines of text.
 *
 * The last step of Differentiable Binarization (Liao et al. 2020, arXiv:1911.08947): pixels above a
 * threshold that touch one another are the core of a line; the smallest rectangle around them grows by
 * `area * ratio / perimeter`, because the network was trained on cores shrunk by as much.
 */
import { minimumRectangle, type Point, quarterTurns, type RotatedRectangle } from "./geometry.ts";

/** A map of probabilities, Float32 [height, width]. */
export interface ProbabilityMap {
	values: Float32Array;
	width: number;
	height: number;
}

export interface RegionRule {
	/** A pixel from this probability on belongs to a line. */
	pixel: number;
	/** A line whose pixels' mean probability is lower is none. */
	line: number;
	/** How far rectangles grow. */
	growth: number;
	/** A core narrower than this many pixels of the map is noise. */
	leastSide: number;
	/** More lines are left out, the least likely first. */
	atMost: number;
}

export interface TextRegion {
	/** In pixels of the map, `angle` such that text that is not upside down is read along it. */
	rectangle: RotatedRectangle;
	/** Mean probability of its pixels. */
	score: number;
}

/** This much longer across than along, and a line runs down or up the picture. */
const tallFrom = 1.5;

/** Regions in no particular order. */
export function findTextRegions(map: ProbabilityMap, rule: RegionRule): TextRegion[] {
	const regions: TextRegion[] = [];
	const seen = new Uint8Array(map.width * map.height);
	for (let start = 0; start < seen.length; start++) {
		if (seen[start] === 1 || (map.values[start] ?? 0) < rule.pixel) continue;
		const { outline, score, pixels } = takeComponent(map, rule.pixel, start, seen);
		if (pixels < rule.leastSide * rule.leastSide || score < rule.line) continue;
		const core = readingDirection(minimumRectangle(outline));
		if (Math.min(core.width, core.height) < rule.leastSide) continue;
		regions.push({ rectangle: grow(core, rule.growth), score });
	}
	return regions.sort((a, b) => b.score - a.score).slice(0, rule.atMost);
}

/**
 * Takes the 8-connected component that holds `start`, marking it in `seen`.
 * @returns corners of the first and last pixel of each of its rows: their hull is the component's.
 */
function takeComponent(map: ProbabilityMap, least: number, start: number, seen: Uint8Array) {
	const { values, width, height } = map;
	const stack = [start];
	const rows = new Map<number, { first: number; last: number }>();
	let sum = 0;
	let pixels = 0;
	seen[start] = 1;
	for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
		const x = at % width;
		const y = (at - x) / width;
		sum += values[at] ?? 0;
		pixels += 1;
		const row = rows.get(y);
		if (row === undefined) rows.set(y, { first: x, last: x });
		else if (x < row.first) row.first = x;
		else if (x > row.last) row.last = x;
		for (let nextY = Math.max(0, y - 1); nextY <= Math.min(height - 1, y + 1); nextY++) {
			for (let nextX = Math.max(0, x - 1); nextX <= Math.min(width - 1, x + 1); nextX++) {
				const next = nextY * width + nextX;
				if (seen[next] === 1 || (values[next] ?? 0) < least) continue;
				seen[next] = 1;
				stack.push(next);
			}
		}
	}
	const outline: Point[] = [];
	for (const [y, { first, last }] of rows) {
		outline.push({ x: first, y }, { x: first, y: y + 1 });
		outline.push({ x: last + 1, y }, { x: last + 1, y: y + 1 });
	}
	return { outline, score: sum / pixels, pixels };
}

/** Text runs nearly as the picture does, unless its rectangle is clearly taller than wide. */
function readingDirection(rectangle: RotatedRectangle): RotatedRectangle {
	const quarters = Math.round(rectangle.angle / (Math.PI / 2));
	const level = quarterTurns(rectangle, -quarters);
	return level.height > level.width * tallFrom ? quarterTurns(level, 1) : level;
}

function grow(core: RotatedRectangle, ratio: number): RotatedRectangle {
	const distance = (core.width * core.height * ratio) / (2 * (core.width + core.height));
	return { ...core, width: core.width + 2 * distance, height: core.height + 2 * distance };
}
