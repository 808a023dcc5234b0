/** @file One disposable child process as its parent sees it: a request in, an outcome out, or its death. */
import { type ChildProcess, fork } from "node:child_process";
import { Socket } from "node:net";
import {
	type ChildReply,
	type ChildRequest,
	isChildReply,
	type TaskOutcome,
} from "./child-protocol.ts";
import type { DecodeFailure } from "./decoder.ts";
import { crashedMessage, outOfMemoryMessage } from "./unreadable-picture.ts";

export interface DecodingProcessOptions {
	module: URL;
	/** For a picture of ordinary size; large files get `extraMsPerByte` more. */
	timeLimitMs: number;
}

/** One more second for every 10 MB of an announced large file. */
const extraMsPerByte = 1000 / 10_000_000;
/** Only JavaScript's own heap; pixels live outside and are watched by the child. */
const heapLimitMegabytes = 512;
/** Pixels are garbage as soon as they are sent; a small young heap frees them soon: 130 MB a process, not 290. */
const youngHeapMegabytes = 2;
const keptStderrCharacters = 8192;

const failed = (reason: DecodeFailure["reason"], message: string): DecodeFailure => ({
	kind: "failed",
	reason,
	message,
});

/** Serves until `fit` turns false; then it is to be ended and replaced. */
export class DecodingProcess {
	readonly #options: DecodingProcessOptions;
	readonly #child: ChildProcess;
	readonly #gone: Promise<void>;
	#stderr = "";
	#exited = false;
	#fit = true;
	/** Of the request under way only: a handler left on `#gone` would keep every result alive. */
	#onGone: () => void = () => {};
	/** Requests answered so far. */
	served = 0;

	constructor(options: DecodingProcessOptions) {
		this.#options = options;
		this.#child = fork(options.module, {
			serialization: "advanced",
			stdio: ["ignore", "ignore", "pipe", "ipc"],
			// Not the parent's flags: a debugger port or a loader is none of the child's business.
			execArgv: [
				`--max-old-space-size=${heapLimitMegabytes}`,
				`--max-semi-space-size=${youngHeapMegabytes}`,
			],
			// Few arenas: glibc otherwise keeps freed pictures for every thread that ever made one.
			env: {
				...process.env,
				MALLOC_ARENA_MAX: "2",
				UV_THREADPOOL_SIZE: "2",
				// In the desktop app the executable is Electron; this makes it run a plain script.
				...(process.versions.electron === undefined ? {} : { ELECTRON_RUN_AS_NODE: "1" }),
			},
		});
		this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
			this.#stderr = (this.#stderr + text).slice(-keptStderrCharacters);
		});
		// After "disconnect" no message is left in the channel, so a last answer is never missed. A process
		// that could not be started has neither event.
		this.#gone = new Promise((resolve) => {
			let remaining = 2;
			const oneMore = (): void => {
				remaining--;
				if (remaining === 0) resolve();
			};
			this.#child.once("close", oneMore);
			this.#child.once("disconnect", oneMore);
			this.#child.on("error", () => {
				this.#fit = false;
				if (this.#child.pid === undefined) resolve();
			});
		});
		void this.#gone.then(() => this.#markGone());
		this.#setReferenced(false);
	}

	get fit(): boolean {
		return this.#fit && !this.#exited && this.#child.connected;
	}

	#markGone(): void {
		this.#exited = true;
		this.#fit = false;
		this.#onGone();
	}

	/** An idle process does not keep its parent alive. */
	#setReferenced(referenced: boolean): void {
		const action = referenced ? "ref" : "unref";
		this.#child[action]();
		this.#child.channel?.[action]();
		if (this.#child.stderr instanceof Socket) this.#child.stderr[action]();
	}

	#causeOfDeath(): DecodeFailure {
		return /out of memory|bad_alloc/i.test(this.#stderr)
			? failed("out-of-memory", outOfMemoryMessage)
			: failed("decoder-crashed", crashedMessage);
	}

	/** Never rejects: a crash, a hang or nonsense is this request's failure. */
	async run(request: ChildRequest): Promise<TaskOutcome> {
		this.#setReferenced(true);
		this.served++;
		let timer: NodeJS.Timeout | undefined;
		const answered = new Promise<TaskOutcome>((resolve) => {
			const allow = (timeMs: number): void => {
				clearTimeout(timer);
				timer = setTimeout(() => {
					this.#fit = false;
					this.#child.kill("SIGKILL");
					const seconds = Math.max(1, Math.round(timeMs / 1000));
					const time = seconds === 1 ? "a second" : `${seconds} seconds`;
					resolve(failed("timed-out", `Reading the picture took longer than ${time}.`));
				}, timeMs);
			};
			const settle = (reply: Extract<ChildReply, { kind: "done" }>): void => {
				if (reply.retire) this.#fit = false;
				resolve(reply.outcome);
			};
			allow(this.#options.timeLimitMs);
			this.#child.on("message", (message: unknown) => {
				if (!isChildReply(message)) {
					this.#fit = false;
					resolve(failed("decoder-crashed", crashedMessage));
				} else if (message.kind === "done") settle(message);
				else allow(this.#options.timeLimitMs + message.sizeBytes * extraMsPerByte);
			});
			this.#onGone = () => resolve(this.#causeOfDeath());
			if (this.#exited) this.#onGone();
			this.#child.send(request, (error) => {
				if (error !== null) this.#fit = false;
			});
		});
		const outcome = await answered;
		clearTimeout(timer);
		this.#child.removeAllListeners("message");
		this.#onGone = () => {};
		this.#setReferenced(false);
		return outcome;
	}

	/** Resolves when the process is gone. */
	async end(): Promise<void> {
		this.#fit = false;
		this.#setReferenced(true);
		this.#child.kill("SIGKILL");
		await this.#gone;
	}
}
