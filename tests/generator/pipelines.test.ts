/**
 * Installed models in Stable Diffusion's layout, against what PyTorch draws with the same weights and noise
 * (see fixtures/generator/pipelines).
 */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { modelIdSchema } from "../../contract/model-package.ts";
import type { DiffusionJob } from "../../engine/generator/diffusion/diffusion-job.ts";
import { drawDiffusion } from "../../engine/generator/diffusion/draw-diffusion.ts";
import { openClipTokenizer } from "../../engine/generator/diffusion/pipeline/clip-tokens.ts";
import { embeddedGuidance } from "../../engine/generator/diffusion/pipeline/guesses.ts";
import { createPipelineGenerator } from "../../engine/generator/diffusion/pipeline/pipeline-generator.ts";
import {
	defaultsOf,
	readPipelinePackage,
} from "../../engine/generator/diffusion/pipeline/pipeline-package.ts";
import { schedulerFor } from "../../engine/generator/diffusion/schedulers/choose-scheduler.ts";
import { openFamilies, statusOf } from "../../engine/generator/families.ts";
import type { GenerationEvent, RgbPicture } from "../../engine/generator/picture-generator.ts";
import { models } from "./gradient-fixture.ts";

const fixtures = join(import.meta.dirname, "..", "fixtures", "generator", "pipelines");
const pixels = z.array(z.number());
const { classic, large } = z
	.object({
		classic: z.object({
			tokens: z.record(z.string(), pixels),
			start: pixels,
			ddim: pixels,
			euler: pixels,
			dpm: pixels,
			lcm: pixels,
			avoided: pixels,
			fromPicture: pixels,
			half: pixels,
		}),
		large: z.object({ euler: pixels }),
	})
	.parse(JSON.parse(readFileSync(join(fixtures, "expected.json"), "utf8")));

const prompt = { text: "a red rose in the garden", weight: 1 };
let folder = "";

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "afterimage-pipelines-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A copy with another scheduler or network in its place. */
function packageWith(name: string, { scheduler = "ddim", unet = "model" } = {}): string {
	const path = join(folder, name);
	cpSync(join(fixtures, "classic"), path, { recursive: true });
	const settings = join(path, "scheduler");
	cpSync(join(settings, `${scheduler}.json`), join(settings, "scheduler_config.json"));
	cpSync(join(fixtures, "classic", "unet", `${unet}.onnx`), join(path, "unet", "model.onnx"));
	return path;
}

const job = (path: string, changes: Partial<DiffusionJob> = {}): DiffusionJob => ({
	family: "diffusion",
	prompts: [prompt],
	seed: 7,
	width: 64,
	height: 64,
	steps: 4,
	start: null,
	palette: [],
	mask: null,
	finish: "smooth",
	threads: 1,
	guidance: 5,
	model: { kind: "pipeline", path, id: "made-up", version: "1" },
	encoderPath: join(models, "starter"),
	...changes,
});

async function draw(wanted: DiffusionJob): Promise<RgbPicture> {
	let last: GenerationEvent | null = null;
	for await (const event of drawDiffusion(wanted)) last = event;
	if (last?.kind !== "done") throw new Error("The drawing did not end with a picture.");
	return last.picture;
}

/** 16 x 16, as the fixture tells pictures. */
function reduced({ width, pixels: values }: RgbPicture): number[] {
	return Array.from({ length: 16 * 16 * 3 }, (_, at) => {
		const channel = at % 3;
		const column = (Math.floor(at / 3) % 16) * 4;
		const row = Math.floor(at / 48) * 4;
		let sum = 0;
		for (let place = 0; place < 16; place++) {
			const pixel = (row + Math.floor(place / 4)) * width + column + (place % 4);
			sum += values[pixel * 3 + channel] ?? 0;
		}
		return sum / 16;
	});
}

