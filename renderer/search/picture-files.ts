/** @file Pictures in what is dropped or pasted, and asking for one. */
import { queryImageMaxBytes } from "../../contract/limits.ts";
import type { App } from "../state/app.svelte.ts";
import { examplePicture } from "../state/asked-pictures.ts";
import { addExample } from "./asking.ts";

/** What the file dialog offers; the engine decides what it can read. */
export const pictureFileTypes = "image/*,.heic,.heif,.avif,.tif,.tiff,.bmp";

/** The first picture among files dragged or pasted, or null. */
export function pictureIn(data: DataTransfer | null): File | null {
	for (const file of data?.files ?? []) {
		if (file.type.startsWith("image/") || /\.(heic|heif|avif|tiff?|bmp)$/i.test(file.name)) {
			return file;
		}
	}
	return null;
}

/** True while files, and not text or links, are dragged. */
export function carriesFiles(data: DataTransfer | null): boolean {
	return data?.types.includes("Files") ?? false;
}

/** True where a picture from outside joins the search at hand instead of beginning another. */
export function joinsSearch(app: App): boolean {
	return app.navigation.query?.kind === "text";
}

/** Searches the library by a picture from outside; beside words, it joins them. */
export function searchByPicture(app: App, file: File): void {
	if (file.size > queryImageMaxBytes) {
		app.toasts.problem("That picture is larger than 64 MB. Try a smaller copy of it.");
		return;
	}
	const key = app.pictures.keep(file);
	app.selection.clear();
	app.dialogs.close();
	if (!joinsSearch(app)) {
		app.navigation.go({ query: { kind: "picture", key }, openId: null });
		return;
	}
	addExample(app, examplePicture(key));
}
