/** @file Tags in files: where they are kept, what waits, and what both sides have changed. */
import type { EngineClient } from "../../contract/contract.ts";
import type { ChangeId } from "../../contract/ids.ts";
import type { KeptIn, TagConflict, TagWritingStatus } from "../../contract/tag-writing.ts";
import { photosCounted } from "../shell/progress-words.ts";
import { problemSentence } from "./problem.ts";
import type { Tags } from "./tags.svelte.ts";
import type { Toasts } from "./toasts.svelte.ts";
import type { Undo } from "./undo.svelte.ts";

/** Whose side is right where both have changed. */
export type SettledBy = "library" | "file" | "both";

export interface TagFilesParts {
	readonly client: EngineClient;
	readonly tags: Tags;
	readonly undo: Undo;
	readonly toasts: Toasts;
	/** Leads to where it is told in full. */
	readonly showSettings: () => void;
}

const refreshSoonMs = 500;

export class TagFiles {
	#status = $state.raw<TagWritingStatus | null>(null);
	#problem = $state<string | null>(null);
	readonly #parts: TagFilesParts;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#telling = false;

	constructor(parts: TagFilesParts) {
		this.#parts = parts;
	}

	/** Null until it is known. */
	get status(): TagWritingStatus | null {
		return this.#status;
	}

	/** Why it is not known. */
	get problem(): string | null {
		return this.#problem;
	}

	async refresh(): Promise<void> {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		try {
			this.#take(await this.#parts.client.tagWriting.status());
		} catch (error) {
			this.#problem = problemSentence(error);
		}
	}

	refreshSoon(): void {
		this.#timer ??= setTimeout(() => void this.refresh(), refreshSoonMs);
	}

	dispose(): void {
		clearTimeout(this.#timer);
	}

	/** Throws the engine's refusal. */
	async keepIn(keptIn: KeptIn): Promise<void> {
		this.#take(await this.#parts.client.tagWriting.change({ keptIn }));
	}

	/** Ends these conflicts the same way; with a way back to where they were. */
	async settle(conflicts: readonly TagConflict[], choice: SettledBy): Promise<void> {
		const { client, undo, toasts, tags } = this.#parts;
		const changes: ChangeId[] = [];
		let settled = 0;
		try {
			for (const { id } of conflicts) {
				const { changeId } = await client.tagWriting.settle({ id, choice });
				settled += 1;
				if (changeId !== null) changes.push(changeId);
			}
		} catch (error) {
			toasts.problem(problemSentence(error));
		}
		if (settled > 0) {
			undo.offer({
				done: settledInWords(choice, settled),
				undone: `${photosCounted(settled)} ${settled === 1 ? "waits" : "wait"} for a decision again.`,
				undo: async () => {
					for (const changeId of changes.toReversed()) await client.tag.undo({ changeId });
					await Promise.all([this.refresh(), tags.refresh()]);
				},
			});
		}
		await Promise.all([this.refresh(), tags.refresh()]);
	}

	#take(status: TagWritingStatus): void {
		this.#status = status;
		this.#problem = null;
		const untold = status.unwritable.filter(({ told }) => !told).length;
		if (untold > 0 && !this.#telling) void this.#tell(untold);
	}

	/** Said once; the list stays in the settings. */
	async #tell(folders: number): Promise<void> {
		this.#telling = true;
		const { toasts, client, showSettings } = this.#parts;
		const words = folders === 1 ? "A folder takes" : `${folders} folders take`;
		toasts.note(`${words} no files. The tags of the photos there stay in the library.`, {
			label: "Show",
			run: showSettings,
		});
		try {
			this.#status = await client.tagWriting.told();
		} catch {
			// It is told again after the next start.
		}
		this.#telling = false;
	}
}

function settledInWords(choice: SettledBy, count: number): string {
	const photos = photosCounted(count);
	switch (choice) {
		case "library":
			return `Kept yours for ${photos}.`;
		case "file":
			return `Took the file’s for ${photos}.`;
		case "both":
			return `Kept both for ${photos}.`;
	}
}
