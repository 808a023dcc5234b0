/** @file How fast bytes arrive, over the last seconds. */
const windowMs = 8000;

export class TransferRate {
	readonly #samples: { atMs: number; bytes: number }[] = [];

	/** @param nowMs of any clock that only goes forward */
	add(bytes: number, nowMs: number): void {
		this.#samples.push({ atMs: nowMs, bytes });
		while ((this.#samples[0]?.atMs ?? nowMs) < nowMs - windowMs) this.#samples.shift();
	}

	/** Null until there is something to measure. */
	bytesPerSecond(nowMs: number): number | null {
		const first = this.#samples[0];
		if (first === undefined || nowMs - first.atMs < 500) return null;
		const bytes = this.#samples.reduce((sum, sample) => sum + sample.bytes, 0);
		return (bytes * 1000) / (nowMs - first.atMs);
	}
}
