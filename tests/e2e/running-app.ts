/**
 * @file The real app for the end-to-end tests: the command line as a person starts it, in a process
 * of its own, with a library, photos and a home folder of its own.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { EngineClient } from "../../contract/contract.ts";
import { connectToHolder, type EngineConnection } from "../../server/engine-client.ts";

const rootPath = fileURLToPath(new URL("../..", import.meta.url));
const startWithinMs = 180_000;

/** Where the photos that come with the app lie. */
export const demoPhotosPath = join(rootPath, "resources", "demo-photos");

export interface AppOptions {
	/** Fills the photo folder before the app is started with it; without, the library starts empty. */
	photos?: (photosPath: string) => unknown;
	/** Fills the library's folder before the app is started. */
	library?: (libraryPath: string, photosPath: string) => unknown;
}

/** One app that runs until it is closed. */
export class RunningApp {
	readonly libraryPath: string;
	readonly photosPath: string;
	/** What the app takes for the person's home; empty but for the photo folder. */
	readonly homePath: string;
	readonly #scratchPath: string;
	#process: ChildProcess | null = null;
	#connection: EngineConnection | null = null;
	#address: URL | null = null;

	private constructor() {
		this.#scratchPath = realpathSync(mkdtempSync(join(tmpdir(), "afterimage-e2e-")));
		this.homePath = join(this.#scratchPath, "home");
		this.photosPath = join(this.homePath, "Pictures");
		this.libraryPath = join(this.#scratchPath, "library");
		mkdirSync(this.photosPath, { recursive: true });
	}

	/** Starts the app and waits for the address it prints. */
	static async start(options: AppOptions = {}): Promise<RunningApp> {
		const app = new RunningApp();
		try {
			await options.photos?.(app.photosPath);
			await options.library?.(app.libraryPath, app.photosPath);
			await app.run({ folders: options.photos === undefined ? [] : [app.photosPath] });
		} catch (error) {
			await app.close();
			throw error;
		}
		return app;
	}

	/** The address as printed, with the token. */
	get address(): URL {
		if (this.#address === null) throw new Error("The app is not running.");
		return this.#address;
	}

	/** The engine, asked directly, for what a person would not look up in the page. */
	get client(): EngineClient {
		if (this.#connection === null) throw new Error("The app is not running.");
		return this.#connection.client;
	}

	/** Starts the process, anew after `kill`. Port 0: any free one. */
	async run({ folders = [] as readonly string[], port = 0 } = {}): Promise<void> {
		const child = spawn(
			process.execPath,
			[
				join(rootPath, "cli", "bin.mjs"),
				...["--library", this.libraryPath],
				...["open", ...folders, "--no-open", "--port", String(port)],
			],
			{
				// No display: nothing opens, whatever machine the tests run on.
				env: {
					PATH: process.env.PATH,
					HOME: this.homePath,
					USERPROFILE: this.homePath,
					NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
				},
				stdio: ["ignore", "pipe", "pipe"],
			},
		);
		this.#process = child;
		const address = await printedAddress(child);
		this.#address = address;
		this.#connection = await connectToHolder({
			address: address.origin,
			token: address.searchParams.get("token") ?? "",
		});
	}

	/** As a power cut would, or a person who has had enough of waiting. */
	async kill(signal: "SIGKILL" | "SIGTERM" = "SIGKILL"): Promise<void> {
		const child = this.#process;
		this.#process = null;
		await this.#connection?.close();
		this.#connection = null;
		if (child === null || child.exitCode !== null || child.signalCode !== null) return;
		const gone = new Promise((resolve) => child.once("exit", resolve));
		child.kill(signal);
		await gone;
	}

	/** Waits until nothing is left to do and this many photos can be searched. */
	async untilSearchable(count: number): Promise<void> {
		for (;;) {
			const progress = await this.client.activity.progress();
			if (progress.searchable === count && progress.phase === "idle") return;
			await new Promise((resolve) => setTimeout(resolve, 100));
		}
	}

	/** Ends the app and removes its files. */
	async close(): Promise<void> {
		await this.kill("SIGTERM");
		rmSync(this.#scratchPath, { recursive: true, force: true, maxRetries: 3 });
	}
}

/** Copies the named demo photos into the folder. */
export function copyDemoPhotos(folderPath: string, names: readonly string[]): void {
	for (const name of names) copyFileSync(join(demoPhotosPath, name), join(folderPath, name));
}

function printedAddress(child: ChildProcess): Promise<URL> {
	return new Promise((resolve, reject) => {
		let printed = "";
		let complaints = "";
		const timer = setTimeout(() => {
			child.kill("SIGKILL");
			reject(new Error(`No address within ${startWithinMs / 1000} s. ${printed}${complaints}`));
		}, startWithinMs);
		child.stdout?.on("data", (chunk: Buffer) => {
			printed += chunk.toString();
			const address = /^Afterimage is at (\S+)\n/m.exec(printed)?.[1];
			if (address === undefined) return;
			clearTimeout(timer);
			resolve(new URL(address));
		});
		child.stderr?.on("data", (chunk: Buffer) => {
			complaints += chunk.toString();
		});
		child.once("exit", (code) => {
			clearTimeout(timer);
			reject(new Error(`The app ended with ${code} before it printed its address. ${complaints}`));
		});
	});
}
