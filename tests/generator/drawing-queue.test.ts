/** The queue of drawing on a real database and real files, with a generator that draws at once. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import type { Drawing, DrawingSettings } from "../../contract/generation.ts";
import type { DrawingId } from "../../contract/ids.ts";
import { modelIdSchema } from "../../contract/model-package.ts";
import type { DrawingTable } from "../../engine/catalogue/drawing-table.ts";
import { openCatalogue } from "../../engine/catalogue/open-catalogue.ts";
import { DrawingQueue, type DrawingQueueParts } from "../../engine/generator/drawing-queue.ts";
import { greyPngOf, pngOf } from "../../engine/generator/drawn-files.ts";
import { familiesWith, settingsForAll } from "../../engine/generator/families.ts";
import { nothingGiven } from "../../engine/generator/given-pictures.ts";
import { readProvenance } from "../../engine/generator/provenance.ts";
import { FakeGenerator, type FakeGeneratorOptions } from "../fixtures/fake-generator.ts";

const settings: DrawingSettings = {
	family: "guided",
	prompts: [
		{ text: "Ein Haus <am> Meer & mehr", weight: 1 },
		{ text: "people", weight: -0.5 },
	],
	seed: 9,
	width: 64,
	height: 64,
	steps: 4,
	palette: [[1, 2, 3]],
	canvas: null,
	finish: null,
	strength: null,
	masked: false,
	guidance: null,
	sampling: null,
	candidates: null,
	package: null,
};

async function openQueue(
	options: FakeGeneratorOptions = {},
	root?: string,
	{
		both = false,
		table = (whole) => whole,
		...parts
	}: Partial<Omit<DrawingQueueParts, "table">> & {
		both?: boolean;
		table?(whole: DrawingTable): DrawingTable;
	} = {},
) {
	const folder = root ?? mkdtempSync(join(tmpdir(), "afterimage-drawing-"));
	const generator = new FakeGenerator(options);
	const catalogue = await openCatalogue(join(folder, "catalogue.sqlite"));
	const families = familiesWith({
		guided: generator,
		...(both && { diffusion: generator }),
	});
	const queue = new DrawingQueue({
		table: table(catalogue.drawings),
		families,
		generatedPath: folder,
		...parts,
	});
	await queue.open();
	const close = async () => {
		await queue.close();
		await catalogue.close();
	};
	onTestFinished(async () => {
		await close();
		rmSync(folder, { recursive: true, force: true });
	});
	return { queue, generator, families, folder, close };
}

async function until(queue: DrawingQueue, fits: (drawings: Drawing[]) => boolean) {
	const giveUpAtMs = performance.now() + 60_000;
	for (;;) {
		const drawings = await queue.list();
		if (fits(drawings)) return drawings;
		if (performance.now() > giveUpAtMs) throw new Error(JSON.stringify(drawings));
		await new Promise((resolve) => setTimeout(resolve, 5));
	}
}

const allDone = (drawings: Drawing[]) => drawings.every(({ state }) => state === "done");
const idsOf = (drawings: Drawing[]) => drawings.map(({ id }) => id);
const pictures = (folder: string) => readdirSync(folder).filter((name) => /png/.test(name));

test("draws one picture at a time, and each file says how it came to be", async () => {
	const { queue, generator, folder } = await openQueue({ stepMs: 2 });
	await queue.add(settings, nothingGiven, 3);
	let mostAtOnce = 0;
	const drawings = await until(queue, (list) => {
		mostAtOnce = Math.max(mostAtOnce, generator.running);
		return allDone(list);
	});
	expect(mostAtOnce).toBe(1);
	expect(drawings.map((drawing) => drawing.settings.seed).sort()).toEqual([10, 11, 9]);
	expect(drawings.map(({ rank }) => rank)).toEqual([1, 1, 1]);
	for (const { fileName, settings: own } of drawings) {
		const bytes = readFileSync(join(folder, fileName ?? ""));
		expect(readProvenance(bytes)).toEqual({
			settings: own,
			packages: [{ id: "fake-encoder", version: "1" }],
			...nothingGiven,
		});
	}
});

test("a file's own settings, start picture and mask give the same bytes again", async () => {
	const { queue, folder } = await openQueue();
	const start = await pngOf({ width: 64, height: 64, pixels: new Uint8Array(64 * 64 * 3).fill(7) });
	const values = Uint8Array.from({ length: 64 * 64 }, (_, at) => (at % 64 < 32 ? 0 : 255));
	const mask = await greyPngOf({ width: 64, height: 64, values });
	const given = { startPicture: start, maskPicture: mask };
	await queue.add({ ...settings, strength: 0.4, masked: true }, given, 1);
	const [first] = await until(queue, allDone);
	const bytes = readFileSync(join(folder, first?.fileName ?? ""));
	const told = readProvenance(bytes);
	expect(told.maskPicture).toEqual(mask);
	await queue.add(told.settings, told, 1);
	const [second] = await until(queue, (list) => list.length === 2 && allDone(list));
	expect(second?.fileName).not.toBe(first?.fileName);
	expect(readFileSync(join(folder, second?.fileName ?? "")).equals(bytes)).toBe(true);
	expect(bytes.toString("latin1")).toContain("compositeWithTrainedAlgorithmicMedia");
});

test("discarding what is being drawn stops it, leaves no file, and can be taken back", async () => {
	const { queue, generator, folder } = await openQueue({ stepMs: 60_000 });
	const ids = await queue.add(settings, nothingGiven, 1);
	await until(queue, ([drawing]) => drawing?.state === "drawing" && generator.running === 1);
	await queue.discard(ids);
	expect(generator.running).toBe(0);
	expect(await queue.list()).toEqual([]);
	expect(pictures(folder)).toEqual([]);
	await queue.restore(ids);
	await until(queue, ([drawing]) => drawing?.state === "drawing");
});

test("a process that dies leaves a reason and no file, and the next picture is drawn", async () => {
	const { queue, folder } = await openQueue({ diesAfter: 2 });
	const ids = await queue.add(settings, nothingGiven, 2);
	const drawings = await until(queue, (list) => list.every(({ state }) => state === "failed"));
	expect(drawings.map(({ problem }) => problem)).toEqual(
		ids.map(() => "The drawing process ended unexpectedly."),
	);
	expect(pictures(folder)).toEqual([]);
});

test("a finished picture that is discarded leaves the folder, and comes back as it was", async () => {
	const changes: number[] = [];
	const onFilesChanged = () => changes.push(1);
	const { queue, folder } = await openQueue({}, undefined, { onFilesChanged });
	const ids = await queue.add(settings, nothingGiven, 1);
	const [done] = await until(queue, allDone);
	const bytes = readFileSync(join(folder, done?.fileName ?? ""));
	await queue.discard(ids);
	expect(pictures(folder)).toEqual([]);
	await queue.restore(ids);
	expect(readFileSync(join(folder, done?.fileName ?? "")).equals(bytes)).toBe(true);
	expect((await queue.list()).map(({ state }) => state)).toEqual(["done"]);
	expect(changes).toHaveLength(3);
});

test("without room on the disk nothing is begun, and it can be drawn later", async () => {
	let free = 1024;
	const freeDiskBytes = async () => free;
	const { queue, generator, folder } = await openQueue({}, undefined, { freeDiskBytes });
	const ids = await queue.add(settings, nothingGiven, 1);
	const [failed] = await until(queue, ([drawing]) => drawing?.state === "failed");
	expect(failed?.problem).toMatch(/needs 17 MB on the disk of .*Make room on it/);
	expect(generator.asked).toEqual([]);
	expect(pictures(folder)).toEqual([]);
	free = 2 ** 30;
	await queue.again(ids);
	await until(queue, allDone);
});

test("a database that cannot be written pauses the queue, and drawing goes on once it can", async () => {
	const said = vi.spyOn(console, "error").mockReturnValue();
	onTestFinished(() => said.mockRestore());
	let full = true;
	let refusedWrites = 0;
	const { queue } = await openQueue({}, undefined, {
		table: (whole) => ({
			...whole,
			async update(...change) {
				if (!full) return whole.update(...change);
				refusedWrites += 1;
				throw new Error("database or disk is full");
			},
		}),
	});
	await queue.add(settings, nothingGiven, 2);
	await until(queue, () => queue.paused);
	expect(refusedWrites).toBe(2);
	expect(JSON.stringify(said.mock.calls)).toContain("Drawing is paused");
	full = false;
	queue.pause(false);
	const drawings = await until(queue, (list) =>
		list.every(({ state }) => state === "done" || state === "failed"),
	);
	expect(drawings.map(({ state }) => state).sort()).toEqual(["done", "failed"]);
});

test("the order can be changed while the queue is held", async () => {
	const { queue, generator } = await openQueue();
	queue.pause(true);
	const ids = await queue.add(settings, nothingGiven, 3);
	const turned: DrawingId[] = [...ids].reverse();
	await queue.reorder(turned);
	expect(idsOf(await queue.list())).toEqual(turned);
	expect(generator.asked).toEqual([]);
	queue.pause(false);
	await until(queue, allDone);
	expect(generator.asked.map(({ seed }) => seed)).toEqual([11, 10, 9]);
});

test("what was unfinished when the app ended is offered again and not begun by itself", async () => {
	const first = await openQueue({ stepMs: 60_000 });
	const masked = { ...settings, strength: 1, masked: true };
	const given = { startPicture: Buffer.from("start"), maskPicture: Buffer.from("mask") };
	await first.queue.add(masked, given, 2);
	await until(first.queue, ([drawing]) => drawing?.state === "drawing");
	await first.close();
	const { queue, generator } = await openQueue({}, first.folder);
	const offered = await queue.list();
	expect(offered.map(({ state }) => state)).toEqual(["unfinished", "unfinished"]);
	expect(generator.asked).toEqual([]);
	await queue.again(idsOf(offered));
	await until(queue, allDone);
	const { startPicture: bytes, maskPicture } = given;
	expect(generator.asked.map(({ start, mask }) => [start?.picture, mask])).toEqual([
		[{ bytes }, { bytes: maskPicture }],
		[{ bytes }, { bytes: maskPicture }],
	]);
});

test.each([
	[{ strength: 0.5 }, "start", /begin with a picture, and it is not there any more/],
	[{ masked: true }, "mask", /what they keep is not known any more/],
])(
	"a start picture or mask that is gone is said, not done without: %j",
	async (change, field, words) => {
		const { queue } = await openQueue();
		const asked = queue.add({ ...settings, ...change }, nothingGiven, 1);
		await expect(asked).rejects.toMatchObject({
			message: expect.stringMatching(words),
			detail: { field },
		});
		expect(await queue.list()).toEqual([]);
	},
);

test.each([
	[{ prompts: [{ text: " ", weight: 1 }] }, /prompt is empty/],
	[{ prompts: [{ text: "a".repeat(10_000), weight: 1 }] }, /10000 characters/],
	[{ width: 4096 }, /width/],
	[{ seed: -1 }, /seed/],
] as const)("settings that cannot be drawn are refused at once: %j", async (change, message) => {
	const { queue } = await openQueue();
	await expect(
		queue.add({ ...settings, ...change } as DrawingSettings, nothingGiven, 1),
	).rejects.toThrow(message);
	expect(await queue.list()).toEqual([]);
});

test("every family is asked for one picture in its own steps, and they are ranked together", async () => {
	const { queue, generator, families } = await openQueue({}, undefined, { both: true });
	const all = settingsForAll(families, { ...settings, steps: 99, guidance: 3 });
	expect(all.map(({ family }) => family)).toEqual(["guided", "diffusion"]);
	expect(all.map(({ steps, guidance }) => [steps, guidance])).toEqual([
		[4, null],
		[4, null],
	]);
	await queue.addEach(all.map((one) => ({ settings: one, ...nothingGiven })));
	const drawings = await until(queue, allDone);
	expect(generator.asked).toHaveLength(2);
	expect(new Set(drawings.map(({ request }) => request)).size).toBe(1);
	expect(drawings.map(({ rank }) => rank)).toEqual([1, 1]);
});

test("a model that is not installed is named before anything is drawn", async () => {
	const { queue } = await openQueue();
	const gone = { ...settings, package: modelIdSchema.parse("sd-turbo") };
	await expect(queue.add(gone, nothingGiven, 1)).rejects.toThrow(/"sd-turbo" is not installed/);
	expect(await queue.list()).toEqual([]);
});
