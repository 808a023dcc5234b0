/** @file Which dialog about tags is open, at most one, and what is kept of labels between two visits. */
import type { LabelGroupId, LabelId, PhotoId } from "../../contract/ids.ts";
import type { Answer, ScoredPhoto } from "../../contract/label.ts";
import type { Tag, TaggingScope } from "../../contract/tag.ts";

export type TagDialog =
	| { readonly kind: "rename" | "move" | "merge" | "maybe"; readonly tag: Tag }
	| { readonly kind: "photos"; readonly ids: readonly PhotoId[] }
	| { readonly kind: "suggest"; readonly scope: TaggingScope };

/** What would be lost of a label. */
export interface UnsavedLabel {
	readonly path: string;
	readonly wordings: readonly string[];
	readonly synonyms: readonly string[];
	readonly groupId: LabelGroupId | null;
	readonly threshold: number | null;
	readonly given: readonly GivenAnswer[];
}

/** What was answered about a photo, for taking it back. */
export interface GivenAnswer {
	readonly photo: ScoredPhoto;
	readonly answer: Answer | "skip";
}

export class TagDialogs {
	#opened = $state.raw<TagDialog | null>(null);
	/** What a label that is begun elsewhere is to be called. */
	newLabelName = "";
	/** Labels that were left before they were saved, null being the new one; opened again, they go on. */
	readonly unsavedLabels = new Map<LabelId | null, UnsavedLabel>();

	get opened(): TagDialog | null {
		return this.#opened;
	}

	open(dialog: TagDialog): void {
		this.#opened = dialog;
	}

	close(): void {
		this.#opened = null;
	}
}
