/** @file A family that draws in a process of its own: what all such families have in common. */
import { readdirSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { Refusal } from "../../../contract/errors.ts";
import { createDecoder } from "../../decoder/create-decoder.ts";
import { checkMaskPixels, checkSettings, notPossible } from "../check-settings.ts";
import type { Pace, Paces } from "../paces.ts";
import { maskFrom } from "../picture/mask.ts";
import { pictureOf, planesOf, resized } from "../picture/planes.ts";
import type {
	GenerationEvent,
	GenerationNeeds,
	GenerationSettings,
	GeneratorDescription,
	Mask,
	PictureGenerator,
	RgbPicture,
	StartPicture,
} from "../picture-generator.ts";
import type { DrawingJob } from "./drawing-job.ts";
import { drawInProcess } from "./drawing-process.ts";
import type { JobSettings } from "./job-settings.ts";

/** What one family says of itself. */
export interface DrawingBackend {
	readonly description: GeneratorDescription;
	/** Refuses what only this family can judge, as `PictureGenerator.generate` does. */
	check(settings: GenerationSettings): void;
	/** Peak resident memory of the process that draws. */
	memoryBytes(settings: GenerationSettings): number;
	/** Folders of the packages it draws with. */
	packagePaths(settings: GenerationSettings): readonly string[];
	jobOf(settings: GenerationSettings, common: JobSettings): DrawingJob;
	/** Enough to measure a step. */
	readonly probeSteps: number;
	/** How much longer a step takes than a single one, where settings decide it. Default: 1. */
	stepWork?(settings: GenerationSettings): number;
}

export interface ProcessOptions {
	/** Processor threads of the drawing process. Default: the processor's cores, at most 4. */
	threads?: number;
	/** The process's entry; tests put a faulty one here. */
	childModule?: URL;
	/** Is told the id of each drawing process. */
	onStart?: (processId: number) => void;
	/** Where it is remembered how fast models draw; else until this generator is gone. */
	paces?: Pick<Paces, "of" | "learn">;
}

const ownChildModule = new URL(
	import.meta.url.endsWith(".ts") ? "./drawing-child.ts" : "./drawing-child.js",
	import.meta.url,
);
const threadsMax = 4;

/** Generators of every family that draws in a process. */
export function createProcessGenerator(
	backend: DrawingBackend,
	options: ProcessOptions,
): PictureGenerator {
	return new ProcessGenerator(backend, options);
}

class ProcessGenerator implements PictureGenerator {
	readonly description: GeneratorDescription;
	readonly #backend: DrawingBackend;
	readonly #options: ProcessOptions;
	readonly #closing = new AbortController();
	readonly #running = new Set<Promise<void>>();
	/** Measured last. */
	#pace: Pace | null = null;

	constructor(backend: DrawingBackend, options: ProcessOptions) {
		this.description = backend.description;
		this.#backend = backend;
		this.#options = options;
	}

	async *generate(
		settings: GenerationSettings,
		options: { signal?: AbortSignal } = {},
	): AsyncGenerator<GenerationEvent> {
		checkSettings(settings, this.description);
		this.#backend.check(settings);
		refuseWithoutMemory(this.#backend.memoryBytes(settings));
		const signal = AbortSignal.any([
			this.#closing.signal,
			...(options.signal === undefined ? [] : [options.signal]),
		]);
		const ended = Promise.withResolvers<void>();
		this.#running.add(ended.promise);
		try {
			signal.throwIfAborted();
			const job = this.#backend.jobOf(settings, await this.#commonOf(settings));
			const { childModule = ownChildModule, onStart } = this.#options;
			const startedAt = performance.now();
			let loadedAt = startedAt;
			const work = this.#stepWork(settings);
			for await (const event of drawInProcess(childModule, job, signal, onStart)) {
				if (event.kind === "progress" && event.step === 1) loadedAt = performance.now();
				if (event.kind === "progress" && event.step > 1) {
					this.#pace = {
						loadSeconds: (loadedAt - startedAt) / 1000,
						stepSeconds: (performance.now() - loadedAt) / 1000 / (event.step - 1) / work,
					};
				}
				yield event;
			}
		} finally {
			if (this.#pace !== null) this.#options.paces?.learn(this.#modelOf(settings), this.#pace);
			ended.resolve();
			this.#running.delete(ended.promise);
		}
	}

	needs(settings: GenerationSettings): GenerationNeeds {
		const folders = this.#backend.packagePaths(settings);
		const pace = this.#pace ?? this.#options.paces?.of(this.#modelOf(settings)) ?? null;
		return {
			memoryBytes: this.#backend.memoryBytes(settings),
			diskBytes: folders.reduce((sum, path) => sum + folderSizeBytes(path), 0),
			seconds:
				pace === null
					? null
					: pace.loadSeconds + settings.steps * pace.stepSeconds * this.#stepWork(settings),
		};
	}

	#stepWork(settings: GenerationSettings): number {
		return this.#backend.stepWork?.(settings) ?? 1;
	}

	async probe(options: { signal?: AbortSignal } = {}): Promise<void> {
		const settings: GenerationSettings = {
			prompts: [{ text: "a landscape", weight: 1 }],
			seed: 1,
			...this.description.size,
			steps: this.#backend.probeSteps,
			start: null,
			palette: [],
			mask: null,
		};
		for await (const _ of this.generate(settings, options)) {
			// Only the pace is wanted.
		}
	}

	async close(): Promise<void> {
		this.#closing.abort();
		await Promise.all(this.#running);
	}

	/** Families share packages, and packages of one name lie in one place. */
	#modelOf(settings: GenerationSettings): string {
		const names = this.#backend.packagePaths(settings).map((path) => basename(path));
		return [this.description.backend, ...names].join(" ");
	}

	async #commonOf(settings: GenerationSettings): Promise<JobSettings> {
		const { prompts, seed, width, height, steps, palette, finish } = settings;
		return {
			prompts,
			seed,
			width,
			height,
			steps,
			palette,
			...(await givenOf(settings)),
			finish: finish ?? "smooth",
			threads: this.#options.threads ?? Math.min(threadsMax, availableParallelism()),
		};
	}
}

