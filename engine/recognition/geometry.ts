/** @file Points and rotated rectangles in a picture: x to the right, y down. */

export interface Point {
	x: number;
	y: number;
}

/**
 * A rectangle around one line of text. `angle` is the direction of reading, in radians, clockwise from
 * the x axis; `width` is measured along it, `height` across.
 */
export interface RotatedRectangle {
	centre: Point;
	width: number;
	height: number;
	angle: number;
}

/** Corners in reading order: start of the top, end of the top, end of the bottom, start of the bottom. */
export function cornersOf({ centre, width, height, angle }: RotatedRectangle): Point[] {
	const along = { x: (Math.cos(angle) * width) / 2, y: (Math.sin(angle) * width) / 2 };
	const across = { x: (-Math.sin(angle) * height) / 2, y: (Math.cos(angle) * height) / 2 };
	const corner = (first: number, second: number): Point => ({
		x: centre.x + first * along.x + second * across.x,
		y: centre.y + first * along.y + second * across.y,
	});
	return [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)];
}

/** Andrew's monotone chain. @returns the hull's corners in turn; fewer than three when all lie on a line. */
function convexHull(points: readonly Point[]): Point[] {
	const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y);
	const half = (ordered: readonly Point[]): Point[] => {
		const chain: Point[] = [];
		for (const point of ordered) {
			while (chain.length >= 2 && !turnsLeft(chain.at(-2), chain.at(-1), point)) chain.pop();
			chain.push(point);
		}
		chain.pop();
		return chain;
	};
	return [...half(sorted), ...half(sorted.reverse())];
}

function turnsLeft(a: Point | undefined, b: Point | undefined, c: Point): boolean {
	if (a === undefined || b === undefined) return false;
	return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x) > 0;
}

/**
 * The smallest rectangle around the points: one of its sides lies on a side of their hull (Freeman and
 * Shapira 1975, "Determining the minimum-area encasing rectangle for an arbitrary closed curve"). Its
 * angle is that of the hull's side; which side is read along is for the caller.
 */
export function minimumRectangle(points: readonly Point[]): RotatedRectangle {
	const hull = convexHull(points);
	const sides =
		hull.length < 2 ? [{ x: 1, y: 0 }] : hull.map((point, at) => sideFrom(hull, at, point));
	let best: RotatedRectangle | null = null;
	for (const side of sides) {
		const rectangle = rectangleAlong(hull.length === 0 ? points : hull, Math.atan2(side.y, side.x));
		if (best === null || rectangle.width * rectangle.height < best.width * best.height) {
			best = rectangle;
		}
	}
	return best ?? { centre: { x: 0, y: 0 }, width: 0, height: 0, angle: 0 };
}

function sideFrom(hull: readonly Point[], at: number, from: Point): Point {
	const to = hull[(at + 1) % hull.length] ?? from;
	return { x: to.x - from.x, y: to.y - from.y };
}

function rectangleAlong(points: readonly Point[], angle: number): RotatedRectangle {
	const cosine = Math.cos(angle);
	const sine = Math.sin(angle);
	let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
	for (const { x, y } of points) {
		const along = x * cosine + y * sine;
		const across = y * cosine - x * sine;
		left = Math.min(left, along);
		right = Math.max(right, along);
		top = Math.min(top, across);
		bottom = Math.max(bottom, across);
	}
	const along = (left + right) / 2;
	const across = (top + bottom) / 2;
	return {
		centre: { x: along * cosine - across * sine, y: along * sine + across * cosine },
		width: right - left,
		height: bottom - top,
		angle,
	};
}

/** The same rectangle, read in a direction turned by this many quarters clockwise. */
export function quarterTurns(rectangle: RotatedRectangle, quarters: number): RotatedRectangle {
	const { centre, width, height, angle } = rectangle;
	const swapped = quarters % 2 !== 0;
	return {
		centre,
		width: swapped ? height : width,
		height: swapped ? width : height,
		angle: angle + (quarters * Math.PI) / 2,
	};
}
