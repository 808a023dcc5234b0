/** @file What the words of a query say for each photo, added up over tens of thousands of photos at once. */
import type { AllowedLabels } from "../../index/vector-index.ts";

/** Photos that have one word of the query in texts of one kind. */
export interface WeightedPhotos {
	/** The word's place in the query, from 0. A photo counts for the first list of a word that has it. */
	word: number;
	/** Above 0. */
	weight: number;
	/** In ascending order. */
	photos: readonly number[];
}

/** Weights closer than this are one when the heaviest are chosen. */
const bucketsPerUnit = 1000;

/** Sums of weights by photo. Ids are dense, so arrays by id are a tenth of the time of maps. */
export class PhotoWeights {
	/** Float32 [greatest id + 1]; 0 for a photo that no list has. */
	readonly #weights: Float32Array;

	constructor(lists: readonly WeightedPhotos[]) {
		const greatest = Math.max(0, ...lists.map(({ photos }) => photos.at(-1) ?? 0));
		this.#weights = new Float32Array(greatest + 1);
		/** The last word that counted for a photo, from 1. */
		const counted = new Uint8Array(greatest + 1);
		for (const { word, weight, photos } of lists) {
			for (const id of photos) {
				if (counted[id] === word + 1) continue;
				counted[id] = word + 1;
				this.#weights[id] = (this.#weights[id] ?? 0) + weight;
			}
		}
	}

	/** 0 for a photo that no list has. */
	of(id: number): number {
		return this.#weights[id] ?? 0;
	}

	/** At most `count` of the allowed photos, those of greatest weight; of equals the newest. */
	heaviest(count: number, allowed?: AllowedLabels): number[] {
		const weights = this.#weights;
		const buckets: number[] = [];
		const bucketOf = (id: number) => Math.round((weights[id] ?? 0) * bucketsPerUnit);
		const ids: number[] = [];
		// From the greatest id, which is the newest photo.
		for (let id = weights.length - 1; id > 0; id -= 1) {
			if (weights[id] === 0 || allowed?.has(id) === false) continue;
			ids.push(id);
			const bucket = bucketOf(id);
			buckets[bucket] = (buckets[bucket] ?? 0) + 1;
		}
		if (ids.length <= count) return ids;
		let above = 0;
		let least = buckets.length - 1;
		for (; above + (buckets[least] ?? 0) < count; least -= 1) above += buckets[least] ?? 0;
		let room = count - above;
		return ids.filter((id) => {
			const bucket = bucketOf(id);
			if (bucket !== least) return bucket > least;
			room -= 1;
			return room >= 0;
		});
	}
}
