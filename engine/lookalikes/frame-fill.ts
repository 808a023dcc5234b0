/** @file The black or white corners that a program leaves when it turns a picture by a few degrees. */

/** Farthest a fill's pixels are from pure black or white, JPEG's noise included. */
const tolerance = 12;
const thinEdge = 1;

/**
 * Finds areas of black or white that reach a corner.
 * @param luma [side, side], 0 to 255
 * @returns Float32 [side, side]: 1 inside the fill and two pixels around it, else 0; with any fill, the edges count as filled
 */
export function frameFill(luma: Float32Array, side: number): Float32Array {
	const fill = new Float32Array(side * side);
	const last = side - 1;
	for (const corner of [0, last, last * side, last * side + last]) spread(luma, side, corner, fill);
	if (!fill.includes(1)) return fill;
	// The fill thins out along the sides until its pixels are mostly picture.
	for (let cell = 0; cell < fill.length; cell += 1) {
		const [x, y] = [cell % side, Math.floor(cell / side)];
		if (Math.min(x, y, last - x, last - y) < thinEdge) fill[cell] = 1;
	}
	return widened(widened(fill, side), side);
}

function spread(luma: Float32Array, side: number, corner: number, fill: Float32Array): void {
	const fillValue = (luma[corner] ?? 0) > 127 ? 255 : 0;
	const belongs = (cell: number) => Math.abs((luma[cell] ?? 0) - fillValue) <= tolerance;
	const waiting = [corner];
	for (let cell = waiting.pop(); cell !== undefined; cell = waiting.pop()) {
		if (fill[cell] === 1 || !belongs(cell)) continue;
		fill[cell] = 1;
		for (const next of neighbours(cell, side)) waiting.push(next);
	}
}

function widened(fill: Float32Array, side: number): Float32Array {
	const wider = fill.slice();
	for (const [cell, value] of fill.entries()) {
		if (value === 1) for (const next of neighbours(cell, side)) wider[next] = 1;
	}
	return wider;
}

function neighbours(cell: number, side: number): number[] {
	const x = cell % side;
	const found: number[] = [];
	if (x > 0) found.push(cell - 1);
	if (x < side - 1) found.push(cell + 1);
	if (cell >= side) found.push(cell - side);
	if (cell < side * (side - 1)) found.push(cell + side);
	return found;
}
