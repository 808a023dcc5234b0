/** @file Which search model is in use and which is coming, kept up to date while somebody looks. */
import type { EngineClient } from "../../contract/contract.ts";
import type { EncoderUse } from "../../contract/encoder-change.ts";
import type { ModelId } from "../../contract/model-package.ts";
import type { Activity } from "./activity.svelte.ts";
import { problemSentence } from "./problem.ts";

/** Progress is announced more often than anybody reads it. */
const askEveryMs = 1000;

export class EncoderUseState {
	readonly #client: EngineClient;
	#use = $state.raw<EncoderUse | null>(null);
	#problem = $state<string | null>(null);
	/** The model whose package is being checked before it is taken. */
	#checking = $state<ModelId | null>(null);
	#askedAtMs = 0;

	constructor(client: EngineClient) {
		this.#client = client;
	}

	/** Null until it is known. */
	get now(): EncoderUse | null {
		return this.#use;
	}

	/** True for a model that searches this library or is about to. */
	uses(model: ModelId): boolean {
		return this.#use?.model === model || this.#use?.change?.model === model;
	}

	/** Why the last thing that was asked for did not happen. */
	get problem(): string | null {
		return this.#problem;
	}

	get checking(): ModelId | null {
		return this.#checking;
	}

	/** @returns ends it */
	watch(activity: Activity): () => void {
		void this.#refresh();
		return activity.listen(({ type }) => {
			const moves = type === "progress" && this.#use?.change !== null;
			const due = performance.now() - this.#askedAtMs > askEveryMs;
			if (type === "models-changed" || (moves && due)) void this.#refresh();
		});
	}

	async use(model: ModelId): Promise<void> {
		this.#checking = model;
		await this.#attempt(() => this.#client.encoderChange.start({ model }));
		this.#checking = null;
	}

	pause(): Promise<void> {
		return this.#attempt(() => this.#client.encoderChange.pause());
	}

	resume(): Promise<void> {
		return this.#attempt(() => this.#client.encoderChange.resume());
	}

	cancel(): Promise<void> {
		return this.#attempt(() => this.#client.encoderChange.cancel());
	}

	discard(key: string): Promise<void> {
		return this.#attempt(() => this.#client.encoderChange.discard({ key }));
	}

	async #refresh(): Promise<void> {
		this.#askedAtMs = performance.now();
		try {
			this.#use = await this.#client.encoderChange.status();
		} catch (error) {
			this.#problem = problemSentence(error);
		}
	}

	async #attempt(work: () => Promise<EncoderUse>): Promise<void> {
		this.#problem = null;
		try {
			this.#use = await work();
		} catch (error) {
			this.#problem = problemSentence(error);
		}
	}
}
