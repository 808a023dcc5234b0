/** Diffusion with the bundled model from outside: events, determinism, start and mask, cancelling. */
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createSketchGenerator } from "../../engine/generator/diffusion/diffusion-generator.ts";
import { readSketchManifest } from "../../engine/generator/diffusion/sketch-package.ts";
import { openFamilies, statusOf } from "../../engine/generator/families.ts";
import type {
	GenerationEvent,
	GenerationSettings,
} from "../../engine/generator/picture-generator.ts";
import { generatorUnderTest } from "./generator-under-test.ts";
import { models } from "./gradient-fixture.ts";
import { isAlive } from "./whole-drawing.ts";

const packages = {
	encoderPath: join(models, "starter"),
	velocityPath: join(models, "sketch-diffusion"),
	autoencoderPath: join(models, "sketch-autoencoder"),
};
const settings: GenerationSettings = {
	prompts: [{ text: "a red rose", weight: 1 }],
	seed: 7,
	width: 96,
	height: 64,
	steps: 3,
	start: null,
	palette: [],
	mask: null,
	candidates: 1,
};

const { generator, folder, started, draw, refusalOf } = generatorUnderTest(
	(options) => createSketchGenerator({ ...packages, ...options }),
	settings,
);

const meanColour = (pixels: Uint8Array): number[] =>
	[0, 1, 2].map((channel) => {
		const own = pixels.filter((_, at) => at % 3 === channel);
		return own.reduce((sum, value) => sum + value, 0) / own.length;
	});

test("tells each step with a picture so far, ends with one of the size asked for, and leaves no process", async () => {
	const events: GenerationEvent[] = [];
	for await (const event of generator.generate(settings)) events.push(event);
	const progress = events.filter((event) => event.kind === "progress");
	expect(progress.map(({ step }) => step)).toEqual([0, 1, 2, 3]);
	expect(progress.slice(1).every(({ preview }) => preview?.width === 128)).toBe(true);
	const done = events.at(-1);
	if (done?.kind !== "done") throw new Error("No picture.");
	expect(done.picture).toMatchObject({ width: 96, height: 64 });
	expect(done.picture.pixels).toHaveLength(96 * 64 * 3);
	expect(done.packages.map(({ id }) => id)).toEqual([
		"afterimage-starter-1",
		"afterimage-sketch-autoencoder-1",
		"afterimage-sketch-diffusion-1",
	]);
	expect(started.some(isAlive)).toBe(false);
	expect(generator.needs(settings).seconds).toBeGreaterThan(0);
});

test("the same settings give the same bytes; another seed, prompt or guidance gives others", async () => {
	const first = (await draw()).picture.pixels;
	expect((await draw()).picture.pixels).toEqual(first);
	expect((await draw({ seed: 8 })).picture.pixels).not.toEqual(first);
	expect((await draw({ guidance: 6 })).picture.pixels).not.toEqual(first);
	const prompts = [{ text: "a snowy mountain", weight: 1 }];
	expect((await draw({ prompts })).picture.pixels).not.toEqual(first);
});

test("of several candidates the best is kept, the first among them, and they are shown side by side", async () => {
	const previews: number[] = [];
	let best: GenerationEvent | null = null;
	for await (const event of generator.generate({ ...settings, candidates: 4 })) {
		if (event.kind === "done") best = event;
		else if (event.preview !== null) previews.push(event.preview.width);
	}
	expect(previews).toEqual([256, 256, 256]);
	const alone = await draw();
	// Judged at the size it is drawn at, and said of the picture that was asked for.
	expect(best?.similarity ?? 0).toBeGreaterThan((alone.similarity ?? 0) - 0.02);
	const once = generator.needs(settings).seconds ?? 0;
	expect(generator.needs({ ...settings, candidates: 16 }).seconds).toBeGreaterThan(once);
});

