/** @file The encoder's side of one tower's worker thread: starts it when needed, and again after a crash. */
import { Worker } from "node:worker_threads";
import { Refusal } from "../../contract/errors.ts";
import type { ExecutionProvider, LostProvider } from "../../contract/model.ts";
import "../without-telemetry.ts";
import type { TowerReply, TowerRequest, TowerResult, TowerStart } from "./tower-messages.ts";

/** `idle`: not loaded yet; a failed tower is tried again on the next call. */
export type TowerState =
	| { kind: "idle" }
	| { kind: "loading" }
	| { kind: "ready"; provider: ExecutionProvider; lost: LostProvider | null }
	| { kind: "failed"; problem: string };

interface Waiting {
	resolve(result: TowerResult): void;
	reject(error: Error): void;
}

/** The module a tower's thread runs, as source and as built. */
const towerModule = new URL(
	import.meta.url.endsWith(".ts") ? "./tower-worker.ts" : "./tower-worker.js",
	import.meta.url,
);

/**
 * How long a thread may take to end by itself before it is stopped. Long: a large model may just be loading, and
 * stopping a thread within ONNX Runtime takes the whole process down.
 */
const closeTimeoutMs = 60_000;

export class TowerThread {
	readonly #module: URL;
	#start: TowerStart;
	readonly #waiting = new Map<number, Waiting>();
	#worker: Worker | null = null;
	#nextId = 1;
	#state: TowerState = { kind: "idle" };
	#closed = false;

	/** @param module what the thread runs; another one only to see how its failing is borne. */
	constructor(start: TowerStart, module: URL = towerModule) {
		this.#start = start;
		this.#module = module;
	}

	get state(): TowerState {
		return this.#state;
	}

	/** @throws Refusal MODEL_UNAVAILABLE when the tower cannot be loaded, fails, or is closed. */
	async ask(request: TowerRequest, transfer: ArrayBuffer[] = []): Promise<TowerResult> {
		if (this.#closed) throw new Refusal("MODEL_UNAVAILABLE", "The encoder is closed.");
		return this.#send(request, transfer);
	}

	/** Calls under way are finished first. Safe to call twice. */
	async close(): Promise<void> {
		this.#closed = true;
		const worker = this.#worker;
		if (worker === null) return;
		const ended = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
		const timer = setTimeout(() => void worker.terminate(), closeTimeoutMs);
		// A thread that dies while closing has done what was asked of it.
		await this.#send({ kind: "close" }, []).catch(() => undefined);
		await ended;
		clearTimeout(timer);
	}

	#send(request: TowerRequest, transfer: ArrayBuffer[]): Promise<TowerResult> {
		const worker = this.#running();
		const id = this.#nextId++;
		return new Promise((resolve, reject) => {
			this.#waiting.set(id, { resolve, reject });
			worker.ref();
			worker.postMessage({ id, request }, transfer);
		});
	}

	#running(): Worker {
		if (this.#worker !== null) {
			if (this.#state.kind === "failed") this.#state = { kind: "loading" };
			return this.#worker;
		}
		const worker = new Worker(this.#module, { workerData: this.#start });
		this.#worker = worker;
		this.#state = { kind: "loading" };
		worker.on("message", (reply: TowerReply) => this.#settle(reply));
		worker.on("error", (error) => this.#lost(worker, error.message));
		worker.on("exit", (code) => this.#lost(worker, `its thread ended with code ${code}`));
		return worker;
	}

	#settle(reply: TowerReply): void {
		const waiting = this.#waiting.get(reply.id);
		this.#waiting.delete(reply.id);
		// An idle thread must not keep a finished program alive.
		if (this.#waiting.size === 0) this.#worker?.unref();
		if (reply.kind === "done") {
			const { provider, lost } = reply.result;
			this.#state = { kind: "ready", provider, lost };
			this.#start = { ...this.#start, provider };
			waiting?.resolve(reply.result);
			return;
		}
		const { message, detail } = reply.problem;
		this.#state = { kind: "failed", problem: message };
		waiting?.reject(new Refusal("MODEL_UNAVAILABLE", message, detail));
	}

	#lost(worker: Worker, reason: string): void {
		if (this.#worker !== worker) return;
		this.#worker = null;
		const { tower, modelPackage } = this.#start;
		const problem = `The ${tower} half of ${modelPackage.manifest.title} stopped: ${reason}. It starts again with the next call.`;
		if (!this.#closed) this.#state = { kind: "failed", problem };
		for (const waiting of this.#waiting.values()) {
			waiting.reject(new Refusal("MODEL_UNAVAILABLE", problem));
		}
		this.#waiting.clear();
	}
}
