/** @file Pictures from outside that are searched by: the page's address only carries their key. */
import type { EngineClient } from "../../contract/contract.ts";
import { PictureGone } from "./problem.ts";

export interface QueryPicture {
	readonly file: File;
	/** The key the engine keeps it under, once it was handed over. */
	engineKey: Promise<string> | null;
	/** For showing it; lives as long as the page. */
	readonly url: string;
}

const keptAtMost = 12;

export class QueryPictures {
	readonly #pictures = new Map<number, QueryPicture>();
	/** Addresses from before the page was loaded anew name other pictures: no key comes twice. */
	#lastKey = Date.now();

	/** Keeps a picture and returns its key. The oldest are let go, with their memory. */
	keep(file: File): number {
		this.#lastKey += 1;
		this.#pictures.set(this.#lastKey, {
			file,
			url: URL.createObjectURL(file),
			engineKey: null,
		});
		for (const [key, picture] of this.#pictures) {
			if (this.#pictures.size <= keptAtMost) break;
			URL.revokeObjectURL(picture.url);
			this.#pictures.delete(key);
		}
		return this.#lastKey;
	}

	/**
	 * The engine's key of a picture, handed over when it was not yet.
	 *
	 * @throws PictureGone when the page does not have it any more
	 */
	async engineKey(
		key: number,
		client: { search: Pick<EngineClient["search"], "keepPicture"> },
	): Promise<string> {
		const picture = this.#pictures.get(key);
		if (picture === undefined) throw new PictureGone();
		const handing =
			picture.engineKey ??
			client.search.keepPicture({ image: picture.file }).then((kept) => kept.key);
		picture.engineKey = handing;
		handing.catch(() => {
			picture.engineKey = null;
		});
		return handing;
	}

	/** The engine has let its pictures go; they are handed over again when asked with. */
	handOverAgain(): void {
		for (const picture of this.#pictures.values()) picture.engineKey = null;
	}

	get(key: number): QueryPicture | undefined {
		return this.#pictures.get(key);
	}
}
