/** @file Stars, titles and captions that the person gives to photos, each change with its way back. */
import type { EngineClient } from "../../contract/contract.ts";
import type { Described } from "../../contract/description.ts";
import type { ChangeId, PhotoId } from "../../contract/ids.ts";
import { photosCounted } from "../shell/progress-words.ts";
import type { PhotoSummaries } from "./photo-summaries.svelte.ts";
import { problemSentence } from "./problem.ts";
import type { Toasts } from "./toasts.svelte.ts";
import type { Undo } from "./undo.svelte.ts";

export interface DescriptionParts {
	readonly client: EngineClient;
	readonly summaries: PhotoSummaries;
	readonly undo: Undo;
	readonly toasts: Toasts;
}

export class Descriptions {
	/** Grows whenever the person changed what is said of photos. */
	#revision = $state(0);
	readonly #parts: DescriptionParts;

	constructor(parts: DescriptionParts) {
		this.#parts = parts;
	}

	get revision(): number {
		return this.#revision;
	}

	/** Gives stars; 0 takes them away. */
	rate(ids: readonly PhotoId[], rating: number): Promise<boolean> {
		const stars = starsInWords(rating);
		return this.#change(
			ids,
			{ rating: rating === 0 ? null : rating },
			{
				done: `${stars} for ${photosCounted(ids.length)}.`,
				undone: `The stars of ${photosCounted(ids.length)} are as they were.`,
			},
		);
	}

	/** Blank takes it away. */
	write(id: PhotoId, field: "title" | "caption", text: string): Promise<boolean> {
		const blank = text.trim() === "";
		return this.#change(
			[id],
			{ [field]: blank ? null : text },
			{
				done: blank ? `The ${field} was taken away.` : `The ${field} was saved.`,
				undone: `The ${field} is as it was.`,
			},
		);
	}

	/** False where it was refused, of which the person is told. */
	async #change(
		ids: readonly PhotoId[],
		values: Partial<Described>,
		words: { done: string; undone: string },
	): Promise<boolean> {
		const { client, undo, toasts } = this.#parts;
		try {
			const { changeId } = await client.description.change({ ids: [...ids], ...values });
			if (changeId === null) toasts.note(words.done);
			else undo.offer({ ...words, undo: () => this.#takeBack(changeId, ids) });
			this.#changed(ids);
			return true;
		} catch (error) {
			toasts.problem(problemSentence(error));
			return false;
		}
	}

	async #takeBack(changeId: ChangeId, ids: readonly PhotoId[]): Promise<void> {
		try {
			await this.#parts.client.tag.undo({ changeId });
		} finally {
			this.#changed(ids);
		}
	}

	#changed(ids: readonly PhotoId[]): void {
		this.#revision += 1;
		const { summaries } = this.#parts;
		summaries.renew(ids.filter((id) => summaries.get(id) !== undefined));
	}
}

/** "3 stars", "No stars", "Rejected". */
export function starsInWords(rating: number | null): string {
	if (rating === null || rating === 0) return "No stars";
	if (rating < 0) return "Rejected";
	return rating === 1 ? "1 star" : `${rating} stars`;
}
