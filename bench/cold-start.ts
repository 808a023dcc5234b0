/** @file From nothing running to the first result: the whole command, as a person would run it. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { percentile } from "./environment.ts";

const run = promisify(execFile);
const attempts = 5;

/** Median milliseconds of `afterimage search` on an indexed library that nothing has open. */
export async function measureColdStart(
	rootPath: string,
	libraryPath: string,
	photosPath: string,
): Promise<{ medianMs: number }> {
	const afterimage = (...words: string[]) =>
		run(process.execPath, [join(rootPath, "cli", "main.ts"), "--library", libraryPath, ...words]);
	await afterimage("index", photosPath, "--json");
	const samples: number[] = [];
	for (let attempt = 0; attempt < attempts; attempt += 1) {
		const started = performance.now();
		await afterimage("search", "a dog on grass", "--json");
		samples.push(performance.now() - started);
	}
	return { medianMs: percentile(samples, 0.5) };
}
