/** @file The side that answers now, lent to each question until it is answered. */

export interface Side {
	/** Stops work in the background; questions under way are still answered. */
	retire(): Promise<void>;
	close(): Promise<void>;
}

interface Lent<SideType> {
	readonly side: SideType;
	questions: number;
	/** Resolves when nothing uses it any more, once somebody waits for that. */
	idle: PromiseWithResolvers<void> | null;
}

/**
 * Hands a question the side that is current when it is asked, and changes the side in one step: what began before
 * ends on the former one, which is closed after the last of them.
 */
export class CurrentSide<SideType extends Side> {
	#lent: Lent<SideType>;
	readonly #former = new Set<SideType>();

	constructor(side: SideType) {
		this.#lent = { side, questions: 0, idle: null };
	}

	/** For what is done before anything else can happen; `use` for all that waits. */
	get now(): SideType {
		return this.#lent.side;
	}

	/** All of `work` is done on one side. */
	async use<Result>(work: (side: SideType) => Promise<Result>): Promise<Result> {
		const lent = this.#lent;
		lent.questions += 1;
		try {
			return await work(lent.side);
		} finally {
			giveBack(lent);
		}
	}

	/** As `use`, for work that tells how it goes. */
	async *follow<Event>(work: (side: SideType) => AsyncIterable<Event>): AsyncGenerator<Event> {
		const lent = this.#lent;
		lent.questions += 1;
		try {
			yield* work(lent.side);
		} finally {
			giveBack(lent);
		}
	}

	/**
	 * Questions go to `next` from this very moment.
	 * @returns resolves when the former side has answered its last question and is closed
	 */
	replace(next: SideType): Promise<void> {
		const lent = this.#lent;
		this.#lent = { side: next, questions: 0, idle: null };
		this.#former.add(lent.side);
		return this.#leave(lent);
	}

	async #leave(lent: Lent<SideType>): Promise<void> {
		await lent.side.retire();
		lent.idle = Promise.withResolvers();
		if (lent.questions === 0) lent.idle.resolve();
		await lent.idle.promise;
		// Closed already where the library was closed meanwhile.
		if (this.#former.delete(lent.side)) await lent.side.close();
	}

	/** Closes every side, also those that still have questions. */
	async close(): Promise<void> {
		const sides = [this.now, ...this.#former];
		this.#former.clear();
		await Promise.all(sides.map((side) => side.close()));
	}
}

function giveBack(lent: Lent<unknown>): void {
	lent.questions -= 1;
	if (lent.questions === 0) lent.idle?.resolve();
}
