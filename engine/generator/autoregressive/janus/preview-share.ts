/** @file How often the picture so far is shown where showing it takes as long as drawing some of it. */

/** Of the time since drawing began. */
const mostOfTheTime = 0.15;

/** Shows the first row at once, and then as often as previews keep within their share of the time. */
export class PreviewShare {
	readonly #now: () => number;
	readonly #beganAt: number;
	#spent = 0;

	/** @param now milliseconds; tests give their own. */
	constructor(now: () => number = () => performance.now()) {
		this.#now = now;
		this.#beganAt = now();
	}

	isDue(): boolean {
		return this.#spent <= mostOfTheTime * (this.#now() - this.#beganAt);
	}

	/** Counts what making a preview takes. */
	async of<Preview>(make: () => Promise<Preview>): Promise<Preview> {
		const startedAt = this.#now();
		try {
			return await make();
		} finally {
			this.#spent += this.#now() - startedAt;
		}
	}
}
