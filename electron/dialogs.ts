/** @file The system's own dialogs. */
import { type BrowserWindow, dialog } from "electron";

/** The folder the person chose, or null. */
export async function chooseFolder(window: BrowserWindow): Promise<string | null> {
	const { canceled, filePaths } = await dialog.showOpenDialog(window, {
		title: "Choose a folder of photos",
		buttonLabel: "Add folder",
		properties: ["openDirectory", "createDirectory"],
	});
	return canceled ? null : (filePaths[0] ?? null);
}

/** Says why something did not happen; over the window where there is one. */
export async function explain(
	window: BrowserWindow | null,
	message: string,
	detail: string,
): Promise<void> {
	const options = { type: "warning", message, detail, buttons: ["OK"] } as const;
	const content = { ...options, buttons: [...options.buttons] };
	await (window === null ? dialog.showMessageBox(content) : dialog.showMessageBox(window, content));
}
