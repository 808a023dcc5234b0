/** @file Photos that are about to go to the trash: what is asked, the move once it is confirmed, and the way back. */
import type { EngineClient } from "../../contract/contract.ts";
import type { PhotoId } from "../../contract/ids.ts";
import { trashedAtMost } from "../../contract/limits.ts";
import type { MovedToTrash } from "../../contract/trash.ts";
import { formatCount, photosCounted } from "../shell/progress-words.ts";
import { problemSentence } from "./problem.ts";
import type { Toasts } from "./toasts.svelte.ts";
import type { Undo } from "./undo.svelte.ts";

/** A photo as the person sees it before deciding. */
export interface Unwanted {
	readonly id: PhotoId;
	readonly version: number;
	/** Its file's name, or its path where the folder matters. */
	readonly name: string;
}

export interface TrashQuestion {
	readonly photos: readonly Unwanted[];
	/** Moves them. May throw the engine's refusal. */
	readonly move: (photos: readonly Unwanted[]) => Promise<MovedToTrash>;
	/** At once when some were moved, before the lists know. */
	readonly onMoved?: (moved: readonly PhotoId[]) => void;
}

export interface TrashParts {
	readonly client: EngineClient;
	readonly undo: Undo;
	readonly toasts: Toasts;
	/** The lists are shown without what is gone, or with what is back. */
	readonly onChanged: () => void;
}

export class Trash {
	#asked = $state.raw<TrashQuestion | null>(null);
	#moving = $state(false);
	readonly #parts: TrashParts;

	constructor(parts: TrashParts) {
		this.#parts = parts;
	}

	/** What the person is asked to confirm. */
	get asked(): TrashQuestion | null {
		return this.#asked;
	}

	get moving(): boolean {
		return this.#moving;
	}

	ask(question: TrashQuestion): void {
		this.#asked = question;
	}

	/** About photos known by their ids; what they are called is looked up first. */
	async askAbout(ids: readonly PhotoId[], onMoved?: TrashQuestion["onMoved"]): Promise<void> {
		const { client, toasts } = this.#parts;
		if (ids.length > trashedAtMost) {
			toasts.problem(`Choose at most ${formatCount(trashedAtMost)} photos to move to the trash.`);
			return;
		}
		try {
			const found = await client.photo.summaries({ ids: [...ids] });
			if (found.length === 0) {
				// The list is older than the library, which a photo that came back enters anew.
				toasts.problem("That is no longer in the library as it was shown. Choose again.");
				this.#parts.onChanged();
				return;
			}
			this.ask({
				photos: found.map(({ id, version, fileName }) => ({ id, version, name: fileName })),
				move: (photos) =>
					client.trash.putPhotos({ photos: photos.map(({ id, version }) => ({ id, version })) }),
				...(onMoved !== undefined && { onMoved }),
			});
		} catch (error) {
			toasts.problem(problemSentence(error));
		}
	}

	leave(): void {
		this.#asked = null;
	}

	/** The person has confirmed. */
	async confirm(): Promise<void> {
		const question = this.#asked;
		if (question === null || this.#moving) return;
		const { toasts } = this.#parts;
		this.#moving = true;
		try {
			const move = await question.move(question.photos);
			if (move.moved.length > 0) {
				question.onMoved?.(move.moved);
				this.#tell(move);
			}
			for (const { message } of move.stayed) toasts.problem(message);
		} catch (error) {
			toasts.problem(problemSentence(error));
		} finally {
			this.#moving = false;
			this.#asked = null;
			this.#parts.onChanged();
		}
	}

	#tell({ moved, moveId, restorable, passedOn }: MovedToTrash): void {
		const { undo, toasts, client } = this.#parts;
		const passed = passedOn.length === 0 ? "" : " What was said of them passed to those that stay.";
		const done = `Moved ${photosCounted(moved.length)} to the trash.${passed}`;
		if (!restorable) {
			toasts.note(`${done} The trash of this computer can restore them.`);
			return;
		}
		undo.offer({
			done,
			undone:
				moved.length === 1
					? "The photo is back where it was."
					: "The photos are back where they were.",
			undo: async () => {
				try {
					await client.trash.restore({ moveId });
					for (const changeId of passedOn.toReversed()) await client.tag.undo({ changeId });
				} finally {
					this.#parts.onChanged();
				}
			},
		});
	}
}
