/**
 * @file The engine's process, seen from the main process: starts it, hands pages to it, asks it for
 * pictures, starts it again after a crash and closes it in order.
 */
import type { MessagePortMain, UtilityProcess } from "electron";
import { assertNever } from "../contract/errors.ts";
import type { PhotoId } from "../contract/ids.ts";
import type {
	EngineSettings,
	FromEngine,
	PictureAnswer,
	PictureSize,
	ToEngine,
} from "./engine-messages.ts";

/** More crashes than this within `crashWindowMs` and the engine stays down. */
export const mostCrashes = 3;
export const crashWindowMs = 5 * 60_000;

/** The engine saves within this, or is ended as it is; the catalogue survives either. */
const closeWithinMs = 15_000;

export type Fork = () => Pick<UtilityProcess, "postMessage" | "on" | "kill">;

export interface EngineEvents {
	onTaken(pageUrl: string | null): void;
	onRefused(message: string): void;
	onFolderRefused(message: string): void;
	onReveal(path: string): void;
	/** A new process has taken over: pages need new ports. */
	onRestarted(): void;
	/** It crashed too often; it will not be started again. */
	onGivenUp(): void;
}

/**
 * `running` covers opening too: what is sent then waits inside the engine. After `ended` (closed, or
 * given up) nothing is sent any more.
 */
type State =
	| { kind: "idle" }
	| { kind: "running"; process: ReturnType<Fork> }
	| { kind: "closing"; process: ReturnType<Fork>; ended: Promise<void> }
	| { kind: "ended" };

/** One engine for the life of the app. */
export class EngineProcessHandle {
	readonly #fork: Fork;
	readonly #settings: EngineSettings;
	readonly #events: EngineEvents;
	readonly #pictures = new Map<number, (answer: PictureAnswer) => void>();
	readonly #exited = Promise.withResolvers<void>();
	#state: State = { kind: "idle" };
	#lastRequestId = 0;
	#crashedAtMs: number[] = [];

	constructor(fork: Fork, settings: EngineSettings, events: EngineEvents) {
		this.#fork = fork;
		this.#settings = settings;
		this.#events = events;
	}

	/** Starts the process; once only. */
	start(): void {
		if (this.#state.kind === "idle") this.#launch();
	}

	/** Gives the engine one end of a channel whose other end a page has. */
	connect(port: MessagePortMain): void {
		if (!this.#send({ kind: "client" }, [port])) port.close();
	}

	/** Always answers, also when the engine ends meanwhile. */
	picture(size: PictureSize, id: PhotoId): Promise<PictureAnswer> {
		this.#lastRequestId += 1;
		const requestId = this.#lastRequestId;
		return new Promise((resolve) => {
			if (this.#send({ kind: "picture", requestId, size, id })) {
				this.#pictures.set(requestId, resolve);
			} else resolve(engineGone);
		});
	}

	addFolders(paths: readonly string[]): void {
		if (paths.length > 0) this.#send({ kind: "add-folders", paths });
	}

	/** Resolves when the process has ended. Safe to call twice. */
	async close(): Promise<void> {
		switch (this.#state.kind) {
			case "idle":
				this.#state = { kind: "ended" };
				return;
			case "ended":
				return;
			case "closing":
				return this.#state.ended;
			case "running": {
				const { process } = this.#state;
				this.#state = { kind: "closing", process, ended: this.#exited.promise };
				process.postMessage({ kind: "close" } satisfies ToEngine);
				const timer = setTimeout(() => process.kill(), closeWithinMs);
				await this.#exited.promise;
				clearTimeout(timer);
				return;
			}
			default:
				assertNever(this.#state);
		}
	}

	#launch(): void {
		const process = this.#fork();
		this.#state = { kind: "running", process };
		process.on("message", (message: FromEngine) => this.#receive(message));
		process.on("exit", () => this.#ended(process));
		process.postMessage({ kind: "open", ...this.#settings } satisfies ToEngine);
	}

	#receive(message: FromEngine): void {
		switch (message.kind) {
			case "opened":
			case "closed":
				return;
			case "taken":
				this.#events.onTaken(message.pageUrl);
				return;
			case "refused":
				this.#events.onRefused(message.message);
				return;
			case "folder-refused":
				this.#events.onFolderRefused(message.message);
				return;
			case "reveal":
				this.#events.onReveal(message.path);
				return;
			case "picture":
				this.#pictures.get(message.requestId)?.(message.answer);
				this.#pictures.delete(message.requestId);
				return;
			default:
				assertNever(message);
		}
	}

	#ended(process: ReturnType<Fork>): void {
		for (const answer of this.#pictures.values()) answer(engineGone);
		this.#pictures.clear();
		if (this.#state.kind !== "running" || this.#state.process !== process) {
			this.#state = { kind: "ended" };
			this.#exited.resolve();
			return;
		}
		const nowMs = Date.now();
		this.#crashedAtMs = this.#crashedAtMs.filter((atMs) => nowMs - atMs < crashWindowMs);
		this.#crashedAtMs.push(nowMs);
		if (this.#crashedAtMs.length > mostCrashes) {
			this.#state = { kind: "ended" };
			this.#exited.resolve();
			this.#events.onGivenUp();
			return;
		}
		this.#launch();
		this.#events.onRestarted();
	}

	#send(message: ToEngine, ports: MessagePortMain[] = []): boolean {
		if (this.#state.kind !== "running") return false;
		this.#state.process.postMessage(message, ports);
		return true;
	}
}

const engineGone: PictureAnswer = {
	kind: "none",
	status: 503,
	message: "The engine is not running at the moment.",
};
