/**
 * @file What the words being typed could become: from the library and from the saved searches. An
 * offer, not a step: it waits for a pause, goes away by itself, and never stands between a person
 * and their search.
 */
import type { EngineClient } from "../../contract/contract.ts";
import type { SavedSearch } from "../../contract/saved-search.ts";
import type { Completion } from "../../contract/search.ts";
import { LatestOnly, superseded } from "./latest-only.ts";

/** One entry of the list. */
export type Offer =
	| { readonly kind: "saved"; readonly saved: SavedSearch }
	| ({ readonly kind: "completion" } & { readonly completion: Completion });

interface CompletingClient {
	readonly search: Pick<EngineClient["search"], "complete">;
}

/** More would cover what was found. */
const offersAtMost = 6;
const savedAtMost = 2;
/** One letter says too little. */
const leastTyped = 2;
const typingPauseMs = 150;
/** Whoever has not looked at the list by then is looking at the photos. */
const shownMs = 5000;

export class Completing {
	#offers = $state.raw<readonly Offer[]>([]);
	#active = $state(-1);
	#held = false;
	#timer: ReturnType<typeof setTimeout> | undefined;
	readonly #client: CompletingClient;
	readonly #saved: () => readonly SavedSearch[];
	readonly #questions = new LatestOnly();

	constructor(client: CompletingClient, saved: () => readonly SavedSearch[]) {
		this.#client = client;
		this.#saved = saved;
	}

	/** Empty where there is nothing to offer, or it was sent away. */
	get offers(): readonly Offer[] {
		return this.#offers;
	}

	/** The offer at hand; -1 while the keyboard is still in the words. */
	get active(): number {
		return this.#active;
	}

	/** These words are in the box now. Offers from before stay until there are newer ones. */
	async typed(text: string): Promise<void> {
		this.#active = -1;
		if (text.trim().length < leastTyped) {
			this.close();
			return;
		}
		this.#closeLater();
		try {
			const found = await this.#questions.ask(
				(signal) => this.#client.search.complete({ query: text, limit: offersAtMost }, { signal }),
				typingPauseMs,
			);
			if (found === superseded) return;
			const saved = this.#savedLike(text.trim());
			this.#offers = [
				...saved.map((one): Offer => ({ kind: "saved", saved: one })),
				...found.map((completion): Offer => ({ kind: "completion", completion })),
			].slice(0, offersAtMost);
			this.#closeLater();
		} catch {
			// Offers are an extra; without them the box is just a box.
			this.close();
		}
	}

	/**
	 * Goes to the next (1) or the previous (-1) offer; before the first are the words. False where the
	 * step leads out of the list, which is closed then.
	 */
	step(direction: 1 | -1): boolean {
		const target = this.#active + direction;
		if (target < -1 || target >= this.#offers.length) {
			this.close();
			return false;
		}
		this.#active = target;
		this.#closeLater();
		return true;
	}

	/** While the pointer is over the list it stays. */
	hold(held: boolean): void {
		this.#held = held;
		this.#closeLater();
	}

	/** Sends the offers away, and the question under way with them. */
	close(): void {
		clearTimeout(this.#timer);
		this.#questions.cancel();
		this.#offers = [];
		this.#active = -1;
		this.#held = false;
	}

	#closeLater(): void {
		clearTimeout(this.#timer);
		if (this.#held || this.#active >= 0) return;
		this.#timer = setTimeout(() => this.close(), shownMs);
	}

	#savedLike(text: string): SavedSearch[] {
		const typed = text.toLowerCase();
		const words = (name: string) => name.toLowerCase().split(/[^\p{L}\p{N}]+/u);
		return this.#saved()
			.filter(({ name }) => {
				const whole = name.toLowerCase();
				return whole.startsWith(typed) || words(name).some((word) => word.startsWith(typed));
			})
			.slice(0, savedAtMost);
	}
}
