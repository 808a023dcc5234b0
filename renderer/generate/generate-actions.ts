/** @file Ways to the page "Generate" from elsewhere in the app. */
import type { PhotoId } from "../../contract/ids.ts";
import type { App } from "../state/app.svelte.ts";
import { home } from "../state/location.ts";
import { problemSentence } from "../state/problem.ts";

/** Draws what was searched for. */
export function paintSearch(app: App, words: string): void {
	app.drawings.draft.prompt = words;
	app.drawings.draft.start = null;
	app.navigation.go({ ...home, place: "generate" });
}

/** Begins with a photo of the library; the words are still to come. */
export function drawFromPhoto(app: App, id: PhotoId): void {
	const name = app.summaries.get(id)?.fileName ?? "a photo of yours";
	app.drawings.draft.start = { source: { kind: "photo", id }, name };
	app.navigation.go({ ...home, place: "generate" });
}

/** Runs what the person asked for and says why where it could not be done. */
export async function attempt(app: App, act: () => Promise<unknown>): Promise<void> {
	try {
		await act();
	} catch (error) {
		app.toasts.problem(problemSentence(error));
	}
}
