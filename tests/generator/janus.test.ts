/**
 * Installed models in Janus-Pro's layout, against what PyTorch draws with the same weights and random numbers,
 * every token computed anew from all before it (see fixtures/generator/janus).
 */
import {
	cpSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	renameSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { modelIdSchema } from "../../contract/model-package.ts";
import type { AutoregressiveJob } from "../../engine/generator/autoregressive/autoregressive-job.ts";
import { drawAutoregressive } from "../../engine/generator/autoregressive/draw-autoregressive.ts";
import { createJanusGenerator } from "../../engine/generator/autoregressive/janus/janus-generator.ts";
import { embedWords } from "../../engine/generator/autoregressive/janus/janus-graphs.ts";
import {
	checkJanusGraphs,
	readJanusPackage,
} from "../../engine/generator/autoregressive/janus/janus-package.ts";
import { PreviewShare } from "../../engine/generator/autoregressive/janus/preview-share.ts";
import { openPromptReader } from "../../engine/generator/autoregressive/janus/prompt-tokens.ts";
import { openTokenStream } from "../../engine/generator/autoregressive/janus/token-stream.ts";
import { openFamilies, statusOf } from "../../engine/generator/families.ts";
import type {
	GenerationEvent,
	GenerationSettings,
	RgbPicture,
} from "../../engine/generator/picture-generator.ts";
import { models } from "./gradient-fixture.ts";
import { isAlive, wholeDrawing } from "./whole-drawing.ts";

const fixtures = join(import.meta.dirname, "..", "fixtures", "generator", "janus");
const numbers = z.array(z.number());
const drawnSchema = z.object({ tokens: numbers, pixels: numbers });
const expected = z
	.object({
		tokens: z.record(z.string(), numbers),
		logits: z.object({ wanted: numbers, free: numbers, third: numbers }),
		drawings: z.object({
			plain: drawnSchema,
			second: drawnSchema,
			likeliest: drawnSchema,
			unguided: drawnSchema,
			narrow: drawnSchema,
			several: drawnSchema,
		}),
	})
	.parse(JSON.parse(readFileSync(join(fixtures, "expected.json"), "utf8")));

const encoderPath = join(models, "starter");
const prompt = { text: "a red rose in the garden", weight: 1 };
const vocabulary = 24;
let folder = "";

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "afterimage-janus-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A copy with one form of the language model. */
function packageWith(name: string, form: "" | "_q4" | "_q4f16" = ""): string {
	const path = join(folder, name);
	cpSync(join(fixtures, "package"), path, {
		recursive: true,
		filter: (source) =>
			!/language_model/.test(source) || source.endsWith(`language_model${form}.onnx`),
	});
	return path;
}

const job = (path: string, changes: Partial<AutoregressiveJob> = {}): AutoregressiveJob => ({
	family: "autoregressive",
	prompts: [prompt],
	seed: 7,
	width: 64,
	height: 64,
	steps: 16,
	start: null,
	palette: [],
	mask: null,
	finish: "smooth",
	threads: 1,
	guidance: 5,
	sampling: { temperature: 1, topK: vocabulary, topP: 1 },
	candidates: 1,
	model: { kind: "janus", path, id: "made-up", version: "1" },
	encoderPath,
	...changes,
});

async function eventsOf(wanted: AutoregressiveJob): Promise<GenerationEvent[]> {
	const events: GenerationEvent[] = [];
	for await (const event of drawAutoregressive(wanted)) events.push(event);
	return events;
}

async function draw(wanted: AutoregressiveJob): Promise<RgbPicture> {
	const last = (await eventsOf(wanted)).at(-1);
	if (last?.kind !== "done") throw new Error("The drawing did not end with a picture.");
	return last.picture;
}

/** 16 x 16, as the fixture tells pictures. */
function reduced({ width, pixels }: RgbPicture): number[] {
	return Array.from({ length: 16 * 16 * 3 }, (_, at) => {
		const column = (Math.floor(at / 3) % 16) * 4;
		const row = Math.floor(at / 48) * 4;
		let sum = 0;
		for (let place = 0; place < 16; place++) {
			const pixel = (row + Math.floor(place / 4)) * width + column + (place % 4);
			sum += pixels[pixel * 3 + (at % 3)] ?? 0;
		}
		return sum / 16;
	});
}

const differenceOf = (picture: RgbPicture, wanted: readonly number[]): number =>
	Math.max(...reduced(picture).map((value, at) => Math.abs(value - (wanted[at] ?? -255))));

test("words become the tokens that the reference gives, each in its place of the request", () => {
	const reader = openPromptReader(readJanusPackage(packageWith("tokens")));
	for (const [text, ids] of Object.entries(expected.tokens)) {
		expect(reader.read(` ${text}\n`)).toEqual({ ids, shortened: false });
	}
	const [begin, ...rest] = expected.tokens[prompt.text] ?? [];
	const without = reader.without(rest.length + 1);
	expect([without.at(0), without.at(-1)]).toEqual([begin, rest.at(-1)]);
	expect(new Set(without.slice(1, -1)).size).toBe(1);
	const long = reader.read("rose ".repeat(900));
	expect(long.shortened).toBe(true);
	expect(long.ids).toHaveLength(496);
	expect(long.ids.slice(-5)).toEqual(expected.tokens[prompt.text]?.slice(-5));
});

test.each(["", "_q4f16"] as const)(
	"the logits are those of the whole sequence, through what is kept (%s)",
	async (form) => {
		const modelPackage = readJanusPackage(packageWith(`logits${form}`, form));
		const reader = openPromptReader(modelPackage);
		const { ids } = reader.read(prompt.text);
		const short = reader.read("snow").ids;
		const requests = await embedWords(modelPackage, [ids, reader.without(ids.length), short], 1);
		const stream = await openTokenStream(modelPackage, 1);
		const begun = await stream.begin(requests);
		const exact = form === "" ? 4 : 2;
		const expectNear = (logits: Float32Array | undefined, wanted: readonly number[]) => {
			expect(logits).toHaveLength(vocabulary);
			for (const [at, value] of wanted.entries()) expect(logits?.[at]).toBeCloseTo(value, exact);
		};
		expectNear(begun.logits[0], expected.logits.wanted);
		expectNear(begun.logits[1], expected.logits.free);
		// A request that is padded for its longer neighbours says what it says alone.
		const alone = await openTokenStream(modelPackage, 1);
		const [itself] = (await alone.begin(requests.slice(2))).logits;
		expectNear(begun.logits[2], [...(itself ?? [])]);
		const [first = 0, second = 0] = expected.drawings.plain.tokens;
		// Going on twice from one place: nothing of it is written over.
		await stream.next(begun, second);
		const state = await stream.next(await stream.next(begun, first), second);
		expectNear(state.logits[0], expected.logits.third);
		await Promise.all([stream.close(), alone.close()]);
	},
);

describe("a model of Janus-Pro's shape draws what PyTorch draws", () => {
	const several = [prompt, { text: "snow", weight: 0.5 }, { text: "a dog", weight: -0.5 }];
	test.each<[string, keyof typeof expected.drawings, Partial<AutoregressiveJob>]>([
		["by lot, led by the words", "plain", {}],
		["always the likeliest", "likeliest", { sampling: { temperature: 0, topK: 24, topP: 1 } }],
		["without guidance", "unguided", { guidance: 1 }],
		[
			"among the likeliest few only",
			"narrow",
			{ guidance: 3, sampling: { temperature: 0.7, topK: 6, topP: 0.8 } },
		],
		["from several prompts, one to be avoided", "several", { guidance: 4, prompts: several }],
	])("%s", async (_, name, changes) => {
		const wanted = expected.drawings[name].pixels;
		const picture = await draw(job(packageWith(name), changes));
		expect(differenceOf(picture, wanted)).toBeLessThan(2);
		// A picture, not a plain ground that anything would match.
		expect(Math.max(...wanted) - Math.min(...wanted)).toBeGreaterThan(100);
	});

	test("a second candidate has random numbers of its own; the one that fits better is kept", async () => {
		const path = packageWith("candidates");
		const alone = await draw(job(path));
		const both = await draw(job(path, { candidates: 2 }));
		const { plain, second } = expected.drawings;
		const differences = [plain, second].map(({ pixels }) => differenceOf(both, pixels));
		expect(Math.min(...differences)).toBeLessThan(2);
		expect(differenceOf(alone, plain.pixels)).toBeLessThan(2);
		expect(differenceOf(alone, second.pixels)).toBeGreaterThan(20);
	});
});

test("weights of four bits are taken before exact ones, and draw as well", async () => {
	const path = packageWith("four-bits", "_q4");
	cpSync(join(fixtures, "package", "onnx"), join(path, "onnx"), { recursive: true });
	expect(readJanusPackage(path).graphs.languageModel).toMatch(/language_model_q4\.onnx$/);
	const small = await draw(job(path));
	expect(small).toMatchObject({ width: 64, height: 64 });
	rmSync(join(path, "onnx", "language_model_q4.onnx"));
	expect(readJanusPackage(path).graphs.languageModel).toMatch(/language_model\.onnx$/);
	expect(await draw(job(path))).not.toEqual(small);
});

test("row by row the picture fills, candidates side by side, grey where nothing is yet", async () => {
	const events = await eventsOf(job(packageWith("rows"), { candidates: 2 }));
	const progress = events.filter((event) => event.kind === "progress");
	const steps = progress.map(({ step }) => step);
	expect(steps).toEqual(steps.toSorted((one, other) => one - other));
	expect(new Set(steps)).toEqual(new Set(Array.from({ length: 17 }, (_, at) => at)));
	const [first] = progress.flatMap(({ preview }) => preview ?? []);
	expect(first).toMatchObject({ width: 128, height: 64 });
	const row = (at: number) => [...(first?.pixels.slice(at * 128 * 3, (at + 1) * 128 * 3) ?? [])];
	const isGrey = (values: number[]) => values.every((value) => value === 128);
	expect(isGrey(row(15).slice(0, 64 * 3))).toBe(false);
	expect(isGrey(row(15).slice(64 * 3))).toBe(true);
	expect(isGrey(row(16))).toBe(true);
});

test("previews keep to their share of the time", async () => {
	let now = 0;
	const previews = new PreviewShare(() => now);
	expect(previews.isDue()).toBe(true);
	await previews.of(async () => {
		now += 300;
	});
	expect(previews.isDue()).toBe(false);
	now = 2001;
	expect(previews.isDue()).toBe(true);
});

/** As installing writes it. */
function installed(name: string, source = packageWith(`source-${name}`)): string {
	const modelsPath = join(folder, `models-${name}`);
	const path = join(modelsPath, name);
	mkdirSync(modelsPath);
	renameSync(source, path);
	const record = {
		...{ format: 1, id: name, kind: "generator", title: "Made up", licence: null },
		...{ origin: "folder", revision: null, installedAtMs: 1, sizeBytes: 1, sha256: {} },
	};
	writeFileSync(join(path, "installed.json"), JSON.stringify(record));
	return modelsPath;
}

const settings: GenerationSettings = {
	...{ prompts: [prompt], seed: 7, width: 64, height: 64, steps: 16 },
	...{ start: null, palette: [], mask: null },
};

test("an installed one is offered by its family with what can be asked of it, and draws in a process that ends", async () => {
	const families = openFamilies(join(models, ".."), installed("made-up"));
	const family = families.find((one) => one.family === "autoregressive");
	if (family === undefined) throw new Error("No such family.");
	expect(families.find((one) => one.family === "diffusion")?.packages.list()).toEqual([]);
	const [offered] = statusOf(family).packages;
	expect(offered).toMatchObject({
		id: modelIdSchema.parse("made-up"),
		limits: {
			size: { width: 64, height: 64 },
			steps: { default: 16, min: 16, max: 16 },
			guidance: { default: 5 },
			heeds: { start: false, mask: false, negativePrompts: true },
			sampling: { topK: { default: 24, max: 24 } },
			candidates: { default: 1 },
		},
	});
	const [own] = family.packages.list();
	if (own === undefined) throw new Error("It is not offered.");
	const done = await wholeDrawing(own.generator, settings);
	expect(differenceOf(done.picture, expected.drawings.plain.pixels)).toBeLessThan(2);
	expect(done.packages.map(({ id }) => id)).toEqual(["made-up", "afterimage-starter-1"]);
	const once = own.generator.needs(settings);
	const several = { ...settings, candidates: 4 };
	expect(own.generator.needs(several).seconds).toBeGreaterThan(once.seconds ?? 0);
	await family.packages.close();
});

test("cancelling ends its process, and the next picture is drawn", async () => {
	const started: number[] = [];
	const generator = createJanusGenerator({
		...{ id: "made-up", path: packageWith("cancelled"), encoderPath, threads: 1 },
		onStart: (id) => started.push(id),
	});
	const controller = new AbortController();
	const reason = new Error("changed my mind");
	const drawing = (async () => {
		for await (const event of generator.generate(settings, controller)) {
			if (event.kind === "progress" && event.step === 2) controller.abort(reason);
		}
	})();
	await expect(drawing).rejects.toBe(reason);
	expect(started.some(isAlive)).toBe(false);
	const avoiding = { ...settings, guidance: 1, prompts: [prompt, { text: "a dog", weight: -1 }] };
	await expect(wholeDrawing(generator, avoiding)).rejects.toThrow(/Without guidance/);
	expect(started).toHaveLength(1);
	expect((await wholeDrawing(generator, settings)).picture.width).toBe(64);
	await generator.close();
});

describe("what is not whole is refused by name", () => {
	const changed = (name: string, change: (path: string) => void): string => {
		const path = packageWith(`broken-${name}`);
		change(path);
		return path;
	};
	const edit = (path: string, file: string, values: Record<string, unknown>) => {
		const before = z
			.record(z.string(), z.unknown())
			.parse(JSON.parse(readFileSync(join(path, file), "utf8")));
		writeFileSync(join(path, file), JSON.stringify({ ...before, ...values }));
	};

	test.each<[string, (path: string) => void, RegExp]>([
		["no-config", (path) => rmSync(join(path, "config.json")), /config\.json: it is missing/],
		[
			"half-a-json",
			(path) => writeFileSync(join(path, "generation_config.json"), "{"),
			/generation_config\.json: it is damaged/,
		],
		[
			"another-model",
			(path) => edit(path, "config.json", { model_type: "llava" }),
			/config\.json: its model_type/,
		],
		[
			"no-square",
			(path) => edit(path, "generation_config.json", { num_image_tokens: 15 }),
			/generation_config\.json: 15 image tokens make no square/,
		],
		[
			"no-padding",
			(path) => edit(path, "generation_config.json", { pad_token_id: null }),
			/generation_config\.json: its pad_token_id/,
		],
		[
			"no-tokenizer",
			(path) => rmSync(join(path, "tokenizer.json")),
			/tokenizer\.json: it is missing/,
		],
		[
			"no-head",
			(path) => {
				rmSync(join(path, "onnx", "gen_head.onnx"));
				rmSync(join(path, "onnx", "image_decode.onnx"));
			},
			/gen_head\.onnx: it is missing in every precision.*so is image_decode\.onnx/,
		],
	])("%s", (name, change, message) => {
		const path = changed(name, change);
		expect(() => readJanusPackage(path)).toThrow(message);
		const families = openFamilies(join(models, ".."), installed(`broken-${name}`, path));
		expect(families.flatMap(({ packages }) => packages.list())).toEqual([]);
	});

	test("a graph that is another's, before anything is opened", async () => {
		const path = changed("mixed-up", (at) =>
			cpSync(join(at, "onnx", "gen_head.onnx"), join(at, "onnx", "image_decode.onnx")),
		);
		await expect(checkJanusGraphs(readJanusPackage(path))).rejects.toThrow(
			/image_decode\.onnx: it has no input generated_tokens; it has last_hidden_state/,
		);
		await expect(draw(job(path))).rejects.toThrow(/image_decode\.onnx: it has no input/);
	});

	test("a request for a picture mark that the tokenizer lacks", async () => {
		const path = changed("no-mark", (at) =>
			edit(at, "processor_config.json", { image_start_tag: "<picture>" }),
		);
		await expect(draw(job(path))).rejects.toThrow(/tokenizer\.json: it has no token <picture>/);
	});
});
