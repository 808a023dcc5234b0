/** @file Where the app's own parts lie, packed and unpacked. Absolute paths. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { app } from "electron";

export interface DesktopInstallation {
	pagePath: string;
	preloadPath: string;
	enginePath: string;
	/** Models, demo photos and vocabularies: real files, never inside the archive. */
	resourcesPath: string;
	statePath: string;
	version: string;
}

export function findInstallation(): DesktopInstallation {
	const beside = (name: string) => fileURLToPath(new URL(name, import.meta.url));
	return {
		pagePath: join(app.getAppPath(), "dist", "renderer"),
		preloadPath: beside("./preload.cjs"),
		enginePath: beside("./engine-process.js"),
		resourcesPath: app.isPackaged
			? join(process.resourcesPath, "afterimage")
			: join(app.getAppPath(), "resources"),
		statePath: join(app.getPath("userData"), "window-state.json"),
		version: app.getVersion(),
	};
}
