/** @file How fast work goes, measured over a sliding window. */

const windowMs = 10_000;
/** Below this a rate would be a guess. */
const leastSpanMs = 500;

/** Counts finished items and tells the rate of the last ten seconds. */
export class RateMeter {
	readonly #now: () => number;
	#samples: { atMs: number; count: number }[] = [];
	#startedAtMs: number | null = null;

	/** @param now milliseconds; a parameter so that tests own the clock. */
	constructor(now: () => number = () => performance.now()) {
		this.#now = now;
	}

	/** Work begins or goes on after a pause: idle time before it does not count. */
	start(): void {
		this.#startedAtMs ??= this.#now();
	}

	stop(): void {
		this.#samples = [];
		this.#startedAtMs = null;
	}

	add(count: number): void {
		this.start();
		this.#samples.push({ atMs: this.#now(), count });
	}

	/** Items a second, or null until there is something to measure. */
	perSecond(): number | null {
		if (this.#startedAtMs === null) return null;
		const now = this.#now();
		const from = Math.max(this.#startedAtMs, now - windowMs);
		while (this.#samples[0] !== undefined && this.#samples[0].atMs < from) this.#samples.shift();
		const spanMs = now - from;
		if (spanMs < leastSpanMs || this.#samples.length === 0) return null;
		const total = this.#samples.reduce((sum, sample) => sum + sample.count, 0);
		return (total / spanMs) * 1000;
	}
}
