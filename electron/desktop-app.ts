/** @file The running desktop app: one engine, one window, and what passes between them. */
import {
	app,
	type BrowserWindow,
	type IpcMainEvent,
	type IpcMainInvokeEvent,
	ipcMain,
	Menu,
	MessageChannelMain,
	session,
	shell,
	utilityProcess,
} from "electron";
import { chooseFolder, explain } from "./dialogs.ts";
import { EngineProcessHandle } from "./engine-process-handle.ts";
import { findInstallation } from "./installation.ts";
import type { LaunchRequest } from "./launch-request.ts";
import { menuTemplate } from "./menu.ts";
import { pageUrl } from "./page-protocol.ts";
import { answerSchemes } from "./schemes.ts";
import { chooseFolderChannel, pageReadyChannel, portChannel } from "./window-messages.ts";
import { openWindow, restrictPermissions, sameOrigin } from "./windows.ts";

type SenderEvent = Pick<IpcMainEvent | IpcMainInvokeEvent, "sender" | "senderFrame">;

export class DesktopApp {
	readonly #request: LaunchRequest;
	readonly #installation = findInstallation();
	readonly #engine: EngineProcessHandle;
	#window: BrowserWindow | null = null;
	/** The page has asked for a port since it was last loaded. */
	#pageListens = false;
	#quitting: "no" | "closing" | "closed" = "no";

	constructor(request: LaunchRequest) {
		this.#request = request;
		const { enginePath, resourcesPath, pagePath, version } = this.#installation;
		const { libraryPath } = request;
		this.#engine = new EngineProcessHandle(
			() =>
				utilityProcess.fork(enginePath, [], {
					serviceName: "Afterimage engine",
					stdio: "inherit",
				}),
			{ libraryPath, resourcesPath, pagePath, version },
			{
				onTaken: (url) => void this.#showHolder(url),
				onRefused: (message) => void this.#giveUp("The library cannot be opened.", message),
				onFolderRefused: (message) =>
					void explain(this.#window, "The folder was not added.", message),
				onReveal: (path) => shell.showItemInFolder(path),
				onRestarted: () => {
					if (this.#pageListens) this.#handPort();
				},
				onGivenUp: () =>
					void this.#giveUp(
						"The engine keeps stopping.",
						`Your photos are untouched. Run "afterimage doctor" to check the library at ${libraryPath}.`,
					),
			},
		);
	}

	/** Once the app is ready. */
	start(): void {
		restrictPermissions(session.defaultSession);
		answerSchemes(session.defaultSession, this.#installation.pagePath, this.#engine);
		ipcMain.on(pageReadyChannel, (event) => {
			if (!this.#isOurPage(event)) return;
			this.#pageListens = true;
			this.#handPort();
		});
		ipcMain.handle(chooseFolderChannel, async (event) =>
			this.#isOurPage(event) && this.#window !== null ? chooseFolder(this.#window) : null,
		);
		Menu.setApplicationMenu(
			Menu.buildFromTemplate(
				menuTemplate(process.platform, {
					addFolder: () => void this.#askForFolder(),
					showLibraryFolder: () => void shell.openPath(this.#request.libraryPath),
				}),
			),
		);
		this.#engine.start();
		this.#engine.addFolders(this.#request.folders);
		const { preloadPath } = this.#installation;
		this.#show(pageUrl, preloadPath);
	}

	/** Brings the window to the front. */
	focus(): void {
		if (this.#window === null) return;
		if (this.#window.isMinimized()) this.#window.restore();
		this.#window.show();
		this.#window.focus();
	}

	/** @param folders absolute paths */
	addFolders(folders: readonly string[]): void {
		this.#engine.addFolders(folders);
	}

	/** Holds the quitting up until the engine has saved and closed. */
	willQuit(event: { preventDefault(): void }): void {
		if (this.#quitting === "closed") return;
		event.preventDefault();
		if (this.#quitting === "closing") return;
		this.#quitting = "closing";
		void this.#engine.close().then(() => {
			this.#quitting = "closed";
			app.quit();
		});
	}

	/** A new channel between the page and the engine; the page drops the one it had. */
	#handPort(): void {
		if (this.#window === null) return;
		const { port1, port2 } = new MessageChannelMain();
		this.#engine.connect(port1);
		this.#window.webContents.postMessage(portChannel, null, [port2]);
	}

	async #askForFolder(): Promise<void> {
		if (this.#window === null) return;
		const folder = await chooseFolder(this.#window);
		if (folder !== null) this.#engine.addFolders([folder]);
	}

	/** The library is open elsewhere on this computer: its own page does all that this one could. */
	async #showHolder(url: string | null): Promise<void> {
		if (url === null || URL.parse(url)?.hostname !== "127.0.0.1") {
			const detail = "Another Afterimage has it open. Close that one, or try again in a moment.";
			return this.#giveUp("The library is in use.", detail);
		}
		this.#show(url, null);
	}

	#show(url: string, preloadPath: string | null): void {
		const previous = this.#window;
		this.#pageListens = false;
		const window = openWindow({ url, preloadPath, statePath: this.#installation.statePath });
		this.#window = window;
		window.webContents.on("did-start-navigation", (details) => {
			if (details.isMainFrame && !details.isSameDocument) this.#pageListens = false;
		});
		window.on("closed", () => {
			if (this.#window === window) this.#window = null;
		});
		// After the new one is there: the app quits when its last window closes.
		previous?.destroy();
	}

	async #giveUp(message: string, detail: string): Promise<void> {
		await explain(this.#window, message, detail);
		app.quit();
	}

	/** Only the top frame of our own page in our own window may ask for anything. */
	#isOurPage({ sender, senderFrame }: SenderEvent): boolean {
		const contents = this.#window?.webContents;
		return (
			contents !== undefined &&
			sender === contents &&
			senderFrame === contents.mainFrame &&
			sameOrigin(senderFrame.url, pageUrl)
		);
	}
}
