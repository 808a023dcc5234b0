/** @file Tagging synthetic libraries: a whole vocabulary over 10,000 photos, and dragging a threshold at 100,000. */
import { percentile } from "./environment.ts";
import { withSyntheticLibrary } from "./with-synthetic-library.ts";

/** Suggestions a photo, on average, where many are measured. */
const suggestionsPerPhoto = 3;

/** Where a threshold is dragged to: 50 places within the scores of random vectors. */
const places = Array.from({ length: 50 }, (_, at) => 0.01 + at * 0.0005);

export interface TaggingFigures {
	photos: number;
	labels: number;
	/** The first run, with the labels' wordings to be embedded. */
	firstRunMs: number;
	/** Another, which finds all as it is. */
	againMs: number;
	/** One that writes about three suggestions a photo, writing included. */
	writingMs: number;
	suggestions: number;
}

export interface DraggingFigures {
	photos: number;
	/** A label typed: what all photos score for the neutral phrases is computed first. */
	firstMs: number;
	/** Another wording: all photos scored again. */
	wordingMs: number;
	/** The threshold dragged: counted again, with samples from above and below. */
	dragP50Ms: number;
	dragP95Ms: number;
}

/** All shipped labels. Random vectors resemble none, so thresholds are set to what some reach. */
export function measureTagging(count: number, resourcesPath: string): Promise<TaggingFigures> {
	return withSyntheticLibrary(count, resourcesPath, async ({ client }) => {
		const run = async () => {
			const started = performance.now();
			let suggested = 0;
			for await (const progress of await client.tagging.run({})) suggested = progress.suggested;
			return { tookMs: performance.now() - started, suggested };
		};
		const { labels } = await client.label.list();
		const first = await run();
		const again = await run();
		for (const { id } of labels) {
			const draft = { id };
			const { histogram } = await client.label.preview({ draft, bins: 1000, samples: 0 });
			const threshold = reachedBy(histogram, (suggestionsPerPhoto * count) / labels.length);
			await client.label.save({ draft: { id, threshold, enabled: false } });
		}
		await client.label.enable({ labelIds: labels.map(({ id }) => id), enabled: true });
		const writing = await run();
		return {
			photos: count,
			labels: labels.length,
			firstRunMs: first.tookMs,
			againMs: again.tookMs,
			writingMs: writing.tookMs,
			suggestions: writing.suggested,
		};
	});
}

/** One label while it is edited. */
export function measureDragging(count: number, resourcesPath: string): Promise<DraggingFigures> {
	return withSyntheticLibrary(count, resourcesPath, async ({ client }) => {
		const timed = async (wording: string, threshold: number | null) => {
			const started = performance.now();
			await client.label.preview({ draft: { path: "thing", wordings: [wording], threshold } });
			return performance.now() - started;
		};
		const firstMs = await timed("a thing on a table", null);
		const wordingMs = await timed("a thing under a table", null);
		const samples: number[] = [];
		for (const place of places) samples.push(await timed("a thing under a table", place));
		return {
			photos: count,
			firstMs,
			wordingMs,
			dragP50Ms: percentile(samples, 0.5),
			dragP95Ms: percentile(samples, 0.95),
		};
	});
}

/** The highest edge of a histogram that so many photos reach. */
function reachedBy(
	{ edges, counts }: { edges: readonly number[]; counts: readonly number[] },
	photos: number,
): number {
	let reached = 0;
	for (let bin = counts.length - 1; bin >= 0; bin -= 1) {
		reached += counts[bin] ?? 0;
		if (reached >= photos) return edges[bin] ?? 0;
	}
	return 0;
}
