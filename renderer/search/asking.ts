/** @file Asking with pictures: what buttons, keys and drops do to the search at hand. */
import type { Region } from "../../contract/example.ts";
import type { PhotoId } from "../../contract/ids.ts";
import type { App } from "../state/app.svelte.ts";
import {
	type AskedExample,
	examplePhotos,
	exampleRegion,
	type Judgement,
	noPictures,
	picturesOf,
	queryFrom,
	withExample,
	withJudged,
	withoutJudged,
	wordsOf,
} from "../state/asked-pictures.ts";
import type { Query } from "../state/location.ts";

/** Searches for photos like these, whatever was searched for before. */
export function moreLikeThese(app: App, ids: readonly PhotoId[]): void {
	askAnew(app, examplePhotos(ids));
}

/** Searches for what this part of a photo shows. */
export function findRegion(app: App, id: PhotoId, region: Region): void {
	askAnew(app, exampleRegion(id, region));
}

/** The photo becomes part of a new search, and the words beside it are to be typed. */
export function likeThisBut(app: App, id: PhotoId): void {
	const isOpen = app.navigation.openId !== null;
	app.queryBox.takesKeyboard = isOpen;
	askAnew(app, examplePhotos([id]));
	// Once the menu it was chosen in has let go of the keyboard.
	if (!isOpen) setTimeout(() => app.queryBox.box?.focus());
}

/** Puts an example beside what is searched for already. */
export function addExample(app: App, example: AskedExample): void {
	const query = withExample(app.navigation.query, example);
	if (query === null) {
		app.toasts.problem("A search can have 16 pictures. Remove one to add another.");
		return;
	}
	show(app, query);
}

/** More like these hits, or less; judged the same way again, they are not judged any more. */
export function judge(app: App, ids: readonly PhotoId[], judgement: Judgement): void {
	const query = withJudged(app.navigation.query, ids, judgement);
	if (query === null) {
		app.toasts.problem("Then nothing would be left to look for. Add words or a picture first.");
		return;
	}
	show(app, query);
	const wasAdded = ids.some((id) => picturesOf(query)[judgement].includes(id));
	if (!wasAdded) return;
	const many = ids.length === 1 ? "this photo" : `these ${ids.length} photos`;
	app.undo.remember({
		done: `${judgement === "liked" ? "More" : "Less"} like ${many}.`,
		undone: `The search no longer minds ${many}.`,
		undo: () => forget(app, ids),
	});
}

/** Ranks as before any hit was judged. */
export function forgetJudged(app: App): void {
	const { liked, disliked } = picturesOf(app.navigation.query);
	const query = withoutJudged(app.navigation.query);
	show(app, query);
	app.undo.remember({
		done: "Judged hits no longer count.",
		undone: "Judged hits count again.",
		undo: () => {
			const present = app.navigation.query;
			if (present === null) return;
			show(app, queryFrom(wordsOf(present), { ...picturesOf(present), liked, disliked }));
		},
	});
}

function forget(app: App, ids: readonly PhotoId[]): void {
	const present = app.navigation.query;
	if (present === null) return;
	const pictures = picturesOf(present);
	const others = (judged: readonly PhotoId[]) => judged.filter((id) => !ids.includes(id));
	const liked = others(pictures.liked);
	show(
		app,
		queryFrom(wordsOf(present), { ...pictures, liked, disliked: others(pictures.disliked) }),
	);
}

function askAnew(app: App, example: AskedExample): void {
	app.selection.clear();
	const query = queryFrom("", { ...noPictures, examples: [example] });
	app.navigation.go({ query, savedId: null, openId: null });
}

function show(app: App, query: Query | null): void {
	app.selection.clear();
	app.navigation.go({ query, openId: null });
}
