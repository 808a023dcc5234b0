/** @file Pictures from outside that are searched by: the page's address only carries their key. */

export interface QueryPicture {
	readonly file: File;
	/** For showing it; lives as long as the page. */
	readonly url: string;
}

const keptAtMost = 12;

export class QueryPictures {
	readonly #pictures = new Map<number, QueryPicture>();
	#lastKey = 0;

	/** Keeps a picture and returns its key. The oldest are let go, with their memory. */
	keep(file: File): number {
		this.#lastKey += 1;
		this.#pictures.set(this.#lastKey, { file, url: URL.createObjectURL(file) });
		for (const [key, picture] of this.#pictures) {
			if (this.#pictures.size <= keptAtMost) break;
			URL.revokeObjectURL(picture.url);
			this.#pictures.delete(key);
		}
		return this.#lastKey;
	}

	get(key: number): QueryPicture | undefined {
		return this.#pictures.get(key);
	}
}