function refuseWithoutMemory(neededBytes: number): void {
	const freeBytes = process.availableMemory();
	if (freeBytes >= neededBytes) return;
	const [needed, free] = [neededBytes, freeBytes].map((bytes) => Math.ceil(bytes / 1024 ** 2));
	throw notPossible(
		"memory",
		`Drawing needs ${needed} MB of memory and ${free} MB are free. Close other programs and try again.`,
	);
}

/** Both of the job's size. @throws Refusal IMAGE_UNREADABLE; GENERATION_NOT_POSSIBLE for a mask that keeps nothing or all */
async function givenOf({
	start,
	mask,
	width,
	height,
}: GenerationSettings): Promise<Pick<JobSettings, "start" | "mask">> {
	const decoder = createDecoder({ parallelism: 1 });
	const pixelsOf = async (bytes: Uint8Array, field: "start" | "mask"): Promise<Uint8Array> => {
		const rule = { width, height, resize: "stretch", interpolation: "bicubic" } as const;
		const outcome = await decoder.decode({ bytes }, { pixels: rule, thumbnail: false });
		if (outcome.kind === "decoded") return Uint8Array.from(outcome.pixels);
		const what = field === "start" ? "start picture" : "mask";
		throw new Refusal("IMAGE_UNREADABLE", `The ${what} cannot be used: ${outcome.message}`, {
			field,
		});
	};
	const pictureFrom = async ({ picture }: StartPicture): Promise<RgbPicture> =>
		"bytes" in picture
			? { width, height, pixels: await pixelsOf(picture.bytes, "start") }
			: stretched(picture, width, height);
	const maskPixels = async (given: Mask): Promise<Uint8Array> => {
		if (!("bytes" in given)) return given;
		const pixels = maskFrom(await pixelsOf(given.bytes, "mask"));
		checkMaskPixels(pixels);
		return pixels;
	};
	try {
		return {
			start:
				start === null ? null : { picture: await pictureFrom(start), strength: start.strength },
			mask: mask === null ? null : await maskPixels(mask),
		};
	} finally {
		await decoder.close();
	}
}

function stretched(picture: RgbPicture, width: number, height: number): RgbPicture {
	if (picture.width === width && picture.height === height) return picture;
	return pictureOf(resized(planesOf(picture), width, height));
}

function folderSizeBytes(folder: string): number {
	try {
		const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
		return entries
			.filter((entry) => entry.isFile())
			.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
	} catch {
		return 0;
	}
}
