/** @file Entry of the desktop app: claims the library's single instance, then runs it. */
import { app } from "electron";
import { DesktopApp } from "./desktop-app.ts";
import { launchRequestSchema, readLaunchRequest, windowDataPath } from "./launch-request.ts";
import { registerSchemes } from "./schemes.ts";

const words = process.argv.slice(app.isPackaged ? 1 : 2);
const request = readLaunchRequest(words, process.env, process.cwd());

registerSchemes();
app.enableSandbox();
app.setPath("userData", windowDataPath(app.getPath("appData"), request.libraryPath));

if (app.requestSingleInstanceLock(request)) {
	const desktop = new DesktopApp(request);
	app.on("second-instance", (_event, _words, _workingPath, data) => {
		const second = launchRequestSchema.safeParse(data);
		desktop.focus();
		if (second.success) desktop.addFolders(second.data.folders);
	});
	app.on("open-file", (event, path) => {
		event.preventDefault();
		desktop.addFolders([path]);
	});
	app.on("will-quit", (event) => desktop.willQuit(event));
	app.on("window-all-closed", () => app.quit());
	app.on("web-contents-created", (_event, contents) =>
		contents.on("will-attach-webview", (attach) => attach.preventDefault()),
	);
	void app.whenReady().then(() => desktop.start());
} else {
	app.quit();
}
