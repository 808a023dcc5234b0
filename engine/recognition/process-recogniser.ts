/**
 * @file A recogniser in a process of its own: of low priority, with its memory given back when it has
 * nothing to do, and whatever befalls it costs one picture.
 */
import { type ChildProcess, fork } from "node:child_process";
import { Refusal } from "../../contract/errors.ts";
import "../without-telemetry.ts";
import { isReadingReply, type ReadingReply, type ReadingRequest } from "./child-protocol.ts";
import type { Raster } from "./network-input.ts";
import { loadReaderPackage, type ReaderPackage } from "./reader-package.ts";
import type { Recogniser, Recognition } from "./recogniser.ts";

export interface RecogniserOptions {
	/** Folder of the reader package. */
	packagePath: string;
	/** For one picture, loading included. A page full of small print takes some ten seconds. */
	timeLimitMs?: number;
	/** An unused process is ended after this time. */
	idleMs?: number;
	/** The process's entry; tests put a faulty one here. */
	childModule?: URL;
}

const ownChildModule = new URL(
	import.meta.url.endsWith(".ts") ? "./reading-child.ts" : "./reading-child.js",
	import.meta.url,
);
const usualTimeLimitMs = 120_000;
const usualIdleMs = 15_000;

/** Print of a page is legible at this size; twice as much takes four times as long to send and to read. */
const longestSide = 2000;

/**
 * Starts nothing yet.
 * @throws Refusal MODEL_UNAVAILABLE when the package's manifest cannot be used.
 */
export function createRecogniser(
	options: RecogniserOptions,
): Recogniser & { reader: ReaderPackage } {
	return new ProcessRecogniser(options);
}

class ProcessRecogniser implements Recogniser {
	readonly reader: ReaderPackage;
	readonly longestSide = longestSide;
	readonly #options: RecogniserOptions;
	#child: ChildProcess | null = null;
	#idleTimer: NodeJS.Timeout | undefined;
	#closed = false;

	constructor(options: RecogniserOptions) {
		this.reader = loadReaderPackage(options.packagePath);
		this.#options = options;
	}

	get key(): string {
		return this.reader.key;
	}

	async read(picture: Raster): Promise<Recognition> {
		if (this.#closed) throw closedRefusal();
		clearTimeout(this.#idleTimer);
		this.#child ??= this.#start();
		const child = this.#child;
		setReferenced(child, true);
		const reply = await this.#ask(child, { packagePath: this.#options.packagePath, picture });
		setReferenced(child, false);
		if (this.#closed) throw closedRefusal();
		this.#idleTimer = setTimeout(() => this.#end(), this.#options.idleMs ?? usualIdleMs);
		this.#idleTimer.unref();
		switch (reply.kind) {
			case "read":
				return reply;
			case "failed":
				return { ...reply, reason: "unknown" };
			case "unusable":
				throw new Refusal("MODEL_UNAVAILABLE", reply.message);
			case "gone":
				this.#end();
				return { kind: "failed", reason: "decoder-crashed", message: reply.message };
			case "timed-out": {
				this.#end();
				return { kind: "failed", reason: "timed-out", message: "Reading its text took too long." };
			}
		}
	}

	async close(): Promise<void> {
		this.#closed = true;
		clearTimeout(this.#idleTimer);
		const child = this.#child;
		if (child === null || child.exitCode !== null || child.signalCode !== null) return;
		const ended = new Promise((resolve) => child.once("exit", resolve));
		child.ref();
		this.#end();
		await ended;
	}

	#start(): ChildProcess {
		const child = fork(this.#options.childModule ?? ownChildModule, {
			serialization: "advanced",
			stdio: ["ignore", "ignore", "ignore", "ipc"],
			execArgv: [],
			// In the desktop app the executable is Electron; this makes it run a plain script.
			env: {
				...process.env,
				...(process.versions.electron === undefined ? {} : { ELECTRON_RUN_AS_NODE: "1" }),
			},
		});
		child.on("error", () => undefined);
		child.once("exit", () => {
			if (this.#child === child) this.#child = null;
		});
		setReferenced(child, false);
		return child;
	}

	#end(): void {
		this.#child?.kill("SIGKILL");
		this.#child = null;
	}

	/** Never rejects. */
	#ask(
		child: ChildProcess,
		request: ReadingRequest,
	): Promise<ReadingReply | { kind: "gone"; message: string } | { kind: "timed-out" }> {
		return new Promise((resolve) => {
			const gone = () =>
				done({ kind: "gone", message: "Reading its text ended a process of ours." });
			const timer = setTimeout(
				() => done({ kind: "timed-out" }),
				this.#options.timeLimitMs ?? usualTimeLimitMs,
			);
			const listen = (message: unknown) => (isReadingReply(message) ? done(message) : gone());
			const done = (outcome: Parameters<typeof resolve>[0]) => {
				clearTimeout(timer);
				child.off("message", listen).off("exit", gone);
				resolve(outcome);
			};
			child.on("message", listen).once("exit", gone);
			child.send(request, (error) => {
				if (error !== null) gone();
			});
		});
	}
}

/** An idle process does not keep its parent alive. */
function setReferenced(child: ChildProcess, referenced: boolean): void {
	const action = referenced ? "ref" : "unref";
	child[action]();
	child.channel?.[action]();
}

const closedRefusal = () => new Refusal("MODEL_UNAVAILABLE", "The text reader is closed.");
