/** @file What every family of drawing keeps to, seen from outside: one suite, run for each. */
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { Refusal } from "../../contract/errors.ts";
import { createCodeGenerator } from "../../engine/generator/autoregressive/autoregressive-generator.ts";
import { createJanusGenerator } from "../../engine/generator/autoregressive/janus/janus-generator.ts";
import { createSketchGenerator } from "../../engine/generator/diffusion/diffusion-generator.ts";
import { createPipelineGenerator } from "../../engine/generator/diffusion/pipeline/pipeline-generator.ts";
import { createGuidedGenerator } from "../../engine/generator/guided/guided-generator.ts";
import type {
	GenerationDone,
	GenerationEvent,
	GenerationSettings,
	GeneratorBackend,
	PictureGenerator,
} from "../../engine/generator/picture-generator.ts";
import { models } from "./gradient-fixture.ts";
import { isAlive, wholeDrawing } from "./whole-drawing.ts";

const encoderPath = join(models, "starter");
const autoencoderPath = join(models, "sketch-autoencoder");

const installed = join(import.meta.dirname, "..", "fixtures", "generator");

interface Options {
	threads: number;
	onStart(processId: number): void;
}

/** One way of drawing with one kind of package. */
interface Drawer {
	name: string;
	backend: GeneratorBackend;
	/** The package that draws; tests damage copies of it. */
	source: string;
	/** One of its graphs, and an input of that with another name of the same length. */
	graph: string;
	input: readonly [string, string];
	create(path: string, options: Options): PictureGenerator;
}

const drawers: readonly Drawer[] = [
	{
		name: "guided",
		backend: "guided",
		source: autoencoderPath,
		graph: "onnx/decoder.onnx",
		input: ["latents", "patents"],
		create: (path, options) =>
			createGuidedGenerator({
				...{ encoderPath, autoencoderPath: path, layoutPath: null },
				...options,
			}),
	},
	{
		name: "diffusion",
		backend: "diffusion",
		source: join(models, "sketch-diffusion"),
		graph: "onnx/velocity.onnx",
		input: ["condition", "conditoin"],
		create: (velocityPath, options) =>
			createSketchGenerator({ encoderPath, velocityPath, autoencoderPath, ...options }),
	},
	{
		name: "autoregressive",
		backend: "autoregressive",
		source: join(models, "sketch-autoregressive"),
		graph: "onnx/group.onnx",
		input: ["around", "abound"],
		create: (networkPath, options) =>
			createCodeGenerator({ encoderPath, networkPath, autoencoderPath, ...options }),
	},
	{
		name: "diffusion by an installed model",
		backend: "diffusion",
		source: join(installed, "pipelines", "classic"),
		graph: "unet/model.onnx",
		input: ["timestep", "timestap"],
		create: (path, options) =>
			createPipelineGenerator({ id: "made-up", title: "Made up", path, encoderPath, ...options }),
	},
	{
		name: "autoregressive by an installed model",
		backend: "autoregressive",
		source: join(installed, "janus", "package"),
		graph: "onnx/gen_img_embeds.onnx",
		input: ["image_ids", "image_odd"],
		create: (path, options) =>
			createJanusGenerator({ id: "made-up", path, encoderPath, ...options }),
	},
];

/** A copy of a package with its graph written anew. */
function damaged({ source, graph }: Drawer, change: (bytes: Buffer) => Buffer): string {
	const path = mkdtempSync(join(tmpdir(), "afterimage-damaged-"));
	onTestFinished(() => rmSync(path, { recursive: true }));
	cpSync(source, path, { recursive: true });
	const file = join(path, ...graph.split("/"));
	writeFileSync(file, change(readFileSync(file)));
	return path;
}

/** The package says of itself that this is how it should be. */
function signed(path: string, graph: string): string {
	const manifest = join(path, "model.json");
	if (!existsSync(manifest)) return path;
	const bytes = readFileSync(join(path, ...graph.split("/")));
	const sum = createHash("sha256").update(bytes).digest("hex");
	const text = readFileSync(manifest, "utf8");
	const known = new RegExp(`("${graph}":\\s*)"[0-9a-f]{64}"`);
	expect(text).toMatch(known);
	writeFileSync(manifest, text.replace(known, `$1"${sum}"`));
	return path;
}

