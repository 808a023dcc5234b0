/** @file Disposable child process that measures one execution provider. See [Note: Provider trials]. */
import type { ExecutionProvider } from "../../contract/model.ts";
import type { ModelPackage } from "./model-package.ts";
import { openPictureTower, type PictureTower } from "./picture-tower.ts";

export interface TrialRequest {
	modelPackage: ModelPackage;
	threads: number;
	provider: ExecutionProvider;
}

export interface ProviderMeasurement {
	/** Lowest cosine similarity to the CPU's embedding over the fixed pictures. */
	parity: number;
	imagesPerSecond: number;
}

const pictureCount = 4;
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
	const actual = await tower.embed(pictures, pictureCount);
	const imagesPerSecond = await time(tower, pictures);
	if (provider === "cpu") return { parity: 1, imagesPerSecond };
	const cpu = await openPictureTower(modelPackage, "cpu", threads);
	const expected = await cpu.embed(pictures, pictureCount);
	return { parity: lowestCosine(actual, expected, dimensions), imagesPerSecond };
}

async function time(tower: PictureTower, pictures: Uint8Array): Promise<number> {
	const start = performance.now();
	let embedded = 0;
	while (performance.now() - start < timingMs) {
		await tower.embed(pictures, pictureCount);
		embedded += pictureCount;
	}
	return (embedded * 1000) / (performance.now() - start);
}

/** Smooth gradients with a coarse pattern: nothing flat, nothing random, the same everywhere. */
function fixedPictures(width: number, height: number, count: number): Uint8Array {
	const pixels = new Uint8Array(count * height * width * 3);
	let at = 0;
	for (let picture = 0; picture < count; picture++) {
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
