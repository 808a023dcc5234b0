/** @file The preload as CommonJS in a page: what it exposes and what it passes on. */
import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { runInNewContext } from "node:vm";
import { expect, test, vi } from "vitest";
import {
	chooseFolderChannel,
	pageReadyChannel,
	portChannel,
} from "../../electron/window-messages.ts";

const source = readFileSync(new URL("../../electron/preload.cts", import.meta.url), "utf8");

type Listener = (event: { ports?: unknown[]; source?: unknown; data?: unknown }) => void;

function runPreload() {
	const exposed: Record<string, Record<string, () => unknown>> = {};
	const listeners: Record<string, Listener> = {};
	const ipcRenderer = {
		invoke: vi.fn(async () => "/photos"),
		send: vi.fn(),
		on: (channel: string, listener: Listener) => {
			listeners[channel] = listener;
		},
	};
	const contextBridge = {
		exposeInMainWorld: (name: string, value: Record<string, () => unknown>) => {
			exposed[name] = value;
		},
	};
	const window = {
		location: { origin: "app://afterimage" },
		postMessage: vi.fn(),
		addEventListener: (type: string, listener: Listener) => {
			listeners[type] = listener;
		},
	};
	const require = (name: string) => {
		if (name !== "electron") throw new Error(`A sandboxed preload cannot load ${name}.`);
		return { contextBridge, ipcRenderer };
	};
	runInNewContext(stripTypeScriptTypes(source), { require, window });
	return { exposed, listeners, ipcRenderer, window };
}

test("the page gets a folder dialog and nothing else", async () => {
	const { exposed, ipcRenderer } = runPreload();
	expect(Object.keys(exposed)).toEqual(["afterimageDesktop"]);
	expect(Object.keys(exposed.afterimageDesktop ?? {})).toEqual(["chooseFolder"]);
	expect(await exposed.afterimageDesktop?.chooseFolder?.()).toBe("/photos");
	expect(ipcRenderer.invoke).toHaveBeenCalledWith(chooseFolderChannel);
});

test("a port is handed to the page's own origin", () => {
	const { listeners, window } = runPreload();
	const port = {};
	listeners[portChannel]?.({ ports: [port] });
	expect(window.postMessage).toHaveBeenCalledWith({ type: portChannel }, "app://afterimage", [
		port,
	]);
});

test("only the page's own word that it is ready is passed on", () => {
	const { listeners, window, ipcRenderer } = runPreload();
	const hear = listeners.message;
	hear?.({ source: {}, data: { type: pageReadyChannel } });
	hear?.({ source: window, data: { type: "other" } });
	hear?.({ source: window, data: null });
	hear?.({ source: window, data: "text" });
	expect(ipcRenderer.send).not.toHaveBeenCalled();
	hear?.({ source: window, data: { type: pageReadyChannel } });
	expect(ipcRenderer.send).toHaveBeenCalledExactlyOnceWith(pageReadyChannel);
});
