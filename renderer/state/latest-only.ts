/** @file Of several questions asked in a row only the last one's answer counts. */

/** Given by `LatestOnly.ask` in place of an answer when a later question came. */
export const superseded = Symbol("superseded");

export class LatestOnly {
	#current: AbortController | null = null;

	/**
	 * Waits `delayMs`, then asks. The earlier question is aborted at once, in its delay or under way;
	 * whatever it still answers or throws becomes `superseded`.
	 */
	async ask<Answer>(
		question: (signal: AbortSignal) => Promise<Answer>,
		delayMs: number,
	): Promise<Answer | typeof superseded> {
		this.#current?.abort();
		const own = new AbortController();
		this.#current = own;
		try {
			if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
			if (own.signal.aborted) return superseded;
			const answer = await question(own.signal);
			return own.signal.aborted ? superseded : answer;
		} catch (error) {
			if (own.signal.aborted) return superseded;
			throw error;
		}
	}

	/** Gives up the question that is open. */
	cancel(): void {
		this.#current?.abort();
		this.#current = null;
	}
}
