/** @file How many pictures a device takes at a time: the smallest batch that is as good as any. */

/** Least cosine similarity to the CPU's embedding at which vectors of both may share an index. */
export const leastParity = 0.999;

/** Pictures at a time on a CPU: of more, the activations no longer fit its cache. */
export const cpuBatchSize = 4;

/** What a run of some size showed. */
export interface BatchMeasurement {
	/** Lowest cosine similarity to the CPU's embedding. */
	parity: number;
	imagesPerSecond: number;
}

/** Tried in this order, so that what needs most memory comes last. */
const batchSizes = [1, 4, 16, 32] as const;

/** The most pictures in any batch, which is what room is kept for. */
export const largestBatchSize = 32;

/** A larger batch needs more memory, so it must gain more than a timing is inexact. */
const leastGain = 1.05;

/** A batch that takes longer than this would keep a search by picture waiting. */
const longestBatchSeconds = 2;

/**
 * A size that does not agree is not used: some graphs take their scale over the whole batch.
 * @param measure rejects where a batch of that size cannot be run, as for want of memory.
 * @throws what `measure` rejects with where not even the smallest batch can be run.
 */
export async function probeBatchSize(
	measure: (size: number) => Promise<BatchMeasurement>,
): Promise<BatchMeasurement & { batchSize: number }> {
	const [smallest, ...larger] = batchSizes;
	let best = { ...(await measure(smallest)), batchSize: smallest as number };
	for (const batchSize of larger) {
		if (batchSize / best.imagesPerSecond > longestBatchSeconds) break;
		const found = await measure(batchSize).catch(() => null);
		// After a failed run the device may be in any state: nothing larger is tried.
		if (found === null) break;
		const agrees = found.parity >= leastParity || found.parity >= best.parity;
		const gains = found.imagesPerSecond >= best.imagesPerSecond * leastGain;
		if (agrees && gains) best = { ...found, batchSize };
	}
	return best;
}
