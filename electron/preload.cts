/**
 * @file All a page gets from the desktop: a folder dialog, and a MessagePort to the engine. CommonJS,
 * because a sandboxed preload can be nothing else.
 */
import type { ChooseFolderChannel, PageReadyChannel, PortChannel } from "./window-messages.ts";

/** The little of the page's window used here; the rest of this folder runs where there is none. */
declare const window: {
	readonly location: { readonly origin: string };
	postMessage(message: unknown, targetOrigin: string, transfer: readonly unknown[]): void;
	addEventListener(
		type: "message",
		listener: (event: { readonly source: unknown; readonly data: unknown }) => void,
	): void;
};

const { contextBridge, ipcRenderer } = require("electron") as typeof import("electron");

const pageReady: PageReadyChannel = "afterimage-page-ready";
const port: PortChannel = "afterimage-port";
const chooseFolder: ChooseFolderChannel = "afterimage-choose-folder";

contextBridge.exposeInMainWorld("afterimageDesktop", {
	chooseFolder: (): Promise<string | null> => ipcRenderer.invoke(chooseFolder),
});

// A port cannot cross the context bridge; a message to the page's own window can carry it.
ipcRenderer.on(port, (event) =>
	window.postMessage({ type: port }, window.location.origin, event.ports),
);

window.addEventListener("message", ({ source, data }) => {
	if (source !== window || typeof data !== "object" || data === null) return;
	if ("type" in data && data.type === pageReady) ipcRenderer.send(pageReady);
});
