/** Drawing code by code with the bundled model, from outside: events, determinism, candidates, cancelling. */
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createCodeGenerator } from "../../engine/generator/autoregressive/autoregressive-generator.ts";
import { readCodeManifest } from "../../engine/generator/autoregressive/code-package.ts";
import { openFamilies, statusOf } from "../../engine/generator/families.ts";
import type {
	GenerationDone,
	GenerationEvent,
	GenerationSettings,
	SamplingSettings,
} from "../../engine/generator/picture-generator.ts";
import { generatorUnderTest } from "./generator-under-test.ts";
import { models } from "./gradient-fixture.ts";
import { isAlive } from "./whole-drawing.ts";

const packages = {
	encoderPath: join(models, "starter"),
	networkPath: join(models, "sketch-autoregressive"),
	autoencoderPath: join(models, "sketch-autoencoder"),
};
const sampling: SamplingSettings = { temperature: 1, topK: 200, topP: 0.95 };
const settings: GenerationSettings = {
	prompts: [{ text: "a red rose", weight: 1 }],
	seed: 7,
	width: 96,
	height: 64,
	steps: 64,
	start: null,
	palette: [],
	mask: null,
	sampling,
	candidates: 1,
};

const { generator, folder, started, draw, refusalOf } = generatorUnderTest(
	(options) => createCodeGenerator({ ...packages, ...options }),
	settings,
);

test("fills the picture row by row, ends with one of the size asked for, and leaves no process", async () => {
	const events: GenerationEvent[] = [];
	for await (const event of generator.generate(settings)) events.push(event);
	const progress = events.filter((event) => event.kind === "progress");
	expect(progress.map(({ step }) => step)).toEqual([...Array(65).keys()]);
	const previews = progress.flatMap(({ preview }) => preview ?? []);
	expect(previews).toHaveLength(8);
	// What is not drawn yet is one colour all over, but for the edges of the convolutions.
	const [first, last] = [previews[0], previews.at(-1)];
	const lowest = (pixels: Uint8Array) => pixels.slice(-128 * 3 * 40, -128 * 3 * 20);
	const spread = (pixels: Uint8Array) => Math.max(...pixels) - Math.min(...pixels);
	expect(first).toMatchObject({ width: 128, height: 128 });
	expect(spread(lowest(first?.pixels ?? new Uint8Array()))).toBeLessThan(
		spread(lowest(last?.pixels ?? new Uint8Array())),
	);
	const done = events.at(-1);
	if (done?.kind !== "done") throw new Error("No picture.");
	expect(done.picture).toMatchObject({ width: 96, height: 64 });
	expect(done.picture.pixels).toHaveLength(96 * 64 * 3);
	expect(done.packages.map(({ id }) => id)).toEqual([
		"afterimage-starter-1",
		"afterimage-sketch-autoencoder-1",
		"afterimage-sketch-autoregressive-1",
	]);
	expect(started.some(isAlive)).toBe(false);
	expect(generator.needs(settings).seconds).toBeGreaterThan(0);
});

test("the same settings give the same bytes; another seed, prompt, guidance or sampling gives others", async () => {
	const first = (await draw()).picture.pixels;
	expect((await draw()).picture.pixels).toEqual(first);
	expect((await draw({ seed: 8 })).picture.pixels).not.toEqual(first);
	expect((await draw({ guidance: 6 })).picture.pixels).not.toEqual(first);
	expect((await draw({ sampling: { ...sampling, topK: 3 } })).picture.pixels).not.toEqual(first);
	const prompts = [{ text: "a snowy mountain", weight: 1 }];
	expect((await draw({ prompts })).picture.pixels).not.toEqual(first);
});

test("always taking the likeliest, the seed is of no account", async () => {
	const likeliest = { sampling: { ...sampling, temperature: 0 } };
	const one = await draw(likeliest);
	expect((await draw({ ...likeliest, seed: 8 })).picture.pixels).toEqual(one.picture.pixels);
});

test("of several candidates the best is kept, and they are shown side by side", async () => {
	let preview: GenerationEvent | null = null;
	const several = { ...settings, candidates: 4 };
	let best: GenerationDone | null = null;
	for await (const event of generator.generate(several)) {
		if (event.kind === "done") best = event;
		else if (event.preview !== null) preview = event;
	}
	expect(preview).toMatchObject({ preview: { width: 256, height: 256 } });
	const alone = await draw();
	// Judged at the size it is drawn at, and said of the picture that was asked for.
	expect(best?.similarity ?? 0).toBeGreaterThan((alone.similarity ?? 0) - 0.02);
});

