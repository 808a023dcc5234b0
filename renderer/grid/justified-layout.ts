/**
 * @file Justified rows: photos keep their shape, every row has the full width, and all rows have
 * about the same height. A pure function over flat arrays, fast enough to run on every resize.
 */

/** What a layout is made from. Lengths in px. */
export interface LayoutInput {
	/** Width over height of each photo, times 1000. */
	readonly aspectsPermille: ArrayLike<number>;
	/** Sections in order and without gaps, covering every photo; each begins a new row. */
	readonly sections: readonly { readonly first: number; readonly end: number }[];
	readonly width: number;
	/** The row height aimed at. */
	readonly rowHeight: number;
	/** Between photos, both ways. */
	readonly gap: number;
	/** Kept free above each section for its heading; 0 where there are no headings. */
	readonly headingHeight: number;
	/** Kept free under each section. */
	readonly sectionGap: number;
}

/** Where everything is, index by index. Lengths in px. */
export interface GridLayout {
	readonly items: number;
	readonly rows: number;
	/** Index of each row's first photo, with the number of photos at the end: rows + 1 entries. */
	readonly rowFirst: Uint32Array;
	/** Top of each row; ascending. */
	readonly rowTop: Float64Array;
	readonly rowHeight: Float64Array;
	readonly itemLeft: Float32Array;
	readonly itemWidth: Float32Array;
	/** Top of each section, where its heading stands, and its end at the last row's bottom. */
	readonly sectionTop: Float64Array;
	readonly sectionBottom: Float64Array;
	readonly height: number;
}

/** Panoramas and slivers beyond these shapes are cropped in the grid, so that rows stay even. */
const narrowest = 0.45;
const widest = 3.4;

/** A section's last row is stretched to the full width only when it is this full already. */
const nearlyFull = 0.86;

/** Lays out all photos. O(photos); 100,000 take a few milliseconds. */
export function layOut(input: LayoutInput): GridLayout {
	const { aspectsPermille, sections, gap, headingHeight, sectionGap } = input;
	const width = Math.max(1, Math.floor(input.width));
	const items = aspectsPermille.length;
	const rowFirst = new Uint32Array(items + 1);
	const rowTop = new Float64Array(items);
	const rowHeight = new Float64Array(items);
	const itemLeft = new Float32Array(items);
	const itemWidth = new Float32Array(items);
	const sectionTop = new Float64Array(sections.length);
	const sectionBottom = new Float64Array(sections.length);
	let rows = 0;
	let top = 0;

	const closeRow = (first: number, end: number, aspectSum: number, isLast: boolean) => {
		const photosWidth = Math.max(1, width - gap * (end - first - 1));
		const filling = photosWidth / aspectSum;
		const stretched = !isLast || filling * nearlyFull <= input.rowHeight;
		const height = Math.round(stretched ? filling : input.rowHeight);
		const scale = stretched ? photosWidth / aspectSum : input.rowHeight;
		// Edges are rounded, not widths: rounding errors then never add up along the row.
		let before = 0;
		for (let index = first; index < end; index += 1) {
			const left = Math.round(before * scale);
			before += shapeOf(aspectsPermille[index]);
			itemLeft[index] = left + gap * (index - first);
			itemWidth[index] = Math.max(1, Math.round(before * scale) - left);
		}
		rowFirst[rows] = first;
		rowTop[rows] = top;
		rowHeight[rows] = height;
		rows += 1;
		top += height + gap;
	};

	for (const [number, section] of sections.entries()) {
		sectionTop[number] = top;
		top += headingHeight;
		let first = section.first;
		let aspectSum = 0;
		for (let index = section.first; index < section.end; index += 1) {
			const shape = shapeOf(aspectsPermille[index]);
			const withIt = rowHeightFor(width, gap, index + 1 - first, aspectSum + shape);
			if (withIt <= input.rowHeight && index > first) {
				const without = rowHeightFor(width, gap, index - first, aspectSum);
				if (without - input.rowHeight < input.rowHeight - withIt) {
					closeRow(first, index, aspectSum, false);
					first = index;
					aspectSum = 0;
				}
			}
			aspectSum += shape;
			if (rowHeightFor(width, gap, index + 1 - first, aspectSum) <= input.rowHeight) {
				closeRow(first, index + 1, aspectSum, false);
				first = index + 1;
				aspectSum = 0;
			}
		}
		if (first < section.end) closeRow(first, section.end, aspectSum, true);
		if (section.end > section.first) top -= gap;
		sectionBottom[number] = top;
		top += number === sections.length - 1 ? 0 : sectionGap;
	}

	rowFirst[rows] = items;
	return {
		items,
		rows,
		rowFirst: rowFirst.subarray(0, rows + 1),
		rowTop: rowTop.subarray(0, rows),
		rowHeight: rowHeight.subarray(0, rows),
		itemLeft,
		itemWidth,
		sectionTop,
		sectionBottom,
		height: top,
	};
}

function shapeOf(aspectPermille: number | undefined): number {
	const aspect = (aspectPermille ?? 1000) / 1000;
	return Math.min(widest, Math.max(narrowest, aspect > 0 ? aspect : 1));
}

/** The height at which photos of these shapes together fill the width. */
function rowHeightFor(width: number, gap: number, photos: number, aspectSum: number): number {
	return Math.max(1, width - gap * (photos - 1)) / aspectSum;
}
