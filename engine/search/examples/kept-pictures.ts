/** @file Pictures from outside that are asked with, kept in memory for as long as they may be needed. */
import { randomUUID } from "node:crypto";
import { Refusal } from "../../../contract/errors.ts";

/** What is kept of one. */
export interface KeptPicture {
	/** By encoder key: Float32 [dimensions], unit length. */
	vectors: Map<string, Float32Array>;
	/** A JPEG of moderate size, for embedding it, or a part of it, by another encoder. */
	jpeg: Uint8Array;
}

/** Some 10 MB. */
const keptAtMost = 32;

/** The one used longest ago goes first. They outlast a change of the encoder. */
export class KeptPictures {
	readonly #pictures = new Map<string, KeptPicture>();
	readonly #capacity: number;

	constructor(capacity = keptAtMost) {
		this.#capacity = capacity;
	}

	/** Returns the key to name it by. */
	keep(picture: KeptPicture): string {
		const key = randomUUID();
		this.#pictures.set(key, picture);
		for (const oldest of this.#pictures.keys()) {
			if (this.#pictures.size <= this.#capacity) break;
			this.#pictures.delete(oldest);
		}
		return key;
	}

	/** @throws Refusal PICTURE_GONE when it is no longer kept. */
	get(key: string): KeptPicture {
		const picture = this.#pictures.get(key);
		if (picture === undefined) throw new Refusal("PICTURE_GONE");
		this.#pictures.delete(key);
		this.#pictures.set(key, picture);
		return picture;
	}
}
