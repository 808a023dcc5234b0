/** @file Whether the text in the picture is shown over it, and which of its words were searched for. */
import type { PhotoId } from "../../contract/ids.ts";
import type { TextLine } from "../../contract/recognition.ts";
import { getApp } from "../state/app.svelte.ts";
import { readPreference, writePreference } from "../state/preferences.ts";
import { pictureText } from "./picture-text.svelte.ts";
import { wordsFound } from "./text-boxes.ts";

const preference = "viewer.text";

export interface TextOverPicture {
	readonly lines: readonly TextLine[];
	/** Words of the search, folded. */
	readonly found: ReadonlySet<string>;
	/** Null where there is no text to be shown. */
	readonly shown: boolean | null;
	/** Shows or hides it, also for the photos to come; says so where this one has none. */
	toggle(): void;
}

/** For use while a component is made. */
export function textOverPicture(idOf: () => PhotoId): TextOverPicture {
	const app = getApp();
	const text = pictureText(idOf);
	let wanted = $state(readPreference(preference) === "shown");
	const found = $derived(wordsFound(app.search.hitOf(idOf())?.why ?? []));
	return {
		get lines() {
			return text.lines;
		},
		get found() {
			return found;
		},
		get shown() {
			return text.lines.length > 0 ? wanted : null;
		},
		toggle() {
			if (text.lines.length === 0) {
				app.toasts.note(
					text.found?.state === "read"
						? "No text was found in this picture."
						: "The text in this picture has not been read.",
				);
				return;
			}
			wanted = !wanted;
			writePreference(preference, wanted ? "shown" : "hidden");
		},
	};
}
