/** @file What can be done with photos from menus, bars and panels alike. */
import type { PhotoId } from "../../contract/ids.ts";
import type { App } from "../state/app.svelte.ts";
import { problemSentence } from "../state/problem.ts";

/** Photos that look like this one, in place of what was searched for. */
export function findSimilar(app: App, photoId: PhotoId): void {
	app.selection.clear();
	app.navigation.go({ query: { kind: "similar", photoId }, openId: null });
}

/** Asks before anything moves; what was moved is selected no longer. */
export function moveToTrash(app: App, ids: readonly PhotoId[]): void {
	void app.trash.askAbout(ids, (moved) => {
		const gone = new Set(moved);
		app.selection.keepOnly(new Set([...app.selection.ids].filter((id) => !gone.has(id))));
	});
}

/** Shows the file in the system's file manager. */
export async function showInFolder(app: App, id: PhotoId): Promise<void> {
	try {
		await app.host.client.photo.reveal({ id });
	} catch (error) {
		app.toasts.problem(problemSentence(error));
	}
}

/** Puts where the file is on the clipboard; where that is not allowed, says where it is. */
export async function copyPath(app: App, id: PhotoId): Promise<void> {
	let path: string;
	try {
		({ path } = await app.host.client.photo.detail({ id }));
	} catch (error) {
		app.toasts.problem(problemSentence(error));
		return;
	}
	try {
		await navigator.clipboard.writeText(path);
		app.toasts.note("The path was copied.");
	} catch {
		app.toasts.problem(`Copying is not allowed here. The file is ${path}`);
	}
}
