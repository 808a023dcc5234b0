/**
 * @file `npm run bench`: speed and memory of every part, as JSON with the environment. Ratios are
 * between figures of the same run, since machines drift.
 *
 *   npm run bench -- [FOLDER] [--photos N] [--python PATH] [--only PART]
 *
 * FOLDER defaults to the demo photos. Its photos are copied, each with bytes of its own, until there
 * are N (default 600). With --python, a plain Pillow and onnxruntime loop is measured beside.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs, promisify } from "node:util";
import { photoFileExtensions } from "../engine/photo-file-extensions.ts";
import { measureColdStart } from "./cold-start.ts";
import { measureEndToEnd } from "./end-to-end.ts";
import { describeEnvironment } from "./environment.ts";
import { measureFilters } from "./filters.ts";
import { measureHnswRecall } from "./hnsw-recall.ts";
import { makeManyPhotos } from "./many-photos.ts";
import { measureQueries } from "./queries.ts";
import { measureScrolling } from "./scrolling.ts";
import { measureSearchingWhileDrawing } from "./searching-while-drawing.ts";
import { measureStages } from "./stages.ts";
import { measureDragging, measureTagging } from "./tagging.ts";

const run = promisify(execFile);
const rootPath = join(import.meta.dirname, "..");
const resourcesPath = join(rootPath, "resources");
const packagePath = join(resourcesPath, "models", "starter");

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		photos: { type: "string", default: "600" },
		python: { type: "string" },
		only: { type: "string" },
	},
});
const wants = (part: string) => values.only === undefined || values.only === part;
const scratch = await mkdtemp(join(tmpdir(), "afterimage-bench-"));
try {
	const figures: Record<string, unknown> = { environment: describeEnvironment() };
	const photosPath = join(scratch, "photos");
	const sources = await photosBelow(resolve(positionals[0] ?? join(resourcesPath, "demo-photos")));
	await makeManyPhotos(sources, photosPath, Number(values.photos));

	if (wants("indexing")) {
		const stages = await measureStages(await photosBelow(photosPath), packagePath);
		const endToEnd = await measureEndToEnd(photosPath, resourcesPath);
		figures.stagesPerSecond = stages;
		figures.endToEnd = endToEnd;
		figures.endToEndOverSlowestStage =
			endToEnd.photosPerSecond / Math.min(...Object.values<number>({ ...stages }));
		if (values.python !== undefined) {
			const script = join(rootPath, "bench", "plain-loop.py");
			const model = join(packagePath, "onnx", "vision_model.onnx");
			const { stdout } = await run(values.python, [script, model, photosPath]);
			figures.plainLoopPerSecond = Number(stdout);
			figures.endToEndOverPlainLoop = endToEnd.photosPerSecond / Number(stdout);
		}
	}
	if (wants("cold-start")) {
		const libraryPath = join(scratch, "library");
		figures.coldStart = await measureColdStart(rootPath, libraryPath, photosPath);
	}
	if (wants("queries")) {
		const queries: unknown[] = [];
		for (const count of [1000, 10_000, 100_000]) {
			queries.push(await measureQueries(count, resourcesPath));
		}
		figures.queries = queries;
	}
	if (wants("scrolling")) figures.scrolling = await measureScrolling(100_000, resourcesPath);
	if (wants("filters")) figures.filters = await measureFilters(100_000, resourcesPath);
	if (wants("tagging")) {
		figures.tagging = await measureTagging(10_000, resourcesPath);
		figures.dragging = await measureDragging(100_000, resourcesPath);
	}
	if (wants("drawing")) {
		figures.searchingWhileDrawing = await measureSearchingWhileDrawing(10_000, resourcesPath);
	}
	if (wants("hnsw")) figures.hnsw = await measureHnswRecall(10_000);
	console.log(JSON.stringify(figures, rounded, "\t"));
} finally {
	await rm(scratch, { recursive: true, force: true });
}

async function photosBelow(folder: string): Promise<string[]> {
	const names = await readdir(folder, { recursive: true });
	return names
		.filter((name) => photoFileExtensions.has(name.slice(name.lastIndexOf(".")).toLowerCase()))
		.sort()
		.map((name) => join(folder, name));
}

function rounded(_key: string, value: unknown): unknown {
	return typeof value === "number" && !Number.isInteger(value)
		? Number(value.toPrecision(4))
		: value;
}
