/** @file The window's place, the arguments of a start, and the menu. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { readLaunchRequest, windowDataPath } from "../../electron/launch-request.ts";
import { menuTemplate } from "../../electron/menu.ts";
import { readWindowState, saveWindowState } from "../../electron/window-state.ts";

const screens = [{ x: 0, y: 0, width: 1920, height: 1080 }];
let path = "";

beforeEach(() => {
	const folder = mkdtempSync(join(tmpdir(), "afterimage-window-"));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	path = join(folder, "window-state.json");
});

test("a saved place comes back", () => {
	const state = { x: 100, y: 50, width: 1000, height: 700, maximized: true };
	saveWindowState(path, state);
	expect(readWindowState(path, screens)).toEqual(state);
});

test("a place on a screen that is gone is not used", () => {
	saveWindowState(path, { x: 3000, y: 0, width: 1000, height: 700, maximized: false });
	expect(readWindowState(path, screens)).toBeNull();
	expect(
		readWindowState(path, [...screens, { x: 1920, y: 0, width: 1920, height: 1080 }]),
	).not.toBeNull();
});

test("whatever the file holds, it is a usable place or none", () => {
	expect(readWindowState(path, screens)).toBeNull();
	fc.assert(
		fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
			writeFileSync(path, text);
			const state = readWindowState(path, screens);
			expect(state === null || state.width >= 390).toBe(true);
		}),
		{ numRuns: 50 },
	);
});

test("a place that cannot be saved is only a warning", () => {
	const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
	onTestFinished(() => warn.mockRestore());
	const state = { x: 0, y: 0, width: 800, height: 600, maximized: false };
	saveWindowState(join(path, "no", "such", "folder"), state);
	expect(warn).toHaveBeenCalledOnce();
});

test("folders are made absolute and switches left alone", () => {
	const words = ["photos", "--enable-features=x", "/trips", ""];
	expect(readLaunchRequest(words, { AFTERIMAGE_LIBRARY: "lib" }, "/home/me")).toEqual({
		libraryPath: "/home/me/lib",
		folders: ["/home/me/photos", "/trips"],
	});
	const named = readLaunchRequest(["--library=/other"], { AFTERIMAGE_LIBRARY: "lib" }, "/home/me");
	expect(named).toEqual({ libraryPath: "/other", folders: [] });
	expect(readLaunchRequest([], {}, "/home/me").libraryPath).toMatch(/afterimage$/i);
});

test("each library is an app of its own", () => {
	expect(windowDataPath("/data", "/one")).not.toBe(windowDataPath("/data", "/two"));
	expect(windowDataPath("/data", "/one")).toBe(windowDataPath("/data", "/one"));
});

test.each(["darwin", "win32", "linux"] as const)("the menu on %s adds folders", (platform) => {
	const addFolder = vi.fn();
	const template = menuTemplate(platform, { addFolder, showLibraryFolder: vi.fn() });
	expect(template.some(({ role }) => role === "appMenu")).toBe(platform === "darwin");
	const items = template.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []));
	const add = items.find(({ accelerator }) => accelerator === "CmdOrCtrl+O");
	(add?.click as (() => void) | undefined)?.();
	expect(addFolder).toHaveBeenCalledOnce();
	expect(items.some(({ role }) => role === (platform === "darwin" ? "close" : "quit"))).toBe(true);
});
