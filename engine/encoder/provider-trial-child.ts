/** @file Disposable child process that measures one execution provider. See [Note: Provider trials]. */
import type { ExecutionProvider } from "../../contract/model.ts";
import { type BatchMeasurement, cpuBatchSize, probeBatchSize } from "./batch-size-probe.ts";
import type { ModelPackage } from "./model-package.ts";
import { openPictureTower, type PictureTower } from "./picture-tower.ts";

export interface TrialRequest {
	modelPackage: ModelPackage;
	threads: number;
	provider: ExecutionProvider;
}

/** Of the fastest batch, over the fixed pictures. */
export interface ProviderMeasurement extends BatchMeasurement {
	/** Pictures at a time. */
	batchSize: number;
}

/** How many of the fixed pictures differ. */
const pictureCount = cpuBatchSize;
/** Long enough to even out one slow run, short enough not to be noticed. */
const timingMs = 300;

process.once("message", (request: TrialRequest) => {
	measure(request).then(
		(measurement) => finish({ measurement }),
		(error) => finish({ problem: error instanceof Error ? error.message : String(error) }),
	);
});

function finish(answer: { measurement: ProviderMeasurement } | { problem: string }): void {
	process.send?.(answer, () => process.exit(0));
}

async function measure(request: TrialRequest): Promise<ProviderMeasurement> {
	const { modelPackage, threads, provider } = request;
	const { dimensions, image } = modelPackage.manifest;
	// The provider first: where it is missing, it says so before the CPU has done any work.
	const tower = await openPictureTower(modelPackage, provider, threads);
	const pictures = fixedPictures(image.size[0], image.size[1], pictureCount);
	await tower.embed(pictures, pictureCount);
	if (provider === "cpu") {
		const imagesPerSecond = await time(tower, pictures, pictureCount);
		return { parity: 1, imagesPerSecond, batchSize: pictureCount };
	}
	const cpu = await openPictureTower(modelPackage, "cpu", threads);
	const expected = await cpu.embed(pictures, pictureCount);
	await cpu.close();
	return probeBatchSize(async (size) => {
		const batch = fixedPictures(image.size[0], image.size[1], size);
		// Also the first run of that size, for which a device may compile.
		const actual = await tower.embed(batch, size);
		const parity = lowestCosine(actual, rowsOf(expected, dimensions, size), dimensions);
		return { parity, imagesPerSecond: await time(tower, batch, size) };
	});
}

async function time(tower: PictureTower, pictures: Uint8Array, count: number): Promise<number> {
	const start = performance.now();
	let embedded = 0;
	while (performance.now() - start < timingMs) {
		await tower.embed(pictures, count);
		embedded += count;
	}
	return (embedded * 1000) / (performance.now() - start);
}

/** `count` rows of `width` numbers each, those given over and over. */
function rowsOf(given: Float32Array, width: number, count: number): Float32Array {
	const length = count * width;
	return Float32Array.from({ length }, (_, at) => given[at % given.length] ?? 0);
}

/** Smooth gradients with a coarse pattern: nothing flat, nothing random, the same everywhere. */
function fixedPictures(width: number, height: number, count: number): Uint8Array {
	const pixels = new Uint8Array(count * height * width * 3);
	let at = 0;
	for (let number = 0; number < count; number++) {
		// The CPU need not compute more than these, whatever the batch.
		const picture = number % pictureCount;
		for (let y = 0; y < height; y++) {
			for (let x = 0; x < width; x++) {
				const tile = ((x >> 4) + (y >> 4) * (picture + 1)) % 5;
				pixels[at++] = (x * 2 + picture * 61) & 255;
				pixels[at++] = (y * 2 + tile * 40) & 255;
				pixels[at++] = (x + y + tile * 25 + picture * 17) & 255;
			}
		}
	}
	return pixels;
}

function lowestCosine(a: Float32Array, b: Float32Array, dimensions: number): number {
	let lowest = 1;
	for (let start = 0; start < a.length; start += dimensions) {
		let sum = 0;
		for (let at = start; at < start + dimensions; at++) sum += (a[at] ?? 0) * (b[at] ?? 0);
		lowest = Math.min(lowest, sum);
	}
	return lowest;
}
