/** @file In which order, and in which groups, photos that were found are shown. */
import type { Grouping } from "../../contract/grouping.ts";
import type { HitOrder } from "../../contract/search.ts";
import { oneOf, RememberedChoice } from "./remembered-choice.svelte.ts";

/** The orders there are, as they are offered. */
export const orders: readonly HitOrder[] = ["relevance", "date", "oldest"];

/** The groupings there are, as they are offered. */
export const groupings: readonly Grouping[] = ["none", "day", "month", "place", "folder"];

/** What is asked of the engine besides the question. */
export interface ArrangementChoice {
	readonly order: HitOrder;
	readonly grouping: Grouping;
}

/** Best first, in bands. */
export const usualArrangement: ArrangementChoice = { order: "relevance", grouping: "none" };

export class Arrangement {
	readonly #order = new RememberedChoice<HitOrder>("search.order", "relevance", oneOf(orders));
	readonly #grouping = new RememberedChoice<Grouping>("search.group", "none", oneOf(groupings));

	get order(): HitOrder {
		return this.#order.value;
	}

	get grouping(): Grouping {
		return this.#grouping.value;
	}

	setOrder(order: HitOrder): void {
		this.#order.set(order);
	}

	setGrouping(grouping: Grouping): void {
		this.#grouping.set(grouping);
	}

	/** Another arrangement for as long as a saved search is open. */
	borrow({ order, grouping }: ArrangementChoice): void {
		this.#order.borrow(order);
		this.#grouping.borrow(grouping);
	}

	/** Back to the person's own. */
	giveBack(): void {
		this.#order.giveBack();
		this.#grouping.giveBack();
	}
}
