/** @file The desktop app with Electron's module faked: security, ports, instances, shutdown. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import type { FakeBrowserWindow, FakeUtilityProcess } from "./fake-electron.ts";

// The entry runs anew in every test; what it is given stays the same.
const fake = await vi.hoisted(() => import("./fake-electron.ts"));
vi.mock("electron", () => fake);
const { app, record, reset } = fake;

beforeEach(() => {
	const userData = mkdtempSync(join(tmpdir(), "afterimage-desktop-"));
	onTestFinished(() => rmSync(userData, { recursive: true, force: true }));
	reset(userData);
	vi.resetModules();
});

/** Runs the entry as Electron would. */
async function start(): Promise<void> {
	await import("../../electron/main.ts");
	await expect.poll(() => (record.hasLock ? record.windows.length : 1)).toBe(1);
}

function theWindow(): FakeBrowserWindow {
	const window = record.windows.at(-1);
	if (window === undefined) throw new Error("No window was opened.");
	return window;
}

function theEngine(): FakeUtilityProcess {
	const process = record.processes.at(-1);
	if (process === undefined) throw new Error("No engine was started.");
	return process;
}

/** An event as it comes from our own page's top frame. */
function fromPage(window = theWindow()) {
	return { sender: window.webContents, senderFrame: window.webContents.mainFrame };
}

function call(channel: string, event: unknown): unknown {
	const handler = record.handlers.get(channel);
	if (handler === undefined) throw new Error(`Nothing listens on ${channel}.`);
	return (handler as (event: unknown) => unknown)(event);
}

test("the window is sandboxed, isolated and has no Node", async () => {
	await start();
	expect(theWindow().options.webPreferences).toMatchObject({
		sandbox: true,
		contextIsolation: true,
		nodeIntegration: false,
		nodeIntegrationInWorker: false,
		nodeIntegrationInSubFrames: false,
		webSecurity: true,
		webviewTag: false,
		navigateOnDragDrop: false,
	});
	expect(theWindow().webContents.mainFrame.url).toBe("app://afterimage/");
	expect(record.handlers.has("sandbox")).toBe(true);
});

test("the schemes are standard and secure and bypass no policy", async () => {
	await start();
	expect(record.privileged.map(({ scheme }) => scheme)).toEqual(["app", "photo"]);
	for (const { privileges } of record.privileged) {
		expect(privileges).toMatchObject({ standard: true, secure: true });
		expect(privileges).not.toHaveProperty("bypassCSP");
	}
});

test("the window opens no other windows and goes nowhere else", async () => {
	await start();
	const { webContents } = theWindow();
	expect(webContents.openHandler?.()).toEqual({ action: "deny" });
	const goesTo = (name: string, url: string, isMainFrame = true) => {
		const event = { url, isMainFrame, preventDefault: vi.fn() };
		webContents.emit(name, event);
		return event.preventDefault.mock.calls.length === 0;
	};
	expect(goesTo("will-frame-navigate", "app://afterimage/index.html")).toBe(true);
	expect(goesTo("will-frame-navigate", "app://afterimage/", false)).toBe(false);
	for (const url of ["https://example.org/", "app://other/", "file:///etc/passwd", "not a url"]) {
		expect(goesTo("will-frame-navigate", url)).toBe(false);
		expect(goesTo("will-redirect", url)).toBe(false);
	}
	expect(goesTo("will-attach-webview", "app://afterimage/")).toBe(false);
});

test("only copying text and filling the screen are permitted", async () => {
	await start();
	const asked = (permission: string) => {
		let granted: boolean | null = null;
		record.permissionRequest?.(null, permission, (answer) => {
			granted = answer;
		});
		expect(record.permissionCheck?.(null, permission)).toBe(granted);
		return granted;
	};
	expect(asked("fullscreen")).toBe(true);
	expect(asked("clipboard-sanitized-write")).toBe(true);
	for (const permission of ["geolocation", "media", "notifications", "clipboard-read", "usb"]) {
		expect(asked(permission)).toBe(false);
	}
});

test("a page that is ready gets one end of a channel, the engine the other", async () => {
	await start();
	call("afterimage-page-ready", fromPage());
	expect(theWindow().webContents.posted).toHaveLength(1);
	expect(theWindow().webContents.posted[0]?.channel).toBe("afterimage-port");
	expect(theEngine().kinds()).toEqual(["open", "client"]);
	expect(theEngine().sent[1]?.ports).toHaveLength(1);
	expect(theEngine().sent[1]?.ports).not.toEqual(theWindow().webContents.posted[0]?.ports[0]);
});

