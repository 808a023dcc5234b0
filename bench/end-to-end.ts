/**
 * @file A folder indexed by the whole engine: speed, and memory over time. Measured in a process of its
 * own, so that nothing else counts: run with the photos' and the resources' folder, it prints JSON.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createRouterClient } from "@orpc/server";
import { residentBytes } from "./environment.ts";
import { openForMeasuring } from "./open-for-measuring.ts";

const sampleEveryMs = 250;

export interface EndToEndFigures {
	photos: number;
	failed: number;
	seconds: number;
	photosPerSecond: number;
	memory: MemoryFigures;
}

/** Resident memory in bytes: the engine's own process, and with its decoding processes. */
export interface MemoryFigures {
	peakOwn: number;
	peakWithChildren: number;
	/** Mean of the last third of the run over that of the middle third: 1 is flat. */
	lastThirdOverMiddle: number;
}

/** Indexes `photosPath` into a fresh library, in a fresh process. */
export async function measureEndToEnd(
	photosPath: string,
	resourcesPath: string,
): Promise<EndToEndFigures> {
	const words = [fileURLToPath(import.meta.url), photosPath, resourcesPath];
	const { stdout } = await promisify(execFile)(process.execPath, words);
	return JSON.parse(stdout);
}

async function indexHere(photosPath: string, resourcesPath: string): Promise<EndToEndFigures> {
	const libraryPath = await mkdtemp(join(tmpdir(), "afterimage-bench-"));
	const library = await openForMeasuring({ libraryPath, resourcesPath });
	const client = createRouterClient(library.router);
	const samples: { own: number; withChildren: number }[] = [];
	const sampling = setInterval(() => samples.push(residentBytes()), sampleEveryMs);
	try {
		const started = performance.now();
		await client.folder.add({ path: photosPath });
		let progress = await client.activity.progress();
		while (progress.photos === 0 || progress.waiting > 0 || progress.phase !== "idle") {
			await new Promise((resolve) => setTimeout(resolve, 20));
			progress = await client.activity.progress();
			if (progress.trouble !== null) throw new Error(progress.trouble);
		}
		const seconds = (performance.now() - started) / 1000;
		return {
			photos: progress.photos,
			failed: progress.failed,
			seconds,
			photosPerSecond: progress.searchable / seconds,
			memory: summarise(samples),
		};
	} finally {
		clearInterval(sampling);
		await library.close();
		await rm(libraryPath, { recursive: true, force: true });
	}
}

function summarise(samples: readonly { own: number; withChildren: number }[]): MemoryFigures {
	const third = Math.floor(samples.length / 3);
	const meanOf = (part: readonly { withChildren: number }[]) =>
		part.reduce((sum, sample) => sum + sample.withChildren, 0) / part.length;
	return {
		peakOwn: Math.max(...samples.map((sample) => sample.own)),
		peakWithChildren: Math.max(...samples.map((sample) => sample.withChildren)),
		lastThirdOverMiddle: meanOf(samples.slice(2 * third)) / meanOf(samples.slice(third, 2 * third)),
	};
}

if (import.meta.main) {
	const [photosPath = "", resourcesPath = ""] = process.argv.slice(2);
	console.log(JSON.stringify(await indexHere(photosPath, resourcesPath)));
}
