/** @file Tells others which photos are on screen: their facts are fetched, the waiting ones go first. */
import type { EngineClient } from "../../contract/contract.ts";
import type { PhotoId } from "../../contract/ids.ts";
import type { PhotoList } from "../state/photo-list.ts";
import type { PhotoSummaries } from "../state/photo-summaries.svelte.ts";

const factsDelayMs = 60;
const priorityDelayMs = 400;
const mostPrioritised = 400;

export class VisiblePhotos {
	readonly #client: EngineClient;
	readonly #summaries: PhotoSummaries;
	#factsTimer: ReturnType<typeof setTimeout> | undefined;
	#priorityTimer: ReturnType<typeof setTimeout> | undefined;
	#lastList: PhotoList | null = null;
	#lastPrioritised = "";
	#shown: readonly PhotoId[] = [];

	constructor(client: EngineClient, summaries: PhotoSummaries) {
		this.#client = client;
		this.#summaries = summaries;
	}

	/**
	 * @param first index of the first photo that exists in the page
	 * @param end index after the last one
	 * @param inView the photos really in view, `[first, end)`
	 */
	show(list: PhotoList, first: number, end: number, inView: readonly [number, number]): void {
		const isNewList = list !== this.#lastList;
		this.#lastList = list;
		clearTimeout(this.#factsTimer);
		clearTimeout(this.#priorityTimer);
		this.#factsTimer = setTimeout(() => {
			const ids = list.ids.slice(first, end);
			this.#shown = ids;
			this.#summaries.want(ids);
			if (isNewList) this.#summaries.renew(ids);
		}, factsDelayMs);
		this.#priorityTimer = setTimeout(() => this.#prioritise(list, inView), priorityDelayMs);
	}

	/** What is said of the photos shown may be different now. */
	lookAgain(): void {
		this.#summaries.renew(this.#shown);
	}

	dispose(): void {
		clearTimeout(this.#factsTimer);
		clearTimeout(this.#priorityTimer);
	}

	#prioritise(list: PhotoList, [first, end]: readonly [number, number]): void {
		const ids: PhotoId[] = [];
		for (let index = first; index < end && ids.length < mostPrioritised; index += 1) {
			const id = list.ids[index];
			if (id !== undefined && list.versions[index] === 0) ids.push(id);
		}
		const key = ids.join();
		if (ids.length === 0 || key === this.#lastPrioritised) return;
		this.#lastPrioritised = key;
		// Only a hint: where it does not arrive, photos come in their ordinary order.
		this.#client.photo.prioritise({ ids }).catch(() => undefined);
	}
}
