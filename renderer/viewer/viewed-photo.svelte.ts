/** @file Everything known of the photo in the viewer, kept true while the library changes. */
import type { EngineClient } from "../../contract/contract.ts";
import type { PhotoId } from "../../contract/ids.ts";
import type { PhotoDetail } from "../../contract/photo.ts";
import { problemSentence } from "../state/problem.ts";

/** While photos stream in the library changes many times a second; one look a second is enough. */
const refreshEveryMs = 1000;

/** Follows the open photo. Answers that arrive after the person moved on are dropped. */
export class ViewedPhoto {
	readonly #client: EngineClient;
	#detail = $state.raw<PhotoDetail | null>(null);
	#problem = $state<string | null>(null);
	#id: PhotoId | null = null;
	#round = 0;
	#due: ReturnType<typeof setTimeout> | null = null;

	constructor(client: EngineClient) {
		this.#client = client;
	}

	/**
	 * Null until the first answer. While the answer for another photo is on its way it is still the
	 * one before: compare its `id`.
	 */
	get detail(): PhotoDetail | null {
		return this.#detail;
	}

	/** Why nothing can be told of this photo, in words; null while all is well. */
	get problem(): string | null {
		return this.#problem;
	}

	/** Shows another photo. */
	show(id: PhotoId): void {
		if (this.#id === id) return;
		this.#id = id;
		this.#problem = null;
		void this.refresh();
	}

	/** The library changed, and perhaps this photo with it. */
	libraryChanged(): void {
		this.#due ??= setTimeout(() => {
			this.#due = null;
			void this.refresh();
		}, refreshEveryMs);
	}

	/** Asks again about the photo shown. */
	async refresh(): Promise<void> {
		const id = this.#id;
		if (id === null) return;
		this.#round += 1;
		const round = this.#round;
		try {
			const detail = await this.#client.photo.detail({ id });
			if (round !== this.#round) return;
			this.#detail = detail;
			this.#problem = null;
		} catch (error) {
			if (round !== this.#round) return;
			this.#detail = null;
			this.#problem = problemSentence(error);
		}
	}

	/** Lets go of the photo; nothing is asked any more. */
	dispose(): void {
		this.#id = null;
		this.#round += 1;
		if (this.#due !== null) clearTimeout(this.#due);
	}
}
