/** @file What each command does. */
import { assertNever } from "../../contract/errors.ts";
import type { PhotoId } from "../../contract/ids.ts";
import { drawFromPhoto } from "../generate/generate-actions.ts";
import { moveToTrash } from "../photo-menu/photo-actions.ts";
import type { App } from "../state/app.svelte.ts";
import { presentQuestion } from "../state/open-saved.svelte.ts";
import type { PhotoList } from "../state/photo-list.ts";
import type { Command } from "./shortcuts.ts";

/** What commands need that is no state. */
export interface CommandSurroundings {
	/** The list on screen. */
	readonly list: PhotoList;
	readonly focusSearch: () => void;
	readonly choosePicture: () => void;
}

/**
 * @param key as pressed, for commands that several keys give
 * @returns false where the command means nothing now, and the key should keep its usual meaning
 */
export function runCommand(
	app: App,
	command: Command,
	around: CommandSurroundings,
	key = "",
): boolean {
	switch (command) {
		case "focus-search":
			around.focusSearch();
			return true;
		case "choose-picture":
			around.choosePicture();
			return true;
		case "show-shortcuts":
			app.dialogs.open("shortcuts");
			return true;
		case "save-search":
			// Also where there is nothing to save: the browser would save the page.
			if (presentQuestion(app) !== null) app.dialogs.open("save-search");
			return true;
		case "step-back":
			return stepBack(app);
		case "select-all":
			if (around.list.ids.length === 0) return false;
			app.selection.replace(around.list.ids);
			return true;
		case "find-similar":
			return findSimilar(app);
		case "tag-photos":
			return tagPhotos(app);
		case "rate":
			return rate(app, Number(key));
		case "move-to-trash":
			return trashPhotos(app);
		case "draw-from":
			return drawFrom(app);
		case "larger-photos":
			app.gridSize.larger();
			return true;
		case "smaller-photos":
			app.gridSize.smaller();
			return true;
		case "next-heading":
			app.cursor.grid?.stepSection(1);
			return true;
		case "previous-heading":
			app.cursor.grid?.stepSection(-1);
			return true;
		case "undo":
			return app.undo.takeBackLast() || app.toasts.runLastAction();
		default:
			return assertNever(command);
	}
}

function stepBack(app: App): boolean {
	if (app.selection.size > 0) {
		app.selection.clear();
		return true;
	}
	if (app.navigation.query === null) return false;
	app.navigation.go({ query: null });
	return true;
}

/** The selection, or the photo the keyboard is at. */
function photosAtHand({ cursor, selection }: App): PhotoId[] {
	if (selection.size > 0) return [...selection.ids];
	return cursor.focused && cursor.activeId !== null ? [cursor.activeId] : [];
}

function rate(app: App, rating: number): boolean {
	const ids = photosAtHand(app);
	if (ids.length === 0 || Number.isNaN(rating)) return false;
	void app.descriptions.rate(ids, rating);
	return true;
}

function tagPhotos(app: App): boolean {
	const ids = photosAtHand(app);
	if (ids.length === 0) return false;
	app.tagDialogs.open({ kind: "photos", ids });
	return true;
}

function trashPhotos(app: App): boolean {
	const ids = photosAtHand(app);
	if (ids.length === 0) return false;
	moveToTrash(app, ids);
	return true;
}

/** From the one selected photo, or from the one the keyboard is at. */
function drawFrom(app: App): boolean {
	const [photoId, ...others] = photosAtHand(app);
	if (photoId === undefined || others.length > 0) return false;
	app.selection.clear();
	drawFromPhoto(app, photoId);
	return true;
}

/** Similar to the one selected photo, or to the one the keyboard is at. */
function findSimilar(app: App): boolean {
	const [photoId, ...others] = photosAtHand(app);
	if (photoId === undefined || others.length > 0) return false;
	app.selection.clear();
	app.navigation.go({ query: { kind: "similar", photoId }, openId: null });
	return true;
}
