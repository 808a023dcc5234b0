/** @file Work that is done whenever there is something to do, one turn after another. */

export class BackgroundWork {
	readonly #turn: () => Promise<void>;
	/** False until somebody wants work to be done: a command that only asks something does not. */
	#begun = false;
	#closed = false;
	#working: Promise<void> | null = null;
	#again = false;
	#retry: NodeJS.Timeout | null = null;

	/** @param turn does what there is to do; never throws */
	constructor(turn: () => Promise<void>) {
		this.#turn = turn;
	}

	/** Works from now on whenever there is something to do. */
	begin(): void {
		this.#begun = true;
		this.wake();
	}

	/** There may be work again. Cheap. */
	wake(): void {
		if (!this.#begun || this.#closed) return;
		this.#again = true;
		this.#working ??= this.#work().finally(() => {
			this.#working = null;
			if (this.#again) this.wake();
		});
	}

	/** Wakes it after a while, in place of an earlier such wish. */
	wakeIn(ms: number): void {
		if (this.#retry !== null) clearTimeout(this.#retry);
		this.#retry = setTimeout(() => this.wake(), ms);
		this.#retry.unref();
	}

	/** Resolves when nothing is under way. */
	async rest(): Promise<void> {
		await this.#working;
	}

	/** Begins nothing any more; what is under way is for `rest` to wait for. */
	close(): void {
		this.#closed = true;
		if (this.#retry !== null) clearTimeout(this.#retry);
	}

	async #work(): Promise<void> {
		while (this.#again && !this.#closed) {
			this.#again = false;
			await this.#turn();
		}
	}
}