test("the prompt decides what is seen, and what to avoid is avoided", async () => {
	const redness = async (prompts: GenerationSettings["prompts"]) => {
		const [red = 0, green = 0, blue = 0] = meanColour(
			(await draw({ prompts, steps: 8 })).picture.pixels,
		);
		return red - (green + blue) / 2;
	};
	const rose = await redness([{ text: "a red rose", weight: 1 }]);
	const forest = await redness([{ text: "a green forest", weight: 1 }]);
	const flower = await redness([{ text: "a flower", weight: 1 }]);
	const notRed = await redness([
		{ text: "a flower", weight: 1 },
		{ text: "a red rose", weight: -1 },
	]);
	expect(rose).toBeGreaterThan(forest + 40);
	expect(notRed).toBeLessThan(flower);
});

describe("with a start picture", () => {
	const blue = Uint8Array.from({ length: 96 * 64 * 3 }, (_, at) => [40, 80, 200][at % 3] ?? 0);
	const picture = { width: 96, height: 64, pixels: blue };

	test("little strength keeps its colours, and full strength forgets them", async () => {
		const difference = (pixels: Uint8Array) =>
			meanColour(pixels).reduce((sum, value, at) => sum + Math.abs(value - (blue[at] ?? 0)), 0);
		const near = difference((await draw({ start: { picture, strength: 0.1 } })).picture.pixels);
		const far = difference((await draw({ start: { picture, strength: 1 } })).picture.pixels);
		expect(near).toBeLessThan(60);
		expect(far).toBeGreaterThan(2 * near);
	});

	test("outside the mask its pixels stay exactly as they were", async () => {
		const mask = Uint8Array.from({ length: 96 * 64 }, (_, at) => (at % 96 < 48 ? 0 : 255));
		const { pixels } = (await draw({ start: { picture, strength: 1 }, mask })).picture;
		const left = (_: number, at: number) => Math.floor(at / 3) % 96 < 48;
		expect(pixels.filter(left)).toEqual(blue.filter(left));
		expect(pixels.filter((_, at) => !left(0, at))).not.toEqual(
			blue.filter((_, at) => !left(0, at)),
		);
	});
});

test.each<[string, Partial<GenerationSettings>, string]>([
	["an empty prompt", { prompts: [{ text: " ", weight: 1 }] }, "prompts"],
	["no steps", { steps: 0 }, "steps"],
	["a guidance below 1", { guidance: 0.5 }, "guidance"],
	["no candidate", { candidates: 0 }, "candidates"],
	["seventeen candidates", { candidates: 17 }, "candidates"],
	["a palette", { palette: [[1, 2, 3]] }, "palette"],
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
		for await (const event of generator.generate({ ...settings, steps: 200 }, controller)) {
			if (event.kind === "progress" && event.step === 2) controller.abort(reason);
		}
	})();
	await expect(drawing).rejects.toBe(reason);
	expect(isAlive(started.at(-1) ?? 0)).toBe(false);
});

test("a model made for another encoder is refused by name", async () => {
	const velocityPath = join(folder, "foreign");
	mkdirSync(velocityPath);
	symlinkSync(join(packages.velocityPath, "onnx"), join(velocityPath, "onnx"));
	const manifest = { ...readSketchManifest(packages.velocityPath), encoder: "another-encoder" };
	writeFileSync(join(velocityPath, "model.json"), JSON.stringify(manifest));
	const foreign = createSketchGenerator({ ...packages, velocityPath, threads: 1 });
	await expect(draw({}, foreign)).rejects.toThrow(/trained for another-encoder/);
	await foreign.close();
});

test("a damaged manifest takes this family away and no other", () => {
	const resources = join(folder, "resources");
	mkdirSync(join(resources, "models", "sketch-diffusion"), { recursive: true });
	for (const name of ["starter", "sketch-autoencoder", "layout"]) {
		symlinkSync(join(models, name), join(resources, "models", name));
	}
	writeFileSync(join(resources, "models", "sketch-diffusion", "model.json"), "{");
	const [guided, diffusion] = openFamilies(resources, null).map(statusOf);
	expect(guided?.missing).toBeNull();
	expect(diffusion?.missing).toMatch(/model\.json is missing or damaged/);
	expect(openFamilies(join(models, ".."), null).map(statusOf)[1]?.missing).toBeNull();
});
