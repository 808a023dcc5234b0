/** @file The eight positions of a picture: turned by quarters, and mirrored. */

/** How the first picture must be turned to look like the second: mirrored first, then clockwise. */
export interface Position {
	mirrored: boolean;
	/** Clockwise. */
	turnedDegrees: 0 | 90 | 180 | 270;
}

/** Every position; the first is upright. */
export const positions: readonly Position[] = [false, true].flatMap((mirrored) =>
	([0, 90, 180, 270] as const).map((turnedDegrees) => ({ mirrored, turnedDegrees })),
);

/**
 * For each cell of a square grid in the given position, the cell of the upright grid it shows.
 * @returns indexes [side * side], row by row
 */
export function cellsOf(position: Position, side: number): Uint32Array {
	const last = side - 1;
	return Uint32Array.from({ length: side * side }, (_, cell) => {
		const x = cell % side;
		const y = Math.floor(cell / side);
		const [beforeTurnX, beforeTurnY] = turnBack(position.turnedDegrees, x, y, last);
		return beforeTurnY * side + (position.mirrored ? last - beforeTurnX : beforeTurnX);
	});
}

function turnBack(degrees: Position["turnedDegrees"], x: number, y: number, last: number) {
	switch (degrees) {
		case 0:
			return [x, y] as const;
		case 90:
			return [y, last - x] as const;
		case 180:
			return [last - x, last - y] as const;
		case 270:
			return [last - y, x] as const;
	}
}
