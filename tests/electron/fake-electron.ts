/** @file Stands in for the `electron` module: records what the app asks of it, does nothing else. */
import { EventEmitter } from "node:events";

type Handler = (...words: never[]) => unknown;

export class FakePort extends EventEmitter {
	closed = false;
	close(): void {
		this.closed = true;
	}
	start(): void {}
	postMessage(): void {}
}

export class FakeUtilityProcess extends EventEmitter {
	readonly sent: { message: { kind: string }; ports: unknown[] }[] = [];
	killed = false;
	postMessage(message: { kind: string }, ports: unknown[] = []): void {
		this.sent.push({ message, ports });
	}
	kill(): boolean {
		this.killed = true;
		this.emit("exit", 1);
		return true;
	}
	kinds(): string[] {
		return this.sent.map(({ message }) => message.kind);
	}
}

export class FakeWebContents extends EventEmitter {
	readonly mainFrame = { url: "" };
	readonly posted: { channel: string; ports: unknown[] }[] = [];
	openHandler: (() => { action: string }) | null = null;
	setWindowOpenHandler(handler: () => { action: string }): void {
		this.openHandler = handler;
	}
	postMessage(channel: string, _message: unknown, ports: unknown[]): void {
		this.posted.push({ channel, ports });
	}
}

export interface FakeWindowOptions {
	webPreferences: Record<string, unknown>;
	backgroundColor: string;
	width: number;
	height: number;
}

/** Everything the app did since `reset`. */
export const record = {
	windows: [] as FakeBrowserWindow[],
	processes: [] as FakeUtilityProcess[],
	handlers: new Map<string, Handler>(),
	schemes: new Map<string, Handler>(),
	privileged: [] as { scheme: string; privileges: Record<string, boolean> }[],
	permissionRequest: null as
		| ((contents: unknown, permission: string, answer: (granted: boolean) => void) => void)
		| null,
	permissionCheck: null as ((contents: unknown, permission: string) => boolean) | null,
	messages: [] as { message: string; detail: string }[],
	revealed: [] as string[],
	quits: 0,
	hasLock: true,
	chosenFolder: null as string | null,
};

export class FakeBrowserWindow extends EventEmitter {
	readonly webContents = new FakeWebContents();
	readonly options: FakeWindowOptions;
	readonly did: string[] = [];
	minimized = false;
	constructor(options: FakeWindowOptions) {
		super();
		this.options = options;
		record.windows.push(this);
	}
	async loadURL(url: string): Promise<void> {
		this.webContents.mainFrame.url = url;
	}
	isMinimized(): boolean {
		return this.minimized;
	}
	isMaximized(): boolean {
		return false;
	}
	getNormalBounds() {
		return { x: 10, y: 20, width: 800, height: 600 };
	}
	restore(): void {
		this.did.push("restore");
	}
	maximize(): void {}
	show(): void {
		this.did.push("show");
	}
	focus(): void {
		this.did.push("focus");
	}
	destroy(): void {
		this.did.push("destroy");
		this.emit("closed");
	}
}

class FakeApp extends EventEmitter {
	isPackaged = false;
	appPath = "";
	userData = "";
	readonly #ready = Promise.resolve();
	getAppPath(): string {
		return this.appPath;
	}
	getVersion(): string {
		return "1.2.3";
	}
	getPath(): string {
		return this.userData;
	}
	setPath(_name: string, path: string): void {
		record.handlers.set(`path:${path}`, () => undefined);
	}
	enableSandbox(): void {
		record.handlers.set("sandbox", () => undefined);
	}
	requestSingleInstanceLock(): boolean {
		return record.hasLock;
	}
	whenReady(): Promise<void> {
		return this.#ready;
	}
	quit(): void {
		record.quits += 1;
		let held = false;
		this.emit("will-quit", {
			preventDefault: () => {
				held = true;
			},
		});
		if (!held) this.emit("quit");
	}
}

export const app = new FakeApp();
export const BrowserWindow = FakeBrowserWindow;
export const nativeTheme = { shouldUseDarkColors: false };
export const screen = {
	getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }],
};
export const protocol = {
	registerSchemesAsPrivileged: (schemes: typeof record.privileged) => {
		record.privileged = schemes;
	},
};
export const session = {
	defaultSession: {
		setPermissionRequestHandler: (handler: typeof record.permissionRequest) => {
			record.permissionRequest = handler;
		},
		setPermissionCheckHandler: (handler: typeof record.permissionCheck) => {
			record.permissionCheck = handler;
		},
		setDevicePermissionHandler: () => undefined,
		protocol: {
			handle: (scheme: string, handler: Handler) => {
				record.schemes.set(scheme, handler);
			},
		},
	},
};
export const ipcMain = {
	on: (channel: string, handler: Handler) => record.handlers.set(channel, handler),
	handle: (channel: string, handler: Handler) => record.handlers.set(channel, handler),
};
export const Menu = {
	buildFromTemplate: (items: unknown) => items,
	setApplicationMenu: () => undefined,
};
export class MessageChannelMain {
	readonly port1 = new FakePort();
	readonly port2 = new FakePort();
}
export const shell = {
	showItemInFolder: (path: string) => record.revealed.push(path),
	openPath: async () => "",
};
export const utilityProcess = {
	fork: () => {
		const process = new FakeUtilityProcess();
		record.processes.push(process);
		return process;
	},
};
export const dialog = {
	showOpenDialog: async () => ({
		canceled: record.chosenFolder === null,
		filePaths: record.chosenFolder === null ? [] : [record.chosenFolder],
	}),
	showMessageBox: async (...words: unknown[]) => {
		record.messages.push(words.at(-1) as { message: string; detail: string });
		return { response: 0 };
	},
};

/** Forgets everything, for the next test. */
export function reset(userData: string): void {
	app.removeAllListeners();
	app.userData = userData;
	app.appPath = userData;
	record.windows = [];
	record.processes = [];
	record.handlers.clear();
	record.schemes.clear();
	record.privileged = [];
	record.permissionRequest = null;
	record.permissionCheck = null;
	record.messages = [];
	record.revealed = [];
	record.quits = 0;
	record.hasLock = true;
	record.chosenFolder = null;
}
