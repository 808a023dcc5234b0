/** @file The dual encoder on ONNX Runtime: two towers, each in a thread of its own. */
import { availableParallelism } from "node:os";
import type { EncoderPlace, EncoderStatus, ExecutionProvider } from "../../contract/model.ts";
import { cpuBatchSize } from "./batch-size-probe.ts";
import type { DualEncoder, TextEmbedding } from "./dual-encoder.ts";
import { encoderKey } from "./encoder-key.ts";
import type { ModelManifest } from "./model-manifest.ts";
import { loadModelPackage, type ModelPackage } from "./model-package.ts";
import { pictureBatchSize } from "./picture-tower.ts";
import { ProbeState } from "./probe-state.ts";
import { tryProviders } from "./provider-trial.ts";
import { TowerThread } from "./tower-thread.ts";

export interface DualEncoderOptions {
	/** Folder of the model package. */
	packagePath: string;
	/** Serves in place of the folder's `model.json`, for a package whose manifest is being derived. */
	manifest?: ModelManifest;
	/** Threads for pictures; by default one core is left to decoding, the catalogue and the person. */
	pictureThreads?: number;
	/** Threads for texts; one by default, which is as fast for a short query. */
	textThreads?: number;
	/**
	 * A JSON file that remembers which execution provider was chosen. With it, providers are tried in
	 * the background after the first pictures; without it, the CPU serves until `probe` is called.
	 */
	probeStatePath?: string;
	/** Where the person wants it to run, asked before each batch; `auto` by default. */
	place?: () => EncoderPlace;
	/** What the towers' threads run; another one only to see how a failing device is borne. */
	towerModule?: URL;
}

/**
 * Reads the manifest only; threads and sessions start on first use.
 * @throws Refusal MODEL_UNAVAILABLE when the manifest cannot be used, naming file and field.
 */
export function createDualEncoder(options: DualEncoderOptions): DualEncoder {
	return new OnnxDualEncoder(options);
}

class OnnxDualEncoder implements DualEncoder {
	readonly manifest: ModelManifest;
	readonly key: string;
	readonly #modelPackage: ModelPackage;
	readonly #probeState: ProbeState;
	readonly #probesByItself: boolean;
	readonly #pictureThreads: number;
	readonly #pictureTower: TowerThread;
	readonly #textTower: TowerThread;
	readonly #place: () => EncoderPlace;
	readonly #closing = new AbortController();
	#probing: Promise<void> | null = null;
	/** Where the picture tower was last asked to run. */
	#asked: ExecutionProvider;
	/** It has not given a picture's embedding there yet. */
	#unproven: boolean;

