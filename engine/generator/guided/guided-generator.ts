/** @file The guided backend: VQGAN+CLIP's idea with the person's own encoder, and no download. */
import { readdirSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Refusal } from "../../../contract/errors.ts";
import { createDecoder } from "../../decoder/create-decoder.ts";
import { checkSettings, notPossible } from "../check-settings.ts";
import {
	type GenerationEvent,
	type GenerationNeeds,
	type GenerationSettings,
	type GeneratorDescription,
	guidedCanvases,
	guidedFinishes,
	type PictureGenerator,
	type RgbPicture,
	type StartPicture,
} from "../picture-generator.ts";
import { drawInProcess } from "./drawing-process.ts";
import type { GuidedJob } from "./guided-job.ts";
import { pictureOf, planesOf, resized } from "./planes.ts";

export interface GuidedGeneratorOptions {
	/** Folder of the dual encoder's package. */
	encoderPath: string;
	/** Folder of the autoencoder's package, and of the layout model; null where there is none. */
	autoencoderPath: string | null;
	layoutPath: string | null;
	/** Processor threads of the drawing process. Default: the processor's cores, at most 4. */
	threads?: number;
	/** The process's entry; tests put a faulty one here. */
	childModule?: URL;
	/** Is told the id of each drawing process. */
	onStart?: (processId: number) => void;
}

const ownChildModule = new URL(
	import.meta.url.endsWith(".ts") ? "./guided-child.ts" : "./guided-child.js",
	import.meta.url,
);

/** Measured with the bundled packages; a larger picture adds its own pixels only. */
const memoryBaseBytes = 720 * 1024 * 1024;
const memoryBytesPerPixel = 120;
const threadsMax = 4;
const probeSteps = 6;

export function createGuidedGenerator(options: GuidedGeneratorOptions): PictureGenerator {
	return new GuidedGenerator(options);
}

class GuidedGenerator implements PictureGenerator {
	readonly description: GeneratorDescription = {
		backend: "guided",
		steps: { default: 120, min: 1, max: 2000 },
		size: { width: 256, height: 256 },
		heeds: { start: true, palette: true, mask: true, negativePrompts: true },
	};
	readonly #options: GuidedGeneratorOptions;
	readonly #closing = new AbortController();
	readonly #running = new Set<Promise<void>>();
	/** Measured last. */
	#pace: { loadSeconds: number; stepSeconds: number } | null = null;

	constructor(options: GuidedGeneratorOptions) {
		this.#options = options;
	}

	async *generate(
		settings: GenerationSettings,
		options: { signal?: AbortSignal } = {},
	): AsyncGenerator<GenerationEvent> {
		checkSettings(settings, this.description);
		checkGuided(settings);
		const { memoryBytes } = this.needs(settings);
		const freeBytes = process.availableMemory();
		if (freeBytes < memoryBytes) {
			const [needed, free] = [memoryBytes, freeBytes].map((bytes) => Math.ceil(bytes / 1024 ** 2));
			throw notPossible(
				"memory",
				`Drawing needs ${needed} MB of memory and ${free} MB are free. Close other programs and try again.`,
			);
		}
		const signal = AbortSignal.any([
			this.#closing.signal,
			...(options.signal === undefined ? [] : [options.signal]),
		]);
		const ended = Promise.withResolvers<void>();
		this.#running.add(ended.promise);
		try {
			signal.throwIfAborted();
			const job = await this.#jobOf(settings);
			const { childModule = ownChildModule, onStart } = this.#options;
			const startedAt = performance.now();
			let loadedAt = startedAt;
			for await (const event of drawInProcess(childModule, job, signal, onStart)) {
				if (event.kind === "progress" && event.step === 1) loadedAt = performance.now();
				if (event.kind === "progress" && event.step > 1) {
					this.#pace = {
						loadSeconds: (loadedAt - startedAt) / 1000,
						stepSeconds: (performance.now() - loadedAt) / 1000 / (event.step - 1),
					};
				}
				yield event;
			}
		} finally {
			ended.resolve();
			this.#running.delete(ended.promise);
		}
	}

	needs({ width, height, steps }: GenerationSettings): GenerationNeeds {
		const { encoderPath, autoencoderPath, layoutPath } = this.#options;
		const folders = [encoderPath, autoencoderPath, layoutPath].filter((path) => path !== null);
		const pace = this.#pace;
		return {
			memoryBytes: memoryBaseBytes + memoryBytesPerPixel * width * height,
			diskBytes: folders.reduce((sum, path) => sum + folderSizeBytes(path), 0),
			seconds: pace === null ? null : pace.loadSeconds + steps * pace.stepSeconds,
		};
	}

	async probe(options: { signal?: AbortSignal } = {}): Promise<void> {
		const settings: GenerationSettings = {
			prompts: [{ text: "a landscape", weight: 1 }],
			seed: 1,
			...this.description.size,
			steps: probeSteps,
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

	async #jobOf(settings: GenerationSettings): Promise<GuidedJob> {
		const { encoderPath, autoencoderPath, layoutPath, threads } = this.#options;
		const { prompts, seed, width, height, steps, palette, mask, guided } = settings;
		const start = await this.#startOf(settings.start, width, height);
		return {
			prompts,
			seed,
			width,
			height,
			steps,
			palette,
			mask,
			start,
			canvas: guided?.canvas ?? "auto",
			finish: guided?.finish ?? "smooth",
			encoderPath,
			autoencoderPath,
			layoutPath,
			threads: threads ?? Math.min(threadsMax, availableParallelism()),
		};
	}

	async #startOf(
		start: StartPicture | null,
		width: number,
		height: number,
	): Promise<GuidedJob["start"]> {
		if (start === null) return null;
		const { picture, strength } = start;
		if (!("bytes" in picture)) return { picture: stretched(picture, width, height), strength };
		const decoder = createDecoder({ parallelism: 1 });
		try {
			const outcome = await decoder.decode(
				{ bytes: picture.bytes },
				{
					pixels: { width, height, resize: "stretch", interpolation: "bicubic" },
					thumbnail: false,
				},
			);
			if (outcome.kind === "failed") {
				throw new Refusal(
					"IMAGE_UNREADABLE",
					`The start picture cannot be used: ${outcome.message}`,
					{
						field: "start",
					},
				);
			}
			return { picture: { width, height, pixels: Uint8Array.from(outcome.pixels) }, strength };
		} finally {
			await decoder.close();
		}
	}
}

function stretched(picture: RgbPicture, width: number, height: number): RgbPicture {
	if (picture.width === width && picture.height === height) return picture;
	return pictureOf(resized(planesOf(picture), width, height));
}

function checkGuided({ guided }: GenerationSettings): void {
	const { canvas, finish } = guided ?? {};
	if (canvas !== undefined && !guidedCanvases.includes(canvas)) {
		throw notPossible("canvas", `The canvas has to be one of ${guidedCanvases.join(", ")}.`);
	}
	if (finish !== undefined && !guidedFinishes.includes(finish)) {
		throw notPossible("finish", `The finish has to be one of ${guidedFinishes.join(", ")}.`);
	}
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