describe.each(drawers)("$name drawing", (drawer) => {
	const started: number[] = [];
	const options: Options = { threads: 1, onStart: (id) => started.push(id) };
	let generator: PictureGenerator;
	let settings: GenerationSettings;

	beforeAll(() => {
		generator = drawer.create(drawer.source, options);
		settings = {
			prompts: [{ text: "a red rose", weight: 1 }],
			seed: 7,
			width: 64,
			height: 64,
			steps: Math.max(2, generator.description.steps.min),
			start: null,
			palette: [],
			mask: null,
		};
	});
	afterAll(() => generator.close());

	async function eventsOf(change: Partial<GenerationSettings> = {}): Promise<GenerationEvent[]> {
		const events: GenerationEvent[] = [];
		for await (const event of generator.generate({ ...settings, ...change })) events.push(event);
		return events;
	}

	async function draw(change: Partial<GenerationSettings> = {}): Promise<GenerationDone> {
		const done = (await eventsOf(change)).at(-1);
		if (done?.kind !== "done") throw new Error("It did not end with a picture.");
		return done;
	}

	async function refusalOf(change: Partial<GenerationSettings>): Promise<Refusal> {
		try {
			await draw(change);
		} catch (error) {
			if (error instanceof Refusal) return error;
			throw error;
		}
		throw new Error("It was not refused.");
	}

	test("steps never go back, the picture has the size asked for, and no process is left", async () => {
		expect(generator.description.backend).toBe(drawer.backend);
		const events = await eventsOf();
		const steps = events.flatMap((event) => (event.kind === "progress" ? [event.step] : []));
		expect(steps[0]).toBe(0);
		expect(steps).toEqual(steps.toSorted((one, other) => one - other));
		const done = events.at(-1);
		if (done?.kind !== "done") throw new Error("It did not end with a picture.");
		expect(done.picture).toMatchObject({ width: 64, height: 64 });
		expect(done.picture.pixels).toHaveLength(64 * 64 * 3);
		expect(done.packages.length).toBeGreaterThan(0);
		expect(started.some(isAlive)).toBe(false);
	});

	test("the same settings give the same bytes, another seed gives others", async () => {
		const { picture } = await draw();
		expect((await draw()).picture.pixels).toEqual(picture.pixels);
		expect((await draw({ seed: 8 })).picture.pixels).not.toEqual(picture.pixels);
	});

	test("cancelling throws the reason and leaves no process", async () => {
		const controller = new AbortController();
		const reason = new Error("changed my mind");
		const many = { ...settings, steps: generator.description.steps.max };
		const drawing = (async () => {
			for await (const event of generator.generate(many, controller)) {
				if (event.kind === "progress" && event.step >= 1) controller.abort(reason);
			}
		})();
		await expect(drawing).rejects.toBe(reason);
		expect(isAlive(started.at(-1) ?? 0)).toBe(false);
	});

	test("a process that is killed is a refusal in plain words, and the next picture is drawn", async () => {
		const many = { ...settings, steps: generator.description.steps.max };
		const killed = (async () => {
			for await (const event of generator.generate(many)) {
				if (event.kind !== "progress" || event.step < 1) continue;
				process.kill(started.at(-1) ?? 0, "SIGKILL");
			}
		})();
		await expect(killed).rejects.toThrow(/ended unexpectedly/);
		expect((await draw()).picture.width).toBe(64);
	});

	test.each<[string, Partial<GenerationSettings>, string]>([
		["no prompt", { prompts: [] }, "prompts"],
		["an empty prompt", { prompts: [{ text: " \n", weight: 1 }] }, "prompts"],
		["10,000 characters", { prompts: [{ text: "a ".repeat(5000), weight: 1 }] }, "prompts"],
		["a width of 100", { width: 100 }, "width"],
		["a height of 4,096", { height: 4096 }, "height"],
		["no steps", { steps: 0 }, "steps"],
		["a seed below zero", { seed: -1 }, "seed"],
	])("%s is refused before a process starts", async (_, change, field) => {
		const before = started.length;
		const refusal = await refusalOf(change);
		expect(refusal).toMatchObject({ code: "GENERATION_NOT_POSSIBLE", detail: { field } });
		expect(started).toHaveLength(before);
	});

	test("too little memory is said before a process starts", async () => {
		const before = started.length;
		const free = vi.spyOn(process, "availableMemory").mockReturnValue(20 * 1024 ** 2);
		onTestFinished(() => free.mockRestore());
		expect((await refusalOf({})).message).toMatch(/needs \d+ MB of memory and 20 MB are free/);
		expect(started).toHaveLength(before);
	});

	test("a start picture that does not decode is refused", async () => {
		const start = { picture: { bytes: new Uint8Array(2000).fill(7) }, strength: 0.5 };
		const refusal = await refusalOf({ start });
		expect(refusal).toMatchObject({ detail: { field: "start" } });
		expect(started.some(isAlive)).toBe(false);
	});

	test("a graph that is cut off or another's is refused by its name, and the whole package draws on", async () => {
		const { picture } = await draw();
		const [from, to] = drawer.input;
		const cutOff = damaged(drawer, (bytes) => bytes.subarray(0, bytes.length / 2));
		const another = damaged(drawer, (bytes) =>
			Buffer.from(bytes.toString("latin1").replaceAll(from, to), "latin1"),
		);
		for (const path of [cutOff, signed(another, drawer.graph)]) {
			const broken = drawer.create(path, options);
			const refusal = await wholeDrawing(broken, settings).catch((error: unknown) => error);
			expect(refusal).toBeInstanceOf(Refusal);
			expect(refusal).toMatchObject({
				code: "MODEL_UNAVAILABLE",
				message: expect.stringContaining(drawer.graph.split("/").at(-1) ?? ""),
			});
			await broken.close();
		}
		expect(started.some(isAlive)).toBe(false);
		expect((await draw()).picture.pixels).toEqual(picture.pixels);
	});
});
