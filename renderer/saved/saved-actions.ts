/** @file Opening, moving and removing saved searches, with a word to the person where one is due. */
import type { SavedSearch } from "../../contract/saved-search.ts";
import type { App } from "../state/app.svelte.ts";
import { home, type Location } from "../state/location.ts";
import { presentQuestion, queryOf } from "../state/open-saved.svelte.ts";
import { problemSentence } from "../state/problem.ts";

/** Where a saved search leads. */
export function placeOf({ id, question }: SavedSearch): Location {
	return {
		...home,
		folderId: question.folderId,
		query: queryOf(question),
		savedId: id,
	};
}

/** Shows what it finds. */
export function openSaved(app: App, saved: SavedSearch): void {
	app.selection.clear();
	app.navigation.go(placeOf(saved));
}

/** Removes it; the note that says so can take it back. */
export async function removeSaved(app: App, saved: SavedSearch): Promise<void> {
	await told(app, async () => {
		await app.saved.remove(saved.id);
		if (app.navigation.savedId === saved.id) app.navigation.go({ savedId: null }, "replace");
		app.undo.offer({
			done: `“${saved.name}” was removed from the saved searches.`,
			undone: `“${saved.name}” is saved again.`,
			undo: () => app.saved.restore(saved.id),
		});
	});
}

/** Moves it up (-1) or down (1). */
export async function stepSaved(app: App, saved: SavedSearch, step: -1 | 1): Promise<void> {
	const at = app.saved.all.findIndex(({ id }) => id === saved.id);
	const target = at + step;
	if (at === -1 || target < 0 || target >= app.saved.all.length) return;
	await told(app, () => app.saved.moveTo(saved.id, target));
}

/** Drops it before the entry at `place`. */
export async function dropSaved(app: App, saved: SavedSearch, place: number): Promise<void> {
	const from = app.saved.all.findIndex(({ id }) => id === saved.id);
	// Its own place is free by then: what comes after it has moved up by one.
	const target = from !== -1 && from < place ? place - 1 : place;
	if (target !== from) await told(app, () => app.saved.moveTo(saved.id, target));
}

/** Makes the present question that of the saved search; the note can take it back. */
export async function updateSaved(app: App, saved: SavedSearch): Promise<void> {
	const asked = presentQuestion(app);
	if (asked === null) return;
	await told(app, async () => {
		const before = saved.question;
		await app.saved.change(saved.id, asked);
		app.undo.offer({
			done: `“${saved.name}” is now what you see.`,
			undone: `“${saved.name}” is what it was before.`,
			undo: () => app.saved.change(saved.id, before),
		});
	});
}

async function told(app: App, act: () => Promise<unknown>): Promise<void> {
	try {
		await act();
	} catch (error) {
		app.toasts.problem(problemSentence(error));
	}
}
