/** @file Adding, reading again and removing folders, with a word to the person about each. */
import type { Folder } from "../../contract/folder.ts";
import type { App } from "../state/app.svelte.ts";
import { problemSentence } from "../state/problem.ts";
import { photosCounted } from "./progress-words.ts";

/** Asks for a folder: with the system's dialog where the host has one, with our own elsewhere. */
export async function chooseFolder(app: App): Promise<void> {
	if (app.host.chooseFolder === null) {
		app.dialogs.open("folder-chooser");
		return;
	}
	const path = await app.host.chooseFolder();
	if (path === null) return;
	try {
		await addFolder(app, path);
	} catch (error) {
		app.toasts.problem(problemSentence(error));
	}
}

/** Adds a folder and shows the whole library. Throws the engine's refusal. */
export async function addFolder(app: App, path: string): Promise<void> {
	await app.folders.add(path);
	app.navigation.go({ folderId: null, query: null, openId: null });
	await app.photos.refresh();
}

/** Adds the photos that come with the app. */
export async function addDemo(app: App): Promise<void> {
	try {
		await app.folders.addDemo();
		await app.photos.refresh();
	} catch (error) {
		app.toasts.problem(problemSentence(error));
	}
}

/** Compares a folder with the library now. */
export async function rescanFolder(app: App, folder: Folder): Promise<void> {
	try {
		await app.folders.rescan(folder.id);
		app.toasts.note(`Looking for changes in ${folder.name}.`);
	} catch (error) {
		app.toasts.problem(problemSentence(error));
	}
}

/** Forgets a folder; the note that says so can take it back. */
export async function forgetFolder(app: App, folder: Folder): Promise<void> {
	try {
		const forgotten = await app.folders.remove(folder.id);
		if (app.navigation.folderId === folder.id) {
			app.navigation.go({ folderId: null, openId: null }, "replace");
		}
		const message = `${folder.name} was removed: ${photosCounted(forgotten)}. The files are untouched.`;
		app.undo.offer({
			done: message,
			undone: `${folder.name} is in the library again.`,
			undo: () => app.folders.add(folder.path),
		});
	} catch (error) {
		app.toasts.problem(problemSentence(error));
	}
}