function expectPicture(picture: RgbPicture, wanted: readonly number[]): void {
	const off = reduced(picture).map((value, at) => Math.abs(value - (wanted[at] ?? -255)));
	expect(Math.max(...off)).toBeLessThan(2);
	// A picture, not a plain ground that anything would match.
	expect(Math.max(...wanted) - Math.min(...wanted)).toBeGreaterThan(8);
}

test("words become the tokens that the reference gives, from the files of the older form", () => {
	const tokensOf = openClipTokenizer(join(fixtures, "classic", "tokenizer"));
	for (const [text, ids] of Object.entries(classic.tokens)) {
		expect(tokensOf(text)).toEqual({ ids, shortened: false });
	}
	const long = tokensOf("rose ".repeat(200));
	expect(long.shortened).toBe(true);
	expect(long.ids).toHaveLength(77);
});

describe("a model of Stable Diffusion's shape draws what PyTorch draws", () => {
	test.each(["ddim", "euler", "dpm"] as const)("by %s", async (scheduler) => {
		const path = packageWith(scheduler, { scheduler });
		expectPicture(await draw(job(path)), classic[scheduler]);
	});

	test("by LCM, with noise added anew between steps", async () => {
		const path = packageWith("lcm", { scheduler: "lcm" });
		expectPicture(await draw(job(path, { guidance: 1 })), classic.lcm);
	});

	test("with something to avoid, half by its weight", async () => {
		const prompts = [prompt, { text: "a dog", weight: -0.5 }];
		expectPicture(await draw(job(packageWith("avoided"), { prompts })), classic.avoided);
	});

	test("through a network that takes and gives float16", async () => {
		expectPicture(await draw(job(packageWith("half", { unet: "half" }))), classic.half);
	});

	test("beginning with a picture", async () => {
		const path = packageWith("from-picture", { scheduler: "euler" });
		const start = { picture: slope(), strength: 0.6 };
		expectPicture(await draw(job(path, { start, steps: 3 })), classic.fromPicture);
	});
});

/** Dark on the left, light on the right. */
function slope(): RgbPicture {
	const values = Uint8Array.from({ length: 64 * 64 * 3 }, (_, at) =>
		Math.round(((Math.floor(at / 3) % 64) / 63) * 255),
	);
	return { width: 64, height: 64, pixels: values };
}

test("a model of the large shape draws what PyTorch draws", async () => {
	expectPicture(await draw(job(join(fixtures, "large"))), large.euler);
});

test.each(["ddim", "euler", "dpm", "lcm"])(
	"outside the mask the start picture stays to the byte, and what is drawn beside it heeds it: %s",
	async (scheduler) => {
		const path = packageWith(`masked-${scheduler}`, { scheduler });
		const start = { picture: slope(), strength: 1 };
		const mask = Uint8Array.from({ length: 64 * 64 }, (_, at) => (at % 64 < 32 ? 0 : 255));
		const { pixels } = await draw(job(path, { start, mask }));
		const kept = (_: number, at: number) => Math.floor(at / 3) % 64 < 32;
		const beyondEdge = (_: number, at: number) => Math.floor(at / 3) % 64 > 34;
		expect(pixels.filter(kept)).toEqual(start.picture.pixels.filter(kept));
		expect(pixels.filter(beyondEdge)).not.toEqual(start.picture.pixels.filter(beyondEdge));
		const everywhere = await draw(job(path, { start }));
		expect(pixels.filter(beyondEdge)).not.toEqual(everywhere.pixels.filter(beyondEdge));
	},
);

test("after the last step what is kept is the start picture's own latents, without noise", () => {
	const kept = Float32Array.from([0.3, -1.2, 2]);
	const noise = Float32Array.from([1, -1, 0.5]);
	for (const name of ["ddim", "euler", "dpm", "lcm"]) {
		const { scheduler: config } = readPipelinePackage(
			packageWith(`ends-${name}`, { scheduler: name }),
		);
		const scheduler = schedulerFor(config, 4);
		const ended = scheduler.noised(kept, noise, scheduler.timesteps.length);
		for (const [at, value] of ended.entries()) expect(value).toBeCloseTo(kept[at] ?? 0, 5);
	}
});

