/** @file The folders of the library. */
import type { EngineClient } from "../../contract/contract.ts";
import type { Folder } from "../../contract/folder.ts";
import type { FolderId } from "../../contract/ids.ts";
import { problemSentence } from "./problem.ts";

export class Folders {
	#all = $state.raw<readonly Folder[]>([]);
	#status = $state<"loading" | "ready" | "failed">("loading");
	#problem = $state("");
	readonly #client: EngineClient;
	#latest = 0;

	constructor(client: EngineClient) {
		this.#client = client;
	}

	get all(): readonly Folder[] {
		return this.#all;
	}

	/** Those that the person added. */
	get ofPhotos(): readonly Folder[] {
		return this.#all.filter(({ drawings }) => drawings !== true);
	}

	/** The one of pictures drawn here; undefined while nothing was drawn, or where it was taken out. */
	get drawings(): Folder | undefined {
		return this.#all.find(({ drawings }) => drawings === true);
	}

	get status(): "loading" | "ready" | "failed" {
		return this.#status;
	}

	get problem(): string {
		return this.#problem;
	}

	find(id: FolderId | null): Folder | undefined {
		return this.#all.find((folder) => folder.id === id);
	}

	async refresh(): Promise<void> {
		this.#latest += 1;
		const asked = this.#latest;
		try {
			const folders = await this.#client.folder.list();
			if (asked !== this.#latest) return;
			this.#all = folders;
			this.#status = "ready";
		} catch (error) {
			if (asked !== this.#latest) return;
			this.#problem = problemSentence(error);
			if (this.#status === "loading") this.#status = "failed";
		}
	}

	/** Adds a folder by its path. Throws the engine's refusal when it cannot be added. */
	async add(path: string): Promise<Folder> {
		const folder = await this.#client.folder.add({ path });
		await this.refresh();
		return folder;
	}

	/** Adds the photos that come with the app. */
	async addDemo(): Promise<Folder> {
		const folder = await this.#client.folder.addDemo();
		await this.refresh();
		return folder;
	}

	/** Forgets a folder; its photos stay where they are. Returns how many photos were forgotten. */
	async remove(id: FolderId): Promise<number> {
		const { photosForgotten } = await this.#client.folder.remove({ id });
		await this.refresh();
		return photosForgotten;
	}

	async rescan(id: FolderId): Promise<void> {
		await this.#client.folder.rescan({ id });
	}
}
