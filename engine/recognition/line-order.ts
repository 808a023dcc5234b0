/** @file The order in which a person would read lines of text. */
import type { RotatedRectangle } from "./geometry.ts";

/** Two lines whose middles are closer than this share of the lower one's height stand side by side. */
const sameRow = 0.5;

/** From top to bottom, and from left to right within a row, as seen with the text level. */
export function inReadingOrder<Line extends { rectangle: RotatedRectangle }>(
	lines: readonly Line[],
): Line[] {
	const angle = meanAngle(lines);
	const placed = lines
		.map((line) => {
			const { x, y } = line.rectangle.centre;
			return {
				line,
				along: x * Math.cos(angle) + y * Math.sin(angle),
				across: y * Math.cos(angle) - x * Math.sin(angle),
			};
		})
		.sort((a, b) => a.across - b.across);
	const rows: (typeof placed)[] = [];
	for (const item of placed) {
		const row = rows.at(-1);
		const before = row?.at(-1);
		const apart = before === undefined ? Infinity : item.across - before.across;
		const height = Math.min(item.line.rectangle.height, before?.line.rectangle.height ?? Infinity);
		if (row !== undefined && apart < height * sameRow) row.push(item);
		else rows.push([item]);
	}
	return rows.flatMap((row) => row.sort((a, b) => a.along - b.along).map(({ line }) => line));
}

/** Of the directions of reading, long lines counting more. */
function meanAngle(lines: readonly { rectangle: RotatedRectangle }[]): number {
	let [x, y] = [0, 0];
	for (const { rectangle } of lines) {
		x += Math.cos(rectangle.angle) * rectangle.width;
		y += Math.sin(rectangle.angle) * rectangle.width;
	}
	return Math.atan2(y, x);
}
