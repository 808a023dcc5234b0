/** @file What drawing costs the rest: typed queries while a picture is drawn, and memory after it. */
import type { EngineClient } from "../contract/contract.ts";
import { drawingSettingsSchema } from "../contract/generation.ts";
import type { DrawingId } from "../contract/ids.ts";
import { percentile } from "./environment.ts";
import { withSyntheticLibrary } from "./with-synthetic-library.ts";

const queriesAtATime = 40;
const megabyte = 1024 ** 2;

export interface DrawingFigures {
	photos: number;
	idleP50Ms: number;
	drawingP50Ms: number;
	/** Of the two: 1 would be no cost at all. */
	drawingOverIdle: number;
	/** Resident memory of the engine's own process; what draws is a child that is gone by then. */
	memoryBeforeMb: number;
	memoryAfterMb: number;
}

/** Guided drawing, which computes without a pause; distinct queries, so that none is remembered. */
export function measureSearchingWhileDrawing(
	count: number,
	resourcesPath: string,
): Promise<DrawingFigures> {
	return withSyntheticLibrary(count, resourcesPath, async ({ client }) => ({
		photos: count,
		...(await measure(client)),
	}));
}

async function measure(client: EngineClient): Promise<Omit<DrawingFigures, "photos">> {
	await client.generation.includeInLibrary({ included: false });
	await p50Of(client, "warm");
	// The first drawing loads the imaging library for good: what one more leaves behind is asked.
	await until(client, await drawing(client, 2), "done");
	const memoryBeforeMb = residentMb();
	const idleP50Ms = await p50Of(client, "idle");
	const long = await drawing(client, 2000);
	await untilStep(client, long, 2);
	const drawingP50Ms = await p50Of(client, "busy");
	await client.generation.discard({ ids: [long] });
	await until(client, await drawing(client, 2), "done");
	return {
		idleP50Ms,
		drawingP50Ms,
		drawingOverIdle: drawingP50Ms / idleP50Ms,
		memoryBeforeMb,
		memoryAfterMb: residentMb(),
	};
}

async function p50Of(client: EngineClient, word: string): Promise<number> {
	const samples: number[] = [];
	for (let at = 0; at < queriesAtATime; at += 1) {
		const startedAt = performance.now();
		await client.search.text({ query: `a dog beside ${at} boats, ${word}` });
		samples.push(performance.now() - startedAt);
	}
	return percentile(samples, 0.5);
}

async function drawing(client: EngineClient, steps: number): Promise<DrawingId> {
	const settings = drawingSettingsSchema.parse({
		family: "guided",
		prompts: [{ text: "a lighthouse in the evening", weight: 1 }],
		seed: 1,
		width: 256,
		height: 256,
		steps,
		palette: [],
		canvas: null,
		finish: null,
		strength: null,
		masked: false,
	});
	const [id] = (await client.generation.draw({ settings })).ids;
	if (id === undefined) throw new Error("Nothing was asked to be drawn.");
	return id;
}

async function until(client: EngineClient, id: DrawingId, state: string): Promise<void> {
	for (;;) {
		const { drawings } = await client.generation.list();
		const own = drawings.find((one) => one.id === id);
		if (own?.problem) throw new Error(own.problem);
		if (own?.state === state) return;
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
}

async function untilStep(client: EngineClient, id: DrawingId, step: number): Promise<void> {
	for await (const event of await client.generation.follow()) {
		if (event.type === "progress" && event.progress.id === id && event.progress.step >= step)
			return;
	}
}

function residentMb(): number {
	globalThis.gc?.();
	return process.memoryUsage.rss() / megabyte;
}
