/** @file Pictures decoded ahead, so that stepping to a neighbour shows it sharp at once. */

interface Entry {
	image: HTMLImageElement;
	ready: Promise<HTMLImageElement>;
	decoded: boolean;
}

/** The photo shown, two neighbours, and the way back. A decoded photo is 4 bytes a pixel. */
const capacity = 4;

/** Holds the last few pictures as elements that can be put on the page without another decode. */
export class PictureCache {
	readonly #entries = new Map<string, Entry>();

	/** The decoded element, when there is one already. */
	peek(url: string): HTMLImageElement | null {
		const entry = this.#entries.get(url);
		return entry?.decoded === true ? entry.image : null;
	}

	/**
	 * Loads and decodes. Rejects when the picture cannot be loaded or decoded; asking again then
	 * tries again.
	 */
	load(url: string): Promise<HTMLImageElement> {
		const known = this.#entries.get(url);
		if (known !== undefined) {
			this.#entries.delete(url);
			this.#entries.set(url, known);
			return known.ready;
		}
		const image = new Image();
		image.alt = "";
		image.draggable = false;
		image.src = url;
		const entry: Entry = {
			image,
			decoded: false,
			ready: image.decode().then(
				() => {
					entry.decoded = true;
					return image;
				},
				(problem: unknown) => {
					this.#entries.delete(url);
					throw problem;
				},
			),
		};
		this.#entries.set(url, entry);
		for (const oldest of this.#entries.keys()) {
			if (this.#entries.size <= capacity) break;
			this.#entries.delete(oldest);
		}
		return entry.ready;
	}
}
