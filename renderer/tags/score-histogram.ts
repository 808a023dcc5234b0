/** @file Counting and drawing a label's scores over the library without asking the engine again. */

/** Photos by confidence: `counts[i]` of them between `edges[i]` and `edges[i + 1]`; `edges` rise. */
export interface ScoreCounts {
	readonly edges: readonly number[];
	readonly counts: readonly number[];
}

/** Photos at or above each edge: answers any threshold at once. As long as `edges`. */
export function countsAbove({ counts }: ScoreCounts): Uint32Array {
	const above = new Uint32Array(counts.length + 1);
	for (let bin = counts.length - 1; bin >= 0; bin -= 1) {
		above[bin] = (above[bin + 1] ?? 0) + (counts[bin] ?? 0);
	}
	return above;
}

/** Index of the edge nearest to a share of the axis. */
export function edgeAt({ edges }: ScoreCounts, share: number): number {
	const last = edges.length - 1;
	return Math.min(last, Math.max(0, Math.round(share * last)));
}

/** Where on the axis a confidence lies, 0 to 1. Bins are equally wide, their confidences are not. */
export function shareOf({ edges }: ScoreCounts, confidence: number): number {
	const last = edges.length - 1;
	if (last < 1) return 0;
	let low = 0;
	let high = last;
	while (high - low > 1) {
		const middle = (low + high) >>> 1;
		if ((edges[middle] ?? 0) <= confidence) low = middle;
		else high = middle;
	}
	const from = edges[low] ?? 0;
	const width = (edges[high] ?? 1) - from;
	const inside = width > 0 ? (confidence - from) / width : 0;
	return (low + Math.min(1, Math.max(0, inside))) / last;
}

/**
 * The outline of the bars for an SVG path. Heights are square roots of counts: the few photos that
 * matter would vanish beside the thousands that do not.
 *
 * @param bars how many bars to draw; bins are put together
 */
export function barsPath(
	{ counts }: ScoreCounts,
	bars: number,
	width: number,
	height: number,
): string {
	const sums = new Float64Array(Math.max(1, Math.min(bars, counts.length)));
	for (const [bin, count] of counts.entries()) {
		const bar = Math.floor((bin * sums.length) / counts.length);
		sums[bar] = (sums[bar] ?? 0) + count;
	}
	const greatest = Math.sqrt(Math.max(1, ...sums));
	const barWidth = width / sums.length;
	const gap = barWidth > 4 ? 1 : 0;
	let path = "";
	for (const [bar, sum] of sums.entries()) {
		if (sum === 0) continue;
		// A single photo must be seen.
		const tall = Math.max(3, (Math.sqrt(sum) / greatest) * height);
		const left = (bar * barWidth).toFixed(2);
		path += `M${left} ${height}v${(-tall).toFixed(2)}h${(barWidth - gap).toFixed(2)}v${tall.toFixed(2)}z`;
	}
	return path;
}
