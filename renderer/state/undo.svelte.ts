/**
 * @file What can be taken back, the latest first. Whatever changes something on the person's word
 * offers its way back here: the note at the bottom has the button, and Control or Command with Z does
 * the same long after the note is gone.
 */
import { problemSentence } from "./problem.ts";
import type { Toasts } from "./toasts.svelte.ts";

/** One change, said in sentences. */
export interface Change {
	/** What was done, such as "Accepted “dog” for 12 photos." */
	readonly done: string;
	/** What is told once it is taken back. */
	readonly undone: string;
	/** Takes it back. May throw the engine's refusal. */
	readonly undo: () => Promise<unknown> | unknown;
}

const keptAtMost = 50;

export class Undo {
	#changes = $state.raw<readonly Change[]>([]);
	readonly #toasts: Toasts;
	#running: Promise<void> = Promise.resolve();

	constructor(toasts: Toasts) {
		this.#toasts = toasts;
	}

	/** What Control or Command with Z would take back; null where there is nothing. */
	get next(): Change | null {
		return this.#changes.at(-1) ?? null;
	}

	/** Says what was done and offers to take it back. */
	offer(change: Change): void {
		this.remember(change);
		this.#toasts.note(change.done, { label: "Undo", run: () => this.#takeBack(change) });
	}

	/** As `offer`, without a note: where what was done is plain to see. */
	remember(change: Change): void {
		this.#changes = [...this.#changes, change].slice(-keptAtMost);
	}

	/** Takes the latest change back. False where there is none. */
	takeBackLast(): boolean {
		const last = this.#changes.at(-1);
		if (last === undefined) return false;
		this.#takeBack(last);
		return true;
	}

	/** One after the other, so that pressing the keys fast does not let a later change overtake. */
	#takeBack(change: Change): void {
		if (!this.#changes.includes(change)) return;
		this.#changes = this.#changes.filter((other) => other !== change);
		this.#toasts.dismissMessage(change.done);
		this.#running = this.#running.then(() => this.#run(change));
	}

	/** A change that cannot be taken back any more stays forgotten: trying again would not help. */
	async #run({ undo, undone }: Change): Promise<void> {
		try {
			await undo();
			this.#toasts.note(undone);
		} catch (error) {
			this.#toasts.problem(problemSentence(error));
		}
	}
}
