/** @file In which order and groups photos are shown, and whether drawn pictures are among them. */
import { type DrawnPictures, usualDrawnPictures } from "../../contract/drawn-pictures.ts";
import type { Grouping } from "../../contract/grouping.ts";
import type { HitOrder } from "../../contract/search.ts";
import { oneOf, RememberedChoice } from "./remembered-choice.svelte.ts";

/** The orders there are, as they are offered. */
export const orders: readonly HitOrder[] = ["relevance", "date", "oldest"];

/** The groupings there are, as they are offered. */
export const groupings: readonly Grouping[] = ["none", "day", "month", "place", "folder"];

/** What can be done with drawn pictures, as it is offered. */
export const drawnChoices: readonly DrawnPictures[] = ["hidden", "shown", "only"];

/** What is asked of the engine besides the question. */
export interface ArrangementChoice {
	readonly order: HitOrder;
	readonly grouping: Grouping;
	readonly drawn: DrawnPictures;
}

/** Best first, in bands, photos alone. */
export const usualArrangement: ArrangementChoice = {
	order: "relevance",
	grouping: "none",
	drawn: usualDrawnPictures,
};

export class Arrangement {
	readonly #order = new RememberedChoice<HitOrder>("search.order", "relevance", oneOf(orders));
	readonly #grouping = new RememberedChoice<Grouping>("search.group", "none", oneOf(groupings));
	readonly #drawn = new RememberedChoice<DrawnPictures>(
		"search.drawn",
		usualDrawnPictures,
		oneOf(drawnChoices),
	);

	get order(): HitOrder {
		return this.#order.value;
	}

	get grouping(): Grouping {
		return this.#grouping.value;
	}

	get drawn(): DrawnPictures {
		return this.#drawn.value;
	}

	setDrawn(drawn: DrawnPictures): void {
		this.#drawn.set(drawn);
	}

	setOrder(order: HitOrder): void {
		this.#order.set(order);
	}

	setGrouping(grouping: Grouping): void {
		this.#grouping.set(grouping);
	}

	/** Another arrangement for as long as a saved search is open. */
	borrow({ order, grouping, drawn }: ArrangementChoice): void {
		this.#order.borrow(order);
		this.#grouping.borrow(grouping);
		this.#drawn.borrow(drawn);
	}

	/** Back to the person's own. */
	giveBack(): void {
		this.#order.giveBack();
		this.#grouping.giveBack();
		this.#drawn.giveBack();
	}
}
