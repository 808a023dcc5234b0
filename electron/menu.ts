/** @file The menu bar, in the order and with the names each system expects. */
import type { MenuItemConstructorOptions } from "electron";

export interface MenuActions {
	addFolder(): void;
	showLibraryFolder(): void;
}

/**
 * Single letters are left to the page, which has its own shortcuts; so are undo and redo outside text.
 * @param platform as `process.platform`
 */
export function menuTemplate(
	platform: NodeJS.Platform,
	actions: MenuActions,
): MenuItemConstructorOptions[] {
	const mac = platform === "darwin";
	const file: MenuItemConstructorOptions = {
		label: "&File",
		submenu: [
			{ label: "Add Folder…", accelerator: "CmdOrCtrl+O", click: () => actions.addFolder() },
			{ label: "Show Library Folder", click: () => actions.showLibraryFolder() },
			{ type: "separator" },
			mac ? { role: "close" } : { role: "quit" },
		],
	};
	const view: MenuItemConstructorOptions = {
		label: "&View",
		submenu: [
			{ role: "reload" },
			{ type: "separator" },
			{ role: "resetZoom" },
			{ role: "zoomIn" },
			{ role: "zoomOut" },
			{ type: "separator" },
			{ role: "togglefullscreen" },
		],
	};
	return [
		...(mac ? [{ role: "appMenu" } as const] : []),
		file,
		{ role: "editMenu" },
		view,
		{ role: "windowMenu" },
	];
}
