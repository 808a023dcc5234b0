/** @file The photos of the library, or of one folder of it, newest first. */

import type { EngineClient } from "../../contract/contract.ts";
import { type DrawnPictures, usualDrawnPictures } from "../../contract/drawn-pictures.ts";
import type { FolderId } from "../../contract/ids.ts";
import { emptyPhotoList, listOfColumns, type PhotoList } from "./photo-list.ts";
import { isAbort, problemSentence } from "./problem.ts";

/** What the library's photos are put together by. */
export type LibraryGroup = "time" | "place" | "folder";

/** The ways there are, as they are offered. */
export const libraryGroups: readonly LibraryGroup[] = ["time", "place", "folder"];

export class LibraryPhotos {
	#list = $state.raw<PhotoList>(emptyPhotoList);
	#status = $state<"loading" | "ready" | "failed">("loading");
	#problem = $state("");
	#folderId: FolderId | null = null;
	#group: LibraryGroup = "time";
	#drawn: DrawnPictures = usualDrawnPictures;
	#hiddenDrawn = $state(0);
	#shown = false;
	readonly #client: EngineClient;
	#running: AbortController | null = null;
	#wantedAgain = false;
	#lastTookMs = 0;

	constructor(client: EngineClient) {
		this.#client = client;
	}

	get list(): PhotoList {
		return this.#list;
	}

	/** `loading` only before the first list of this folder: a refresh keeps what is shown. */
	get status(): "loading" | "ready" | "failed" {
		return this.#status;
	}

	/** Why there is no list, when `status` is `failed`. */
	get problem(): string {
		return this.#problem;
	}

	/** How many drawn pictures are left out of the list. */
	get hiddenDrawn(): number {
		return this.#hiddenDrawn;
	}

	/** Shows another folder, or with null the whole library; in other groups; with drawn pictures or without. */
	show(
		folderId: FolderId | null,
		group: LibraryGroup = "time",
		drawn: DrawnPictures = usualDrawnPictures,
	): void {
		const same = this.#folderId === folderId && this.#group === group && this.#drawn === drawn;
		if (this.#shown && same) return;
		this.#shown = true;
		this.#folderId = folderId;
		this.#group = group;
		this.#drawn = drawn;
		this.#status = "loading";
		this.#running?.abort();
		this.#running = null;
		void this.refresh();
	}

	/**
	 * Reads the list again. Calls while one is running become one more run after it, a little later:
	 * while photos stream in there are many announcements, and the list of a large library is not free.
	 */
	async refresh(): Promise<void> {
		if (this.#running !== null) {
			this.#wantedAgain = true;
			return;
		}
		const run = new AbortController();
		this.#running = run;
		await this.#read(run.signal);
		if (this.#running !== run) return;
		await pause(Math.min(5000, Math.max(400, this.#lastTookMs * 4)));
		if (this.#running !== run) return;
		this.#running = null;
		if (this.#wantedAgain) {
			this.#wantedAgain = false;
			await this.refresh();
		}
	}

	async #read(signal: AbortSignal): Promise<void> {
		const startedAt = performance.now();
		const folderId = this.#folderId;
		const input = {
			group: this.#group,
			drawn: this.#drawn,
			...(folderId !== null && { folderId }),
		};
		try {
			const columns = await this.#client.photo.columns(input, { signal });
			if (signal.aborted) return;
			this.#list = listOfColumns(columns);
			this.#hiddenDrawn = columns.hiddenDrawn;
			this.#status = "ready";
		} catch (error) {
			if (signal.aborted || isAbort(error)) return;
			this.#problem = problemSentence(error);
			if (this.#status === "loading") this.#status = "failed";
		}
		this.#lastTookMs = performance.now() - startedAt;
	}
}

function pause(durationMs: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, durationMs));
}