test("other frames, other windows and other pages are not answered", async () => {
	await start();
	record.chosenFolder = "/photos";
	const window = theWindow();
	const stranger = new fake.FakeBrowserWindow(window.options);
	record.windows.pop();
	const events = [
		{ sender: window.webContents, senderFrame: { url: "app://afterimage/" } },
		{ sender: window.webContents, senderFrame: null },
		fromPage(stranger),
	];
	for (const event of events) {
		call("afterimage-page-ready", event);
		expect(await call("afterimage-choose-folder", event)).toBeNull();
	}
	window.webContents.mainFrame.url = "https://example.org/";
	expect(await call("afterimage-choose-folder", fromPage())).toBeNull();
	expect(window.webContents.posted).toEqual([]);
	window.webContents.mainFrame.url = "app://afterimage/";
	expect(await call("afterimage-choose-folder", fromPage())).toBe("/photos");
});

test("a second start focuses the window and hands its folders over", async () => {
	await start();
	theWindow().minimized = true;
	app.emit("second-instance", {}, [], "/", { libraryPath: "/library", folders: ["/more/photos"] });
	expect(theWindow().did).toEqual(["restore", "show", "focus"]);
	expect(theEngine().sent.at(-1)?.message).toEqual({
		kind: "add-folders",
		paths: ["/more/photos"],
	});
	app.emit("second-instance", {}, [], "/", "nonsense");
	expect(theEngine().kinds()).toEqual(["open", "add-folders"]);
});

test("a start that is not the first opens nothing and quits", async () => {
	record.hasLock = false;
	await start();
	expect(record.windows).toEqual([]);
	expect(record.processes).toEqual([]);
	expect(record.quits).toBe(1);
});

test("quitting waits until the engine has closed and its process has ended", async () => {
	await start();
	const quit = vi.fn();
	app.on("quit", quit);
	app.quit();
	expect(theEngine().kinds()).toEqual(["open", "close"]);
	app.quit();
	expect(theEngine().kinds()).toEqual(["open", "close"]);
	expect(quit).not.toHaveBeenCalled();
	theEngine().emit("message", { kind: "closed" });
	theEngine().emit("exit", 0);
	await expect.poll(() => quit).toHaveBeenCalledOnce();
	expect(record.processes).toHaveLength(1);
});

test("after a crash the listening page gets a channel to the new engine", async () => {
	await start();
	call("afterimage-page-ready", fromPage());
	theEngine().emit("exit", 139);
	expect(record.processes).toHaveLength(2);
	expect(theEngine().kinds()).toEqual(["open", "client"]);
	expect(theWindow().webContents.posted).toHaveLength(2);
});

test("an engine that keeps crashing is given up with a way forward", async () => {
	await start();
	for (let crash = 0; crash < 4; crash += 1) theEngine().emit("exit", 139);
	await expect.poll(() => record.quits).toBeGreaterThan(0);
	expect(record.processes).toHaveLength(4);
	expect(record.messages[0]?.detail).toContain("afterimage doctor");
});

test("a library held elsewhere on this computer is shown through its holder, without our bridge", async () => {
	await start();
	theEngine().emit("message", { kind: "taken", pageUrl: "http://127.0.0.1:8470/?token=secret" });
	expect(record.windows).toHaveLength(2);
	expect(record.windows[0]?.did).toContain("destroy");
	expect(theWindow().webContents.mainFrame.url).toBe("http://127.0.0.1:8470/?token=secret");
	expect(theWindow().options.webPreferences).not.toHaveProperty("preload");
	call("afterimage-page-ready", fromPage());
	expect(theWindow().webContents.posted).toEqual([]);
});

test.each([null, "http://example.org/", "file:///etc/passwd"])(
	"a holder at %s is not shown; the reason is",
	async (pageUrl) => {
		await start();
		theEngine().emit("message", { kind: "taken", pageUrl });
		await expect.poll(() => record.quits).toBeGreaterThan(0);
		expect(record.windows).toHaveLength(1);
		expect(record.messages[0]?.message).toBe("The library is in use.");
	},
);

test("a library that cannot be opened is explained before the app quits", async () => {
	await start();
	theEngine().emit("message", { kind: "refused", message: "The disk is full." });
	await expect.poll(() => record.quits).toBeGreaterThan(0);
	expect(record.messages).toEqual([expect.objectContaining({ detail: "The disk is full." })]);
});

test("the engine's wish to show a file reaches the file manager", async () => {
	await start();
	theEngine().emit("message", { kind: "reveal", path: "/photos/one.jpg" });
	expect(record.revealed).toEqual(["/photos/one.jpg"]);
});