describe("an installed package", () => {
	/** As installing writes it. */
	function installed(name: string): string {
		const modelsPath = join(folder, `models-${name}`);
		const path = join(modelsPath, name);
		mkdirSync(modelsPath);
		cpSync(packageWith(`source-${name}`), path, { recursive: true });
		const record = {
			format: 1,
			id: name,
			kind: "generator",
			title: "Made up",
			licence: null,
			origin: "folder",
			revision: null,
			installedAtMs: 1,
			sizeBytes: 1,
			sha256: {},
		};
		writeFileSync(join(path, "installed.json"), JSON.stringify(record));
		return modelsPath;
	}

	test("is offered by its family with what can be asked of it, and draws in a process of its own", async () => {
		const modelsPath = installed("made-up");
		const families = openFamilies(join(models, ".."), modelsPath);
		const diffusion = families.find(({ family }) => family === "diffusion");
		if (diffusion === undefined) throw new Error("No diffusion.");
		const [offered] = statusOf(diffusion).packages;
		expect(offered).toMatchObject({ id: modelIdSchema.parse("made-up"), title: "Made up" });
		expect(offered?.limits).toMatchObject({
			size: { width: 64, height: 64 },
			steps: { default: 25 },
			guidance: { default: 7.5 },
			heeds: { start: true, mask: true },
		});
		const [own] = diffusion.packages.list();
		const settings = { seed: 7, width: 64, height: 64, steps: 4, start: null, palette: [] };
		const events: GenerationEvent[] = [];
		for await (const event of own?.generator.generate({
			...settings,
			prompts: [prompt],
			mask: null,
			guidance: 5,
		}) ?? []) {
			events.push(event);
		}
		const done = events.at(-1);
		if (done?.kind !== "done") throw new Error("No picture.");
		expectPicture(done.picture, classic.ddim);
		expect(done.packages.map(({ id }) => id)).toEqual(["made-up", "afterimage-starter-1"]);
		await diffusion.packages.close();
	});

	test("that is not whole is not offered, and the reason names the file", () => {
		const modelsPath = installed("torn");
		const unet = join(modelsPath, "torn", "unet", "model.onnx");
		rmSync(unet);
		const families = openFamilies(join(models, ".."), modelsPath);
		expect(families.flatMap(({ packages }) => packages.list())).toEqual([]);
		expect(() => readPipelinePackage(join(modelsPath, "torn"))).toThrow(
			/unet.model\.onnx.*missing/,
		);
	});
});

test("without guidance nothing can be avoided, and that is said", async () => {
	const path = packageWith("turbo");
	const generator = createPipelineGenerator({
		id: "sd-turbo",
		title: "SD-Turbo",
		path,
		encoderPath: join(models, "starter"),
	});
	expect(generator.description.steps.default).toBe(1);
	const drawing = generator.generate({
		prompts: [prompt, { text: "a dog", weight: -1 }],
		seed: 1,
		width: 64,
		height: 64,
		steps: 1,
		start: null,
		palette: [],
		mask: null,
	});
	await expect(drawing[Symbol.asyncIterator]().next()).rejects.toThrow(/Without guidance/);
	await generator.close();
});

test("a consistency model draws in four steps; guidance it was taught is told as sines", () => {
	const modelPackage = readPipelinePackage(packageWith("few", { scheduler: "lcm" }));
	expect(defaultsOf(modelPackage, "LCM")).toEqual({ steps: 4, stepsMax: 50, guidance: 1 });
	const taught = { ...modelPackage, guidanceEmbedding: 256 };
	expect(defaultsOf(taught, "LCM").guidance).toBe(8);
	const told = [Math.sin(7000), Math.sin(0.7), Math.cos(7000), Math.cos(0.7)];
	for (const [at, value] of embeddedGuidance(7, 4).entries()) {
		expect(value).toBeCloseTo(told[at] ?? 2, 4);
	}
});