	constructor(options: DualEncoderOptions) {
		const modelPackage: ModelPackage =
			options.manifest === undefined
				? loadModelPackage(options.packagePath)
				: { path: options.packagePath, manifest: options.manifest };
		this.#modelPackage = modelPackage;
		this.manifest = modelPackage.manifest;
		this.key = encoderKey(modelPackage.manifest);
		this.#probeState = new ProbeState(options.probeStatePath ?? null, this.key);
		this.#probesByItself = options.probeStatePath !== undefined;
		this.#pictureThreads = options.pictureThreads ?? Math.max(1, availableParallelism() - 1);
		this.#place = options.place ?? (() => "auto");
		const provider = this.#wanted();
		this.#asked = provider;
		this.#unproven = provider !== "cpu";
		this.#pictureTower = new TowerThread(
			{ tower: "picture", modelPackage, threads: this.#pictureThreads, provider },
			options.towerModule,
		);
		this.#textTower = new TowerThread(
			{ tower: "text", modelPackage, threads: options.textThreads ?? 1, provider: "cpu" },
			options.towerModule,
		);
	}

	get batchSize(): number {
		const { state } = this.#pictureTower;
		const provider = state.kind === "ready" ? state.provider : this.#wanted();
		if (provider === "cpu") return cpuBatchSize;
		return this.#probeState.batchSizeOn(provider) ?? cpuBatchSize;
	}

	status(): EncoderStatus {
		const { id, title, licence, dimensions } = this.manifest;
		const picture = this.#pictureTower.state;
		const towers = [picture, this.#textTower.state];
		const failed = towers.find((tower) => tower.kind === "failed");
		const kinds = new Set(towers.map((tower) => tower.kind));
		const state = (["failed", "loading", "ready"] as const).find((kind) => kinds.has(kind));
		const provider = picture.kind === "ready" ? picture.provider : this.#wanted();
		return {
			id,
			title,
			licence,
			dimensions,
			state: state ?? "idle",
			problem: failed?.problem ?? null,
			provider: state === "ready" ? provider : null,
			place: this.#place(),
			lost: picture.kind === "ready" ? picture.lost : null,
			trials: this.#probeState.trials,
		};
	}

	async embedPictures(pictures: readonly Uint8Array[]): Promise<Float32Array[]> {
		const [width, height] = this.manifest.image.size;
		const sizeBytes = width * height * 3;
		const lookCount = this.manifest.image.looks?.length ?? 1;
		for (const picture of pictures) {
			if (picture.length !== sizeBytes * lookCount) {
				throw new RangeError(
					`A picture of ${picture.length} bytes is not ${lookCount} x RGB of ${width}x${height} (${sizeBytes} bytes).`,
				);
			}
		}
		const looks =
			lookCount === 1 ? pictures : pictures.flatMap((picture) => cut(picture, sizeBytes));
		return meanOfEach(await this.#embedLooks(looks, sizeBytes), lookCount);
	}

	async #embedLooks(pictures: readonly Uint8Array[], sizeBytes: number): Promise<Float32Array[]> {
		if (this.#wanted() !== this.#asked) {
			// In the tower's queue, hence between two batches. Where it fails, so do the pictures.
			this.#ask(this.#wanted()).catch(() => undefined);
		}
		const batches: Promise<Float32Array[]>[] = [];
		const atOnce = Math.max(pictureBatchSize, this.batchSize);
		for (let first = 0; first < pictures.length; first += atOnce) {
			batches.push(this.#embedBatch(pictures.slice(first, first + atOnce), sizeBytes));
		}
		const vectors = (await Promise.all(batches)).flat();
		const mayProbe = this.#probesByItself && this.#place() !== "cpu";
		if (vectors.length > 0 && mayProbe && this.#probeState.trials.length === 0) {
			// Closed or crashed meanwhile: the CPU goes on serving and the next start tries again.
			this.#probe(false).catch(() => undefined);
		}
		return vectors;
	}

	async embedTexts(texts: readonly string[]): Promise<TextEmbedding[]> {
		if (texts.length === 0) return [];
		const { vectors, shortened } = await this.#textTower.ask({ kind: "texts", texts });
		return rows(vectors, this.manifest.dimensions).map((vector, at) => ({
			vector,
			shortened: shortened[at] ?? false,
		}));
	}

	async probe(): Promise<EncoderStatus> {
		await this.#probe(true);
		await this.#textTower.ask({ kind: "load" });
		return this.status();
	}

	async goToPlace(): Promise<EncoderStatus> {
		// Not loaded yet: it will be loaded there.
		if (this.#pictureTower.state.kind !== "idle") await this.#ask(this.#wanted());
		return this.status();
	}

	async close(): Promise<void> {
		this.#closing.abort();
		// The trials under way end with the abort above, which is how they reject.
		await this.#probing?.catch(() => undefined);
		await Promise.all([this.#pictureTower.close(), this.#textTower.close()]);
	}

	async #embedBatch(pictures: readonly Uint8Array[], sizeBytes: number): Promise<Float32Array[]> {
		const pixels = new Uint8Array(pictures.length * sizeBytes);
		for (const [at, picture] of pictures.entries()) pixels.set(picture, at * sizeBytes);
		if (this.#unproven) this.#probeState.markOpening(this.#asked);
		const { vectors } = await this.#pictureTower.ask(
			{ kind: "pictures", pixels, count: pictures.length },
			[pixels.buffer],
		);
		if (this.#unproven) {
			this.#unproven = false;
			this.#probeState.markWorking();
		}
		return rows(vectors, this.manifest.dimensions);
	}

	/** Concurrent callers share one round of trials. */
	#probe(measuresCpuAlone: boolean): Promise<void> {
		this.#probing ??= this.#tryAndSwitch(measuresCpuAlone).finally(() => {
			this.#probing = null;
		});
		return this.#probing;
	}

	async #tryAndSwitch(measuresCpuAlone: boolean): Promise<void> {
		// A package that cannot be loaded at all says nothing about any provider.
		await this.#pictureTower.ask({ kind: "load" });
		const signal = this.#closing.signal;
		const trials = await tryProviders(
			this.#modelPackage,
			this.#pictureThreads,
			signal,
			measuresCpuAlone,
		);
		this.#probeState.record(trials);
		await this.#ask(this.#wanted());
	}

	#wanted(): ExecutionProvider {
		return this.#probeState.providerFor(this.#place());
	}

	async #ask(provider: ExecutionProvider): Promise<void> {
		this.#asked = provider;
		this.#unproven = provider !== "cpu";
		if (this.#unproven) this.#probeState.markOpening(provider);
		await this.#pictureTower.ask({ kind: "use-provider", provider });
		this.#probeState.markWorking();
	}
}

const cut = (block: Uint8Array, sizeBytes: number): Uint8Array[] =>
	Array.from({ length: block.length / sizeBytes }, (_, at) =>
		block.subarray(at * sizeBytes, (at + 1) * sizeBytes),
	);

/** Of each `count` vectors that follow one another the direction of their mean, of unit length. */
function meanOfEach(vectors: Float32Array[], count: number): Float32Array[] {
	if (count === 1) return vectors;
	return Array.from({ length: vectors.length / count }, (_, group) => {
		const mean = new Float32Array(vectors[0]?.length ?? 0);
		for (const vector of vectors.slice(group * count, (group + 1) * count)) {
			for (const [at, value] of vector.entries()) mean[at] = (mean[at] ?? 0) + value;
		}
		const length = Math.hypot(...mean) || 1;
		return mean.map((value) => value / length);
	});
}

/** One copy a row, so that a caller who keeps one vector does not keep its whole batch. */
function rows(vectors: Float32Array, dimensions: number): Float32Array[] {
	const count = vectors.length / dimensions;
	return Array.from({ length: count }, (_, row) =>
		vectors.slice(row * dimensions, (row + 1) * dimensions),
	);
}
