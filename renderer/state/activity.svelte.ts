/** @file The engine's one stream of events: keeps the progress and tells others what changed. */
import type { EngineEvent, Progress } from "../../contract/activity.ts";
import type { Host } from "../client/host.ts";
import { isAbort } from "./problem.ts";

type Listener = (event: EngineEvent) => void;

export class Activity {
	#progress = $state.raw<Progress | null>(null);
	#connected = $state(false);
	#everConnected = $state(false);
	readonly #host: Host;
	readonly #listeners = new Set<Listener>();
	readonly #stopped = new AbortController();
	#following: AbortController | null = null;

	constructor(host: Host) {
		this.#host = host;
	}

	/** Null until the engine has said something. */
	get progress(): Progress | null {
		return this.#progress;
	}

	get connected(): boolean {
		return this.#connected;
	}

	/** True when a connection that was there is gone, as opposed to the very start. */
	get lost(): boolean {
		return this.#everConnected && !this.#connected;
	}

	/** Calls back on every event; returns a function that stops. */
	listen(listener: Listener): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	/** Follows the engine until `dispose`, through lost connections. */
	start(): void {
		const stopListening = this.#host.onConnection((connected) => {
			this.#connected = connected;
			this.#following?.abort();
			this.#following = null;
			if (!connected) return;
			const returned = this.#everConnected;
			this.#everConnected = true;
			this.#following = new AbortController();
			void this.#follow(this.#following.signal);
			if (returned) this.#announceReturn();
		});
		this.#stopped.signal.addEventListener("abort", () => {
			stopListening();
			this.#following?.abort();
		});
	}

	async pause(): Promise<void> {
		this.#progress = await this.#host.client.activity.pause();
	}

	async resume(): Promise<void> {
		this.#progress = await this.#host.client.activity.resume();
	}

	dispose(): void {
		this.#stopped.abort();
	}

	async #follow(signal: AbortSignal): Promise<void> {
		while (!signal.aborted) {
			try {
				for await (const event of await this.#host.client.activity.events(undefined, { signal })) {
					if (signal.aborted) return;
					this.#take(event);
				}
			} catch (error) {
				if (signal.aborted) return;
				if (!isAbort(error)) console.warn("The event stream broke off; following it again.", error);
			}
			await new Promise((resolve) => setTimeout(resolve, retryMs));
		}
	}

	/** What happened while the connection was away is unknown: everybody looks again. */
	#announceReturn(): void {
		this.#take({ type: "photos-changed", revision: 0 });
		this.#take({ type: "folders-changed" });
		this.#take({ type: "models-changed" });
	}

	#take(event: EngineEvent): void {
		if (event.type === "progress") this.#progress = event.progress;
		for (const listener of this.#listeners) listener(event);
	}
}

const retryMs = 500;
