/** @file Photos that were looked up for a word a moment ago: who types goes on asking for the same words. */

/** Some 16 MB. */
const mostIds = 2_000_000;

/** The list used longest ago goes first. */
export class RememberedPhotos {
	readonly #lists = new Map<string, readonly number[]>();
	readonly #mostIds: number;
	#ids = 0;
	#changes = 0;

	constructor(most = mostIds) {
		this.#mostIds = most;
	}

	/** @param changes how often the database has been written to: lists from before say nothing. */
	get(asked: string, changes: number, look: () => readonly number[]): readonly number[] {
		if (changes !== this.#changes) {
			this.#lists.clear();
			this.#ids = 0;
			this.#changes = changes;
		}
		const known = this.#lists.get(asked);
		if (known !== undefined) {
			this.#lists.delete(asked);
			this.#lists.set(asked, known);
			return known;
		}
		const found = look();
		this.#lists.set(asked, found);
		this.#ids += found.length;
		for (const [oldest, list] of this.#lists) {
			if (this.#ids <= this.#mostIds || oldest === asked) break;
			this.#lists.delete(oldest);
			this.#ids -= list.length;
		}
		return found;
	}
}