test("the prompt decides what is seen, and what to avoid is avoided", async () => {
	const redness = async (prompts: GenerationSettings["prompts"]) => {
		const { pixels } = (await draw({ prompts })).picture;
		const of = (channel: number) =>
			pixels.filter((_, at) => at % 3 === channel).reduce((sum, value) => sum + value, 0);
		return ((of(0) - (of(1) + of(2)) / 2) * 3) / pixels.length;
	};
	const rose = await redness([{ text: "a red rose", weight: 1 }]);
	const forest = await redness([{ text: "a green forest", weight: 1 }]);
	expect(rose).toBeGreaterThan(forest + 30);
	const notRed = await redness([
		{ text: "a flower", weight: 1 },
		{ text: "a red rose", weight: -1 },
	]);
	expect(notRed).toBeLessThan(rose);
});

test.each<[string, Partial<GenerationSettings>, string]>([
	["an empty prompt", { prompts: [{ text: " ", weight: 1 }] }, "prompts"],
	["fewer steps than groups", { steps: 63 }, "steps"],
	["a guidance below 1", { guidance: 0.5 }, "guidance"],
	["a palette", { palette: [[1, 2, 3]] }, "palette"],
	["a negative temperature", { sampling: { ...sampling, temperature: -1 } }, "sampling"],
	[
		"no number for a temperature",
		{ sampling: { ...sampling, temperature: Number.NaN } },
		"sampling",
	],
	["half a likeliest", { sampling: { ...sampling, topK: 1.5 } }, "sampling"],
	["no share", { sampling: { ...sampling, topP: 0 } }, "sampling"],
	["no candidate", { candidates: 0 }, "candidates"],
	["seventeen candidates", { candidates: 17 }, "candidates"],
])("%s is refused before a process starts", async (_, changes, field) => {
	const before = started.length;
	expect(await refusalOf(changes)).toMatchObject({
		code: "GENERATION_NOT_POSSIBLE",
		detail: { field },
	});
	expect(started).toHaveLength(before);
});

test("cancelling ends the process at once and throws the reason", async () => {
	const controller = new AbortController();
	const reason = new Error("changed my mind");
	const drawing = (async () => {
		for await (const event of generator.generate(settings, controller)) {
			if (event.kind === "progress" && event.step === 2) controller.abort(reason);
		}
	})();
	await expect(drawing).rejects.toBe(reason);
	expect(isAlive(started.at(-1) ?? 0)).toBe(false);
});

test("a model made for another encoder is refused by name", async () => {
	const networkPath = join(folder, "foreign");
	mkdirSync(networkPath);
	symlinkSync(join(packages.networkPath, "onnx"), join(networkPath, "onnx"));
	const manifest = { ...readCodeManifest(packages.networkPath), encoder: "another-encoder" };
	writeFileSync(join(networkPath, "model.json"), JSON.stringify(manifest));
	const foreign = createCodeGenerator({ ...packages, networkPath, threads: 1 });
	await expect(draw({}, foreign)).rejects.toThrow(/trained for another-encoder/);
	await foreign.close();
});

test("a damaged manifest takes this family away and no other", () => {
	const resources = join(folder, "resources");
	mkdirSync(join(resources, "models", "sketch-autoregressive"), { recursive: true });
	for (const name of ["starter", "sketch-autoencoder", "layout", "sketch-diffusion"]) {
		symlinkSync(join(models, name), join(resources, "models", name));
	}
	writeFileSync(join(resources, "models", "sketch-autoregressive", "model.json"), "{");
	const [guided, diffusion, autoregressive] = openFamilies(resources, null).map(statusOf);
	expect([guided?.missing, diffusion?.missing]).toEqual([null, null]);
	expect(autoregressive?.missing).toMatch(/model\.json is missing or damaged/);
	const [, , whole] = openFamilies(join(models, ".."), null).map(statusOf);
	expect(whole).toMatchObject({ missing: null, limits: { heeds: { start: false } } });
});
