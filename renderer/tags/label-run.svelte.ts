/** @file Labels looking at photos: how far, how long still, and what came of it. */
import type { EngineClient } from "../../contract/contract.ts";
import type { LabelId } from "../../contract/ids.ts";
import type { TaggingProgress, TaggingScope } from "../../contract/tag.ts";
import { isAbort, problemSentence } from "../state/problem.ts";

export class LabelRun {
	#state = $state<"idle" | "running" | "done" | "stopped" | "failed">("idle");
	#progress = $state.raw<TaggingProgress | null>(null);
	#problem = $state("");
	#stop: AbortController | null = null;
	readonly #client: EngineClient;

	constructor(client: EngineClient) {
		this.#client = client;
	}

	get state(): "idle" | "running" | "done" | "stopped" | "failed" {
		return this.#state;
	}

	/** Null until the first photos were looked at. */
	get progress(): TaggingProgress | null {
		return this.#progress;
	}

	get problem(): string {
		return this.#problem;
	}

	/** From the rate so far; null while there is none. */
	get secondsLeft(): number | null {
		const progress = this.#progress;
		if (progress === null || progress.done === 0 || progress.tookMs < 500) return null;
		return ((progress.total - progress.done) * progress.tookMs) / progress.done / 1000;
	}

	/** Looks until done, failed or stopped; what came of it is in `state`. */
	async start(scope: TaggingScope, labelIds: readonly LabelId[] | null): Promise<void> {
		this.#stop?.abort();
		const own = new AbortController();
		this.#stop = own;
		this.#state = "running";
		this.#progress = null;
		try {
			const steps = await this.#client.tagging.run(
				{ scope, ...(labelIds !== null && { labelIds: [...labelIds] }) },
				{ signal: own.signal },
			);
			for await (const progress of steps) {
				if (own.signal.aborted) break;
				this.#progress = progress;
			}
			if (own === this.#stop) this.#state = own.signal.aborted ? "stopped" : "done";
		} catch (error) {
			if (own !== this.#stop) return;
			this.#state = own.signal.aborted || isAbort(error) ? "stopped" : "failed";
			this.#problem = problemSentence(error);
		}
	}

	/** What was suggested until then stays. */
	stop(): void {
		this.#stop?.abort();
		if (this.#state === "running") this.#state = "stopped";
	}
}
