/** @file The one truthful line: how much is searchable, how fast, how long. */
import type { Progress } from "../../contract/activity.ts";
import type { PhotoCounts } from "../catalogue/records.ts";
import type { IndexerState } from "./indexer.ts";

/** Puts the catalogue's counts, the indexer's state and a running scan into one progress. */
export function describeProgress(
	counts: PhotoCounts & { drawn: number },
	indexer: IndexerState,
	scan: { running: boolean; trouble: string | null },
	beside: Pick<Progress, "text" | "encoder">,
): Progress {
	const perSecond = indexer.photosPerSecond;
	const working = counts.waiting > 0 && indexer.busy;
	return {
		...counts,
		phase: indexer.paused ? "paused" : working ? "indexing" : scan.running ? "scanning" : "idle",
		photosPerSecond: perSecond === null ? null : Math.round(perSecond * 10) / 10,
		secondsLeft:
			perSecond === null || perSecond <= 0 || counts.waiting === 0
				? null
				: Math.ceil(counts.waiting / perSecond),
		...beside,
		trouble: indexer.trouble ?? scan.trouble,
	};
}
