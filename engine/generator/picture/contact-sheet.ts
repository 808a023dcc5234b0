/** @file Several pictures as one. */
import { emptyPlanes, type Planes } from "./planes.ts";

/** Row by row in as nearly a square as they fill, white where the last row ends early. @param pictures of one size. */
export function sideBySide(pictures: readonly Planes[]): Planes {
	const [first] = pictures;
	if (first === undefined) return emptyPlanes(1, 1);
	if (pictures.length === 1) return first;
	const columns = Math.ceil(Math.sqrt(pictures.length));
	const rows = Math.ceil(pictures.length / columns);
	const { width, height } = first;
	const sheet = emptyPlanes(columns * width, rows * height);
	sheet.values.fill(1);
	for (const [at, { values }] of pictures.entries()) {
		const left = (at % columns) * width;
		const top = Math.floor(at / columns) * height;
		for (let row = 0; row < 3 * height; row++) {
			const channel = Math.floor(row / height);
			const target = (channel * sheet.height + top + (row % height)) * sheet.width + left;
			sheet.values.set(values.subarray(row * width, (row + 1) * width), target);
		}
	}
	return sheet;
}
