/** @file Runs tasks one after the other, in the order they came. */

export class OneAtATime {
	#last: Promise<unknown> = Promise.resolve();

	/** Runs the task when all before it are done; its failure is the caller's and stops nothing. */
	run<Result>(task: () => Promise<Result>): Promise<Result> {
		const result = this.#last.then(task, task);
		this.#last = result.catch(() => {});
		return result;
	}

	/** Resolves when everything handed in so far is done. */
	async idle(): Promise<void> {
		await this.#last;
	}
}
