/** @file The window: sandboxed, confined to one origin, remembered between starts. */
import { BrowserWindow, nativeTheme, type Session, screen, type WebContents } from "electron";
import { readWindowState, saveWindowState } from "./window-state.ts";

/** Behind the page until it has drawn; the page's own canvas colours. */
const background = { light: "#f2f2f2", dark: "#151515" } as const;

export interface WindowOptions {
	/** The page: our own, or that of the process that holds the library. */
	url: string;
	/** Null for a page that is not given anything of the desktop. */
	preloadPath: string | null;
	/** Where the window's place is kept. */
	statePath: string;
}

/** Opens the window and loads the page into it. */
export function openWindow({ url, preloadPath, statePath }: WindowOptions): BrowserWindow {
	const state = readWindowState(
		statePath,
		screen.getAllDisplays().map((display) => display.workArea),
	);
	const window = new BrowserWindow({
		title: "Afterimage",
		width: state?.width ?? 1280,
		height: state?.height ?? 860,
		...(state !== null && { x: state.x, y: state.y }),
		minWidth: 390,
		minHeight: 300,
		show: false,
		backgroundColor: nativeTheme.shouldUseDarkColors ? background.dark : background.light,
		webPreferences: {
			...(preloadPath !== null && { preload: preloadPath }),
			sandbox: true,
			contextIsolation: true,
			nodeIntegration: false,
			nodeIntegrationInWorker: false,
			nodeIntegrationInSubFrames: false,
			webSecurity: true,
			allowRunningInsecureContent: false,
			experimentalFeatures: false,
			webviewTag: false,
			navigateOnDragDrop: false,
			spellcheck: false,
		},
	});
	confine(window.webContents, url);
	window.once("ready-to-show", () => {
		if (state?.maximized === true) window.maximize();
		window.show();
	});
	window.on("close", () =>
		saveWindowState(statePath, {
			...window.getNormalBounds(),
			maximized: window.isMaximized(),
		}),
	);
	// Reported by the page's own error view where it can be; the window must not die of it.
	void window.loadURL(url).catch((error: unknown) => console.error(error));
	return window;
}

/** Keeps a window on its own page: no other addresses, windows, frames or embedded views. */
function confine(contents: WebContents, url: string): void {
	contents.setWindowOpenHandler(() => ({ action: "deny" }));
	contents.on("will-attach-webview", (event) => event.preventDefault());
	contents.on("will-frame-navigate", (event) => {
		if (!event.isMainFrame || !sameOrigin(event.url, url)) event.preventDefault();
	});
	contents.on("will-redirect", (event) => {
		if (!sameOrigin(event.url, url)) event.preventDefault();
	});
}

/** What a page may ask the system for: to copy text and to fill the screen. Everything else is denied. */
const grantedPermissions: ReadonlySet<string> = new Set([
	"clipboard-sanitized-write",
	"fullscreen",
]);

/** Denies every other permission, to every page, asked for or looked up. */
export function restrictPermissions(session: Session): void {
	session.setPermissionRequestHandler((_contents, permission, answer) =>
		answer(grantedPermissions.has(permission)),
	);
	session.setPermissionCheckHandler((_contents, permission) => grantedPermissions.has(permission));
	session.setDevicePermissionHandler(() => false);
}

/** `URL.origin` is "null" for schemes of our own, so scheme and host are compared. */
export function sameOrigin(address: string, other: string): boolean {
	const [one, two] = [URL.parse(address), URL.parse(other)];
	return one !== null && two !== null && one.protocol === two.protocol && one.host === two.host;
}
