/** @file The drawing process as its parent sees it: a job in, events out, and gone afterwards. */
import { type ChildProcess, fork } from "node:child_process";
import { Refusal } from "../../../contract/errors.ts";
import type { GenerationEvent } from "../picture-generator.ts";
import { type DrawingJob, isDrawingReply } from "./drawing-job.ts";

const keptStderrCharacters = 4096;

/** Graphs and weights pass through JavaScript once; pixels are small. */
const heapLimitMegabytes = 1024;

/**
 * Draws in a process that is killed when the iteration ends, however it ends.
 * @param onStart is told the process's id.
 * @throws Refusal from the process; GENERATION_NOT_POSSIBLE when it died; `signal.reason` when aborted.
 */
export async function* drawInProcess(
	module: URL,
	job: DrawingJob,
	signal: AbortSignal,
	onStart: (processId: number) => void = () => {},
): AsyncGenerator<GenerationEvent> {
	signal.throwIfAborted();
	const child = start(module);
	const mailbox = new Mailbox(child);
	const stop = (): void => {
		child.kill("SIGKILL");
	};
	signal.addEventListener("abort", stop, { once: true });
	try {
		if (child.pid !== undefined) onStart(child.pid);
		child.send(job, () => {
			// A process that is gone already is noticed by its mailbox.
		});
		for (;;) {
			const message = await mailbox.next();
			signal.throwIfAborted();
			if (message === null) throw mailbox.causeOfDeath();
			if (!isDrawingReply(message)) throw brokenOff("it gave no sensible answer");
			if (message.kind === "refused") {
				throw new Refusal(message.code, message.message, message.detail);
			}
			yield message.event;
			if (message.event.kind === "done") return;
		}
	} finally {
		signal.removeEventListener("abort", stop);
		stop();
		await mailbox.gone;
	}
}

function start(module: URL): ChildProcess {
	return fork(module, {
		serialization: "advanced",
		stdio: ["ignore", "ignore", "pipe", "ipc"],
		// Not the parent's flags: a debugger port or a loader is none of the child's business.
		execArgv: [`--max-old-space-size=${heapLimitMegabytes}`],
		env: {
			...process.env,
			MALLOC_ARENA_MAX: "2",
			// In the desktop app the executable is Electron; this makes it run a plain script.
			...(process.versions.electron === undefined ? {} : { ELECTRON_RUN_AS_NODE: "1" }),
		},
	});
}

/** What the process sent, in order, and null when nothing more can come. */
class Mailbox {
	/** Resolves when the process is no more. */
	readonly gone: Promise<void>;
	readonly #messages: unknown[] = [];
	#stderr = "";
	#closed = false;
	#wake: () => void = () => {};

	constructor(child: ChildProcess) {
		child.stderr?.setEncoding("utf8").on("data", (text: string) => {
			this.#stderr = (this.#stderr + text).slice(-keptStderrCharacters);
		});
		child.on("message", (message: unknown) => {
			this.#messages.push(message);
			this.#wake();
		});
		this.gone = new Promise((resolve) => {
			const end = (): void => {
				this.#closed = true;
				this.#wake();
				resolve();
			};
			child.once("close", end);
			child.on("error", () => {
				if (child.pid === undefined) end();
			});
		});
	}

	async next(): Promise<unknown> {
		while (this.#messages.length === 0 && !this.#closed) {
			await new Promise<void>((resolve) => {
				this.#wake = resolve;
			});
		}
		return this.#messages.length === 0 ? null : this.#messages.shift();
	}

	causeOfDeath(): Refusal {
		return /out of memory|bad_alloc|Failed to allocate/i.test(this.#stderr)
			? brokenOff("there was not enough memory. Close other programs and try again")
			: brokenOff("the drawing process ended unexpectedly. Try again");
	}
}

function brokenOff(reason: string): Refusal {
	return new Refusal("GENERATION_NOT_POSSIBLE", `The picture was not finished: ${reason}.`);
}
