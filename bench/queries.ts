/** @file How long a typed query takes in the engine, on libraries of many synthetic photos. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRouterClient } from "@orpc/server";
import { createDualEncoder } from "../engine/encoder/onnx-dual-encoder.ts";
import { percentile } from "./environment.ts";
import { openForMeasuring } from "./open-for-measuring.ts";
import { createSyntheticLibrary } from "./synthetic-library.ts";

const subjects = ["dog", "beach", "mountain", "street", "cake", "child", "boat", "flower", "car"];
const settings = [
	"at sunset",
	"in the snow",
	"on a table",
	"at night",
	"in a garden",
	"by a river",
];

export interface QueryFigures {
	photos: number;
	openMs: number;
	p50Ms: number;
	p95Ms: number;
}

/** Distinct queries, so that no embedding is remembered; each returns 200 described hits. */
export async function measureQueries(count: number, resourcesPath: string): Promise<QueryFigures> {
	const root = await mkdtemp(join(tmpdir(), "afterimage-bench-"));
	const encoder = createDualEncoder({ packagePath: join(resourcesPath, "models", "starter") });
	try {
		await createSyntheticLibrary({
			libraryPath: join(root, "library"),
			photosPath: join(root, "photos"),
			samplesPath: join(resourcesPath, "demo-photos"),
			encoderKey: encoder.key,
			dimensions: encoder.manifest.dimensions,
			count,
		});
		const openStarted = performance.now();
		const library = await openForMeasuring({ libraryPath: join(root, "library"), resourcesPath });
		const openMs = performance.now() - openStarted;
		try {
			const client = createRouterClient(library.router);
			await client.search.text({ query: "warm up" });
			const samples: number[] = [];
			for (const [subject, setting] of subjects.flatMap((subject) =>
				settings.map((setting) => [subject, setting] as const),
			)) {
				const started = performance.now();
				await client.search.text({ query: `a ${subject} ${setting}` });
				samples.push(performance.now() - started);
			}
			const p50Ms = percentile(samples, 0.5);
			return { photos: count, openMs, p50Ms, p95Ms: percentile(samples, 0.95) };
		} finally {
			await library.close();
		}
	} finally {
		await encoder.close();
		await rm(root, { recursive: true, force: true });
	}
}
