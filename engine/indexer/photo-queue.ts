/** @file Which photo to read next: the ones being looked at, then the newest. */
import type { PhotoId } from "../../contract/ids.ts";
import type { PhotoTable } from "../catalogue/catalogue.ts";
import type { PhotoRecord } from "../catalogue/records.ts";

const refillCount = 64;

/**
 * A short look-ahead over the catalogue's waiting photos. The catalogue is the queue; this only
 * remembers which photos are taken, so that none is read twice at the same time.
 */
export class PhotoQueue {
	readonly #photos: PhotoTable;
	#next: PhotoRecord[] = [];
	readonly #taken = new Set<PhotoId>();

	constructor(photos: PhotoTable) {
		this.#photos = photos;
	}

	/** How many photos are out of the queue and not released yet. */
	get takenCount(): number {
		return this.#taken.size;
	}

	/** The next photo at once, or undefined when `refill` has to be called first. */
	take(): PhotoRecord | undefined {
		const photo = this.#next.shift();
		if (photo !== undefined) this.#taken.add(photo.id);
		return photo;
	}

	/** The photo is stored, failed or given up: it may be offered again if it still waits. */
	release(id: PhotoId): void {
		this.#taken.delete(id);
	}

	/** Looks into the catalogue; false when no photo waits. */
	async refill(): Promise<boolean> {
		const except = new Set(this.#taken);
		for (const photo of this.#next) except.add(photo.id);
		const found = await this.#photos.nextWaiting(refillCount, except);
		const known = new Set(this.#next.map((photo) => photo.id));
		for (const photo of found) {
			if (!known.has(photo.id) && !this.#taken.has(photo.id)) this.#next.push(photo);
		}
		return this.#next.length > 0;
	}

	/** Puts these photos first, in the order given. */
	async prioritise(ids: readonly PhotoId[]): Promise<void> {
		const wanted = await this.#photos.getMany(ids);
		const first = wanted.filter((photo) => photo.state === "waiting" && !this.#taken.has(photo.id));
		const moved = new Set(first.map((photo) => photo.id));
		this.#next = [...first, ...this.#next.filter((photo) => !moved.has(photo.id))];
		this.#next.length = Math.min(this.#next.length, refillCount * 4);
	}

	/** Forgets the look-ahead: the catalogue changed under it. */
	clear(): void {
		this.#next = [];
	}
}
