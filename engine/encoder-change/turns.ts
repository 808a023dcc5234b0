/** @file Work in the background that lets others go first. */
import { setTimeout as delay } from "node:timers/promises";
import type { EmbeddingFiller } from "./embedding-filler.ts";

/** What comes before reading photos by another encoder. */
export interface Others {
	/** New photos are being read: they come first. */
	othersBusy(): boolean;
	/** Work in the background is held by the person. */
	isHeld(): boolean;
}

/** While others are busy it looks this often whether they still are. */
const lookEveryMs = 150;

export class Turns {
	readonly #others: Others;
	readonly #onWaiting: () => void;
	/** While others come first; one for all that wait. */
	#gate: Promise<void> | null = null;

	/** @param onWaiting told when others have come first */
	constructor(others: Others, onWaiting: () => void) {
		this.#others = others;
		this.#onWaiting = onWaiting;
	}

	/** Resolves when nothing more urgent is to be done. @throws the signal's reason */
	next(signal: AbortSignal, filler: EmbeddingFiller): Promise<void> {
		const { othersBusy, isHeld } = this.#others;
		if (this.#gate === null && !othersBusy() && !isHeld()) return Promise.resolve();
		const wait = async () => {
			filler.stopClock();
			this.#onWaiting();
			while (othersBusy() || isHeld()) await delay(lookEveryMs, undefined, { signal });
		};
		this.#gate ??= wait().finally(() => {
			this.#gate = null;
		});
		return this.#gate;
	}
}
