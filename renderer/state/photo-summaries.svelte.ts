/** @file File names, dates and states of the photos on screen, fetched in batches and kept a while. */
import { SvelteMap } from "svelte/reactivity";
import type { EngineClient } from "../../contract/contract.ts";
import type { PhotoId } from "../../contract/ids.ts";
import type { PhotoSummary } from "../../contract/photo.ts";

const batchSize = 500;
const keptAtMost = 6000;

export class PhotoSummaries {
	readonly #known = new SvelteMap<PhotoId, PhotoSummary>();
	readonly #asked = new Set<PhotoId>();
	readonly #client: EngineClient;

	constructor(client: EngineClient) {
		this.#client = client;
	}

	/** What is known of a photo so far. Reactive: changes when the answer comes. */
	get(id: PhotoId): PhotoSummary | undefined {
		return this.#known.get(id);
	}

	/** Asks for the photos that are not known yet. */
	want(ids: readonly PhotoId[]): void {
		const missing = ids.filter((id) => !this.#known.has(id) && !this.#asked.has(id));
		for (let from = 0; from < missing.length; from += batchSize) {
			void this.#fetch(missing.slice(from, from + batchSize));
		}
	}

	/** Asks again, for photos whose state may have changed; what is known stays until the answer. */
	renew(ids: readonly PhotoId[]): void {
		for (const id of this.#known.keys()) {
			if (this.#known.size <= keptAtMost) break;
			this.#known.delete(id);
		}
		const renewed = ids.filter((id) => !this.#asked.has(id));
		for (let from = 0; from < renewed.length; from += batchSize) {
			void this.#fetch(renewed.slice(from, from + batchSize));
		}
	}

	async #fetch(ids: PhotoId[]): Promise<void> {
		for (const id of ids) this.#asked.add(id);
		try {
			for (const summary of await this.#client.photo.summaries({ ids })) {
				if (!sameSummary(this.#known.get(summary.id), summary))
					this.#known.set(summary.id, summary);
			}
		} catch {
			// The grid shows its placeholders until the next ask; the status line tells why.
		} finally {
			for (const id of ids) this.#asked.delete(id);
		}
	}
}

function sameSummary(known: PhotoSummary | undefined, summary: PhotoSummary): boolean {
	return (
		known !== undefined &&
		known.version === summary.version &&
		known.state === summary.state &&
		known.offline === summary.offline &&
		known.fileName === summary.fileName &&
		known.takenAtMs === summary.takenAtMs &&
		known.rating === summary.rating
	);
}
