/** @file The text read in the photo that is looked at. */
import type { PhotoId } from "../../contract/ids.ts";
import type { PhotoText, TextLine } from "../../contract/recognition.ts";
import { getApp } from "../state/app.svelte.ts";
import { isAbort } from "../state/problem.ts";

export interface PictureTextState {
	/** Null until it is known; also where it could not be asked for. */
	readonly found: PhotoText | null;
	/** In reading order; none while nothing was read. */
	readonly lines: readonly TextLine[];
}

/** For use while a component is made; asks again while texts are read, until this photo's is there. */
export function pictureText(idOf: () => PhotoId): PictureTextState {
	const app = getApp();
	let answer = $state.raw<{ id: PhotoId; found: PhotoText } | null>(null);
	const found = $derived(answer?.id === idOf() ? answer.found : null);
	const lines = $derived(found?.state === "read" ? found.lines : []);
	const turn = $derived(
		found?.state === "read" ? null : (app.activity.progress?.text?.done ?? null),
	);

	$effect(() => {
		void turn;
		const id = idOf();
		const given = new AbortController();
		app.host.client.recognition
			.ofPhoto({ id }, { signal: given.signal })
			.then((read) => {
				answer = { id, found: read };
			})
			.catch((error: unknown) => {
				// What shows it is about the photo; without its text everything else still stands.
				if (!isAbort(error)) answer = null;
			});
		return () => given.abort();
	});

	return {
		get found() {
			return found;
		},
		get lines() {
			return lines;
		},
	};
}
