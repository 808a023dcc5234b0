/** @file Reads the text in one picture: where lines are, which way up each is, what it says. */
import { type ReadText, readBestPath } from "./best-path.ts";
import { cornersOf, quarterTurns, type RotatedRectangle } from "./geometry.ts";
import { inReadingOrder } from "./line-order.ts";
import { type Planes, type Raster, rectifiedPlanes, scaledPlanes } from "./network-input.ts";
import type { RecognisedLine } from "./recogniser.ts";
import { findTextRegions, type ProbabilityMap, type RegionRule } from "./text-regions.ts";

/** The two networks, however they are run. */
export interface ReaderNetworks {
	/** @param picture sides are multiples of `sideMultiple`. @returns a map of the same sides. */
	detect(picture: Planes): Promise<ProbabilityMap>;
	/** @param line `lineHeight` pixels high. @returns Float32 [steps, classes]. */
	recognise(line: Planes): Promise<Float32Array>;
	readonly classes: readonly string[];
	readonly lineHeight: number;
}

/** The detection network halves its input five times. */
const sideMultiple = 32;

/** Numbers of reading; chosen with `npm run eval -- --recognised-text` (README.md). */
const readingRule = {
	/** Lines are looked for in the picture at this size, and read in it as it came. */
	longestSide: 1280,
	/** Smaller pictures are enlarged so far, and at most twice: small print is then found too. */
	enlargedTo: 960,
	regions: {
		pixel: 0.3,
		line: 0.5,
		growth: 1.6,
		leastSide: 3,
		atMost: 400,
	} satisfies RegionRule,
	/** From this confidence on a line is taken as it stands; below, it may be upside down. */
	sureFrom: 0.95,
	/** A line read with less is taken for no text. */
	leastConfidence: 0.6,
	/** A line is never narrower for the network; the rest is grey. */
	leastWidth: 64,
	/** Longer lines are squeezed: the network would need too much memory. */
	mostWidth: 2400,
};

/** @returns lines in reading order; none for a picture without text, which costs only the detection. */
export async function readText(
	raster: Raster,
	networks: ReaderNetworks,
	rule: typeof readingRule = readingRule,
): Promise<RecognisedLine[]> {
	const { width, height } = raster;
	const size = detectionSize(width, height, rule);
	const map = await networks.detect(scaledPlanes(raster, size.width, size.height));
	const scale = { x: width / map.width, y: height / map.height };
	const found: { rectangle: RotatedRectangle; read: ReadText }[] = [];
	for (const { rectangle } of findTextRegions(map, rule.regions)) {
		const line = await readLine(raster, enlarge(rectangle, scale), networks, rule);
		if (line.read.text !== "" && line.read.confidence >= rule.leastConfidence) found.push(line);
	}
	return inReadingOrder(
		withoutLoneMarks(found).map(({ rectangle, read }) => ({ rectangle, ...read })),
	).map(({ rectangle, text, confidence }) => ({
		text,
		confidence,
		corners: cornersOf(rectangle).flatMap(({ x, y }) => [share(x, width), share(y, height)]),
	}));
}

/**
 * Anything round or straight may be taken for a character, up to a cup that fills the picture: single
 * ones count as text only beside longer lines, and only letters and digits.
 */
function withoutLoneMarks<Line extends { read: ReadText }>(lines: readonly Line[]): Line[] {
	const isLone = ({ read }: Line) => [...read.text].length === 1;
	if (lines.every(isLone)) return [];
	return lines.filter((line) => !isLone(line) || /[\p{L}\p{N}]/u.test(line.read.text));
}

/** Sides are rounded to what the network takes, so the two scales differ a little. */
function detectionSize(width: number, height: number, rule: typeof readingRule) {
	const longest = Math.max(width, height);
	const wanted =
		longest >= rule.enlargedTo
			? Math.min(longest, rule.longestSide)
			: Math.min(rule.enlargedTo, longest * 2);
	const side = (pixels: number) =>
		Math.max(sideMultiple, Math.round((pixels * wanted) / longest / sideMultiple) * sideMultiple);
	return { width: side(width), height: side(height) };
}

/** From the map to the picture. Its scales are all but equal, so that a rectangle stays one. */
function enlarge(rectangle: RotatedRectangle, scale: { x: number; y: number }): RotatedRectangle {
	const { centre, width, height, angle } = rectangle;
	const along = { x: Math.cos(angle) * scale.x, y: Math.sin(angle) * scale.y };
	const across = { x: Math.sin(angle) * scale.x, y: Math.cos(angle) * scale.y };
	return {
		centre: { x: centre.x * scale.x, y: centre.y * scale.y },
		width: width * Math.hypot(along.x, along.y),
		height: height * Math.hypot(across.x, across.y),
		angle: Math.atan2(along.y, along.x),
	};
}

/** Reads a line the likely way, and the others where that was not convincing. */
async function readLine(
	raster: Raster,
	rectangle: RotatedRectangle,
	networks: ReaderNetworks,
	rule: typeof readingRule,
) {
	let best: { rectangle: RotatedRectangle; read: ReadText } | null = null;
	for (const turned of directions(rectangle)) {
		const width = lineWidth(turned, networks.lineHeight, rule);
		const planes = rectifiedPlanes(raster, turned, width, networks.lineHeight);
		const probabilities = await networks.recognise(padded(planes, rule.leastWidth));
		const read = readBestPath(probabilities, networks.classes);
		if (best === null || read.confidence > best.read.confidence) best = { rectangle: turned, read };
		if (read.confidence >= rule.sureFrom) break;
	}
	return best ?? { rectangle, read: { text: "", confidence: 0 } };
}

/** Level, then upside down; a short one that stands upright may also be a single tall character. */
function directions(rectangle: RotatedRectangle): RotatedRectangle[] {
	const both = [rectangle, quarterTurns(rectangle, 2)];
	const stands = Math.abs(Math.sin(rectangle.angle)) > Math.SQRT1_2;
	const short = rectangle.width < rectangle.height * 4;
	return stands && short ? [...both, quarterTurns(rectangle, -1)] : both;
}

function lineWidth(
	{ width, height }: RotatedRectangle,
	lineHeight: number,
	rule: typeof readingRule,
): number {
	const natural = Math.round((width / Math.max(1, height)) * lineHeight);
	return Math.min(rule.mostWidth, Math.max(8, natural));
}

/** Widened with the middle grey, which is 0 here. */
function padded(planes: Planes, leastWidth: number): Planes {
	if (planes.width >= leastWidth) return planes;
	const { width, height } = planes;
	const values = new Float32Array(3 * leastWidth * height);
	for (let row = 0; row < 3 * height; row++) {
		values.set(planes.values.subarray(row * width, (row + 1) * width), row * leastWidth);
	}
	return { values, width: leastWidth, height };
}

const share = (value: number, side: number): number =>
	Math.round(Math.min(1, Math.max(0, value / side)) * 10_000) / 10_000;
