/** @file Groups of copies in the library, and which of them are chosen for the trash. */
import type { EngineClient } from "../../contract/contract.ts";
import type { PhotoId } from "../../contract/ids.ts";
import type { LookAlikeGroup, LookAlikeList, LookAlikePhoto } from "../../contract/lookalike.ts";
import type { MovedToTrash } from "../../contract/trash.ts";
import { problemSentence } from "./problem.ts";

/** Groups on one page. */
const pageGroups = 40;

/** While photos stream in, comparing them again and again would only slow reading down. */
const refreshSoonMs = 4000;

export class LookAlikes {
	#list = $state.raw<LookAlikeList | null>(null);
	#problem = $state<string | null>(null);
	#refreshing = $state(false);
	/** The person's own choices; what is not in here follows the suggestion. */
	#choices = $state.raw<ReadonlyMap<PhotoId, boolean>>(new Map());
	#limit = pageGroups;
	#latest = 0;
	#timer: ReturnType<typeof setTimeout> | undefined;
	readonly #client: EngineClient;

	constructor(client: EngineClient) {
		this.#client = client;
	}

	/** Null until they were compared for the first time. */
	get list(): LookAlikeList | null {
		return this.#list;
	}

	get problem(): string | null {
		return this.#problem;
	}

	get refreshing(): boolean {
		return this.#refreshing;
	}

	async refresh(): Promise<void> {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		this.#latest += 1;
		const asked = this.#latest;
		this.#refreshing = true;
		try {
			const list = await this.#client.lookAlike.list({ limit: this.#limit });
			if (asked !== this.#latest) return;
			this.#list = list;
			this.#problem = null;
		} catch (error) {
			if (asked === this.#latest) this.#problem = problemSentence(error);
		} finally {
			if (asked === this.#latest) this.#refreshing = false;
		}
	}

	/** Photos came or went; several such words in a row lead to one look. */
	refreshSoon(): void {
		this.#timer ??= setTimeout(() => void this.refresh(), refreshSoonMs);
	}

	async showMore(): Promise<void> {
		this.#limit += pageGroups;
		await this.refresh();
	}

	/** Chosen for the trash: by the person, or because it holds nothing that the suggested one lacks. */
	isChosen(photo: LookAlikePhoto): boolean {
		const lossless = photo.kind === "identical" || photo.kind === "resaved";
		return this.#choices.get(photo.id) ?? (lossless && !photo.offline);
	}

	choose(photo: LookAlikePhoto, chosen: boolean): void {
		this.#choices = new Map(this.#choices).set(photo.id, chosen);
	}

	chosenOf(group: LookAlikeGroup): LookAlikePhoto[] {
		return group.photos.filter((photo) => this.isChosen(photo));
	}

	/** Throws the engine's refusal. */
	async moveToTrash(
		photos: readonly Pick<LookAlikePhoto, "id" | "version">[],
	): Promise<MovedToTrash> {
		const seen = photos.map(({ id, version }) => ({ id, version }));
		try {
			return await this.#client.lookAlike.moveToTrash({ photos: seen });
		} finally {
			await this.refresh();
		}
	}

	/** The whole group is wanted: it is not shown again. Returns what takes that back. */
	async keepAll(group: LookAlikeGroup): Promise<() => Promise<void>> {
		const ids = group.photos.map(({ id }) => id);
		await this.#client.lookAlike.keepAll({ ids });
		await this.refresh();
		return async () => {
			await this.#client.lookAlike.showAgain({ ids });
			await this.refresh();
		};
	}

	dispose(): void {
		clearTimeout(this.#timer);
	}
}
