/** @file Stores what was read: photos that are done in the same moment go into one transaction. */
import type { PhotoTable } from "../catalogue/catalogue.ts";
import type { ReadPhoto } from "../catalogue/records.ts";

interface Waiting {
	read: ReadPhoto;
	resolve(stored: boolean): void;
	reject(error: unknown): void;
}

/** Pictures come out of the encoder in batches, so their rows are written in batches too. */
export class ReadBatches {
	readonly #photos: PhotoTable;
	readonly #encoderKey: string;
	#waiting: Waiting[] = [];

	constructor(photos: PhotoTable, encoderKey: string) {
		this.#photos = photos;
		this.#encoderKey = encoderKey;
	}

	/** Resolves with false when the photo vanished or changed since it was read. */
	store(read: ReadPhoto): Promise<boolean> {
		return new Promise((resolve, reject) => {
			this.#waiting.push({ read, resolve, reject });
			if (this.#waiting.length === 1) setImmediate(() => void this.#flush());
		});
	}

	async #flush(): Promise<void> {
		const batch = this.#waiting;
		this.#waiting = [];
		try {
			const reads = batch.map(({ read }) => read);
			const stored = new Set(await this.#photos.storeRead(this.#encoderKey, reads));
			for (const { read, resolve } of batch) resolve(stored.has(read.id));
		} catch (error) {
			for (const { reject } of batch) reject(error);
		}
	}
}
