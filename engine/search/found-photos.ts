/** @file What is told of photos that were found: where they are, how sure it is, and why. */
import type { PhotoId } from "../../contract/ids.ts";
import type { ParsedQuery } from "../../contract/query.ts";
import type { HitOrder, SearchHit } from "../../contract/search.ts";
import { aspectPermille } from "../catalogue/aspect.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { PhotoRecord } from "../catalogue/records.ts";
import { bandOf } from "./calibration/bands.ts";
import type { RankedHit } from "./words/fuse.ts";
import { type Asked, Reasons } from "./words/reasons.ts";

/** Last known absolute path of a photo, and whether its folder is offline. */
export type Whereabouts = (photo: PhotoRecord) => { path: string; offline: boolean };

export class FoundPhotos {
	readonly #catalogue: Catalogue;
	readonly #whereabouts: Whereabouts;
	readonly #reasons: Reasons;

	constructor(catalogue: Catalogue, whereabouts: Whereabouts) {
		this.#catalogue = catalogue;
		this.#whereabouts = whereabouts;
		this.#reasons = new Reasons(catalogue.words);
	}

	/**
	 * Of photos that were ranked, in their order.
	 * @param cosines to what was asked for, by label, where the ranking was by something else
	 */
	async ranked(
		ranked: readonly RankedHit[],
		asked: Asked,
		cosines: ReadonlyMap<number, number> | undefined,
	): Promise<SearchHit[]> {
		const hits = new Map(ranked.map((hit) => [hit.label, hit]));
		// Labels are photo ids: the index holds nothing else.
		const photos = await this.#catalogue.photos.getMany(
			ranked.map(({ label }) => label as PhotoId),
		);
		const why = await this.#reasons.of(ranked, asked);
		return photos.flatMap((photo) => {
			const hit = hits.get(photo.id);
			if (hit === undefined) return [];
			const { similarity, confidence } = hit;
			return {
				...this.#told(photo),
				similarity: cosines?.get(photo.id) ?? similarity,
				confidence,
				band: bandOf(confidence, asked.strictness),
				why: why.get(photo.id) ?? [],
			};
		});
	}

	/** Of photos that passed filters alone, in their order: every one of them is a match. */
	async listed(ids: readonly PhotoId[], parsed: ParsedQuery): Promise<SearchHit[]> {
		const photos = await this.#catalogue.photos.getMany(ids);
		const why = await this.#reasons.ofFilters(ids, parsed);
		return photos.map((photo) => ({
			...this.#told(photo),
			similarity: 0,
			confidence: 1,
			band: "strong",
			why: why.get(photo.id) ?? [],
		}));
	}

	/** The same hits by the time the photos were taken. */
	async byDate(
		hits: readonly SearchHit[],
		order: Exclude<HitOrder, "relevance">,
	): Promise<SearchHit[]> {
		const photos = await this.#catalogue.photos.getMany(hits.map(({ id }) => id));
		const taken = new Map(photos.map(({ id, takenAtMs }) => [id, takenAtMs]));
		const newestFirst = hits.toSorted(
			(a, b) => (taken.get(b.id) ?? 0) - (taken.get(a.id) ?? 0) || b.id - a.id,
		);
		return order === "date" ? newestFirst : newestFirst.reverse();
	}

	#told(photo: PhotoRecord) {
		return {
			id: photo.id,
			aspectPermille: aspectPermille(photo),
			version: photo.version,
			generated: photo.drawn,
			...this.#whereabouts(photo),
		};
	}
}
