/** @file Which dialog about tags is open, and what it is about: at most one. */
import type { PhotoId } from "../../contract/ids.ts";
import type { Tag, TaggingScope } from "../../contract/tag.ts";

export type TagDialog =
	| { readonly kind: "rename" | "move" | "merge" | "maybe"; readonly tag: Tag }
	| { readonly kind: "photos"; readonly ids: readonly PhotoId[] }
	| { readonly kind: "suggest"; readonly scope: TaggingScope };

export class TagDialogs {
	#opened = $state.raw<TagDialog | null>(null);
	/** What a label that is begun elsewhere is to be called. */
	newLabelName = "";

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
