/** @file The decoder: a pool of disposable processes, one picture at a time in each. */
import { availableParallelism } from "node:os";
import type { ChildRequest, PictureLimits, Task, TaskOutcome } from "./child-protocol.ts";
import type { DecodedPhoto, DecodeFailure, Decoder, PictureSource } from "./decoder.ts";
import { DecodingProcess } from "./decoding-process.ts";
import { crashedMessage } from "./unreadable-picture.ts";

/** Every limit has a default that real photos do not reach. */
export interface DecoderOptions {
	/** Processes side by side. Default: the processor's cores, at most 8. */
	parallelism?: number;
	/** Checked against the header before decoding. Default: 250 million. */
	maxPixels?: number;
	/** Default: 1 GiB. */
	maxFileBytes?: number;
	/** Resident memory of one process. Default: 1.5 GiB. */
	maxMemoryBytes?: number;
	/** For one file; files over 32 MiB get a second more for every 10 MB. Default: 30,000. */
	timeLimitMs?: number;
	/** Pictures after which a process is replaced, so that no leak grows for ever. Default: 5,000. */
	recycleAfter?: number;
	/** An unused process is ended after this time and its memory given back. Default: 30,000. */
	idleMs?: number;
	/** The process's entry; tests put a faulty one here. */
	childModule?: URL;
}

const ownChildModule = new URL(
	import.meta.url.endsWith(".ts") ? "./decode-child.ts" : "./decode-child.js",
	import.meta.url,
);
const maxParallelism = 8;

interface Job {
	request: ChildRequest;
	resolve: (outcome: TaskOutcome) => void;
	reject: (error: Error) => void;
}

interface Slot {
	process: DecodingProcess | null;
	job: Job | null;
	idleTimer: NodeJS.Timeout | undefined;
}

class DecoderPool implements Decoder {
	readonly parallelism: number;
	readonly #limits: PictureLimits;
	readonly #options: DecoderOptions;
	readonly #slots: Slot[];
	readonly #endings = new Set<Promise<void>>();
	/** Someone is looking at what is rendered, so it goes first. */
	readonly #waiting: Record<Task["kind"], Job[]> = {
		render: [],
		decode: [],
		describe: [],
		raster: [],
	};
	#closed = false;

	constructor(options: DecoderOptions) {
		this.#options = options;
		const wanted = options.parallelism ?? Math.min(maxParallelism, availableParallelism());
		this.parallelism = Math.max(1, Math.floor(wanted));
		this.#limits = {
			maxPixels: options.maxPixels ?? 250_000_000,
			maxFileBytes: options.maxFileBytes ?? 1024 ** 3,
			maxMemoryBytes: options.maxMemoryBytes ?? 1.5 * 1024 ** 3,
		};
		this.#slots = Array.from({ length: this.parallelism }, () => ({
			process: null,
			job: null,
			idleTimer: undefined,
		}));
	}

	async decode(
		source: PictureSource,
		options: Omit<Extract<Task, { kind: "decode" }>, "kind">,
	): Promise<DecodedPhoto | DecodeFailure> {
		const outcome = await this.#enqueue(source, { kind: "decode", ...options });
		return outcome.kind === "decoded" || outcome.kind === "failed" ? outcome : wrongAnswer();
	}

	async render(source: PictureSource, options: { longestSide: number }) {
		const outcome = await this.#enqueue(source, { kind: "render", ...options });
		return outcome.kind === "rendered" || outcome.kind === "failed" ? outcome : wrongAnswer();
	}

	async raster(source: PictureSource, options: { longestSide: number }) {
		const outcome = await this.#enqueue(source, { kind: "raster", ...options });
		return outcome.kind === "raster" || outcome.kind === "failed" ? outcome : wrongAnswer();
	}

	async describe(source: PictureSource) {
		const outcome = await this.#enqueue(source, { kind: "describe" });
		return outcome.kind === "described" || outcome.kind === "failed" ? outcome : wrongAnswer();
	}

	#enqueue(source: PictureSource, task: Task): Promise<TaskOutcome> {
		return new Promise((resolve, reject) => {
			if (this.#closed) {
				reject(new Error("The decoder is closed."));
				return;
			}
			const request = { source, task, limits: this.#limits };
			this.#waiting[task.kind].push({ request, resolve, reject });
			this.#serve();
		});
	}

	#serve(): void {
		// A slot with a running process first: starting another takes longer than many pictures.
		const free = this.#slots
			.filter((slot) => slot.job === null)
			.sort((a, b) => Number(a.process === null) - Number(b.process === null));
		for (const slot of free) {
			const { render, decode, describe, raster } = this.#waiting;
			const job = render.shift() ?? decode.shift() ?? describe.shift() ?? raster.shift();
			if (job === undefined) return;
			slot.job = job;
			void this.#run(slot, job);
		}
	}

	async #run(slot: Slot, job: Job): Promise<void> {
		clearTimeout(slot.idleTimer);
		const recycleAfter = this.#options.recycleAfter ?? 5000;
		if (slot.process !== null && (!slot.process.fit || slot.process.served >= recycleAfter)) {
			this.#retire(slot);
		}
		slot.process ??= new DecodingProcess({
			module: this.#options.childModule ?? ownChildModule,
			timeLimitMs: this.#options.timeLimitMs ?? 30_000,
		});
		const outcome = await slot.process.run(job.request);
		if (this.#closed) return;
		slot.job = null;
		if (!slot.process.fit) this.#retire(slot);
		else {
			slot.idleTimer = setTimeout(() => this.#retire(slot), this.#options.idleMs ?? 30_000);
			slot.idleTimer.unref();
		}
		job.resolve(outcome);
		this.#serve();
	}

	#retire(slot: Slot): void {
		if (slot.process === null) return;
		const ending = slot.process.end();
		slot.process = null;
		this.#endings.add(ending);
		void ending.then(() => this.#endings.delete(ending));
	}

	async close(): Promise<void> {
		this.#closed = true;
		const error = new Error("The decoder was closed before this picture's turn.");
		const unfinished = this.#slots.flatMap((slot) => slot.job ?? []);
		const jobs = [...unfinished, ...Object.values(this.#waiting).flat()];
		for (const waiting of Object.values(this.#waiting)) waiting.length = 0;
		for (const job of jobs) job.reject(error);
		for (const slot of this.#slots) {
			clearTimeout(slot.idleTimer);
			slot.job = null;
			this.#retire(slot);
		}
		await Promise.all(this.#endings);
	}
}

const wrongAnswer = (): DecodeFailure => ({
	kind: "failed",
	reason: "decoder-crashed",
	message: crashedMessage,
});

/** Starts nothing yet: processes come with the first pictures and end with `close` or with this process. */
export const createDecoder = (options: DecoderOptions = {}): Decoder => new DecoderPool(options);
