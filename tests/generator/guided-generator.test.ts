/** The guided backend from outside: events, determinism, cancelling, refusals, and processes that die. */
import { createHash } from "node:crypto";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { Refusal } from "../../contract/errors.ts";
import { loadModelPackage } from "../../engine/encoder/model-package.ts";
import { writeOnnx } from "../../engine/generator/gradient/write-onnx.ts";
import { encoderAbilities } from "../../engine/generator/guided/encoder-abilities.ts";
import { createGuidedGenerator } from "../../engine/generator/guided/guided-generator.ts";
import type {
	GenerationEvent,
	GenerationSettings,
} from "../../engine/generator/picture-generator.ts";
import { generatorUnderTest } from "./generator-under-test.ts";
import { models, readModel } from "./gradient-fixture.ts";
import { isAlive } from "./whole-drawing.ts";

const packages = {
	encoderPath: join(models, "starter"),
	autoencoderPath: join(models, "sketch-autoencoder"),
	layoutPath: join(models, "layout"),
};
const settings: GenerationSettings = {
	prompts: [{ text: "a sunset over the sea", weight: 1 }],
	seed: 7,
	width: 96,
	height: 64,
	steps: 2,
	start: null,
	palette: [],
	mask: null,
};

const { generator, folder, started, draw, refusalOf } = generatorUnderTest(
	(options) => createGuidedGenerator({ ...packages, ...options }),
	settings,
);

test("tells each step, ends with a picture of the size asked for, and leaves no process", async () => {
	const events: GenerationEvent[] = [];
	for await (const event of generator.generate({ ...settings, steps: 4 })) events.push(event);
	const steps = events.flatMap((event) => (event.kind === "progress" ? [event.step] : []));
	expect(steps).toEqual([0, 1, 2, 3, 4]);
	expect(events.some((event) => event.kind === "progress" && event.preview !== null)).toBe(true);
	const done = events.at(-1);
	if (done?.kind !== "done") throw new Error("No picture.");
	expect(done.picture).toMatchObject({ width: 96, height: 64 });
	expect(done.picture.pixels).toHaveLength(96 * 64 * 3);
	expect(done.packages.map(({ id }) => id)).toEqual([
		"afterimage-starter-1",
		"afterimage-sketch-autoencoder-1",
	]);
	expect(started.some(isAlive)).toBe(false);
	expect(generator.needs(settings).seconds).toBeGreaterThan(0);
});

test("the same settings give the same bytes, another seed gives others", async () => {
	const first = await draw();
	expect((await draw()).picture.pixels).toEqual(first.picture.pixels);
	expect((await draw({ seed: 8 })).picture.pixels).not.toEqual(first.picture.pixels);
});

test("each step brings it nearer to the prompt", async () => {
	const similarity: number[] = [];
	const guided = { canvas: "strokes" as const };
	for await (const event of generator.generate({ ...settings, steps: 8, guided })) {
		if (event.kind === "progress" && event.similarity !== null) similarity.push(event.similarity);
	}
	expect(similarity.at(-1) ?? 0).toBeGreaterThan((similarity[0] ?? 0) + 0.03);
});

test.each(["pyramid", "fourier"] as const)(
	"the %s canvas draws, and is painted over",
	async (canvas) => {
		const { picture } = await draw({ steps: 1, finish: "painted", guided: { canvas } });
		expect(new Set(picture.pixels).size).toBeGreaterThan(20);
	},
);

describe("with a start picture", () => {
	const colour = (pixels: Uint8Array): number[] =>
		[0, 1, 2].map((channel) => {
			const own = pixels.filter((_, at) => at % 3 === channel);
			return own.reduce((sum, value) => sum + value, 0) / own.length;
		});

	test("a file is decoded, and little strength keeps its colours", async () => {
		const bytes = await sharp({
			create: { width: 90, height: 70, channels: 3, background: "#208040" },
		})
			.png()
			.toBuffer();
		const { picture } = await draw({ start: { picture: { bytes }, strength: 0.1 } });
		const [red = 0, green = 0, blue = 0] = colour(picture.pixels);
		expect(Math.abs(red - 0x20) + Math.abs(green - 0x80) + Math.abs(blue - 0x40)).toBeLessThan(60);
	});

	test("outside the mask its pixels stay exactly as they were", async () => {
		const start = { width: 96, height: 64, pixels: new Uint8Array(96 * 64 * 3).fill(90) };
		const mask = Uint8Array.from({ length: 96 * 64 }, (_, at) => (at % 96 < 48 ? 0 : 255));
		const { picture } = await draw({ start: { picture: start, strength: 1 }, mask });
		const left = picture.pixels.filter((_, at) => Math.floor(at / 3) % 96 < 48);
		const right = picture.pixels.filter((_, at) => Math.floor(at / 3) % 96 >= 48);
		expect(left.every((value) => value === 90)).toBe(true);
		expect(right.some((value) => value !== 90)).toBe(true);
	});

	test("a file that is no picture is refused", async () => {
		const bytes = new Uint8Array(2000).fill(7);
		const refusal = await refusalOf({ start: { picture: { bytes }, strength: 0.5 } });
		expect(refusal.code).toBe("IMAGE_UNREADABLE");
		expect(refusal.detail.field).toBe("start");
	});
});

test("a palette, several prompts and one to avoid are heeded", async () => {
	const prompts = [
		{ text: "a sunset over the sea", weight: 1 },
		{ text: "clouds", weight: 0.5 },
		{ text: "a city", weight: -0.5 },
	];
	const { similarity, picture } = await draw({ prompts, palette: [[0, 0, 0]] });
	expect(similarity).toBeGreaterThan(-1);
	const dark = picture.pixels.reduce((sum, value) => sum + value, 0) / picture.pixels.length;
	expect(dark).toBeLessThan(110);
});

test.each<[string, Partial<GenerationSettings>, string]>([
	["no prompt", { prompts: [] }, "prompts"],
	["an empty prompt", { prompts: [{ text: " \n", weight: 1 }] }, "prompts"],
	[
		"a prompt of 10,000 characters",
		{ prompts: [{ text: "a ".repeat(5000), weight: 1 }] },
		"prompts",
	],
	["only what to avoid", { prompts: [{ text: "a dog", weight: -1 }] }, "prompts"],
	["a weight that is no number", { prompts: [{ text: "a dog", weight: Number.NaN }] }, "prompts"],
	["a width of 63", { width: 63 }, "width"],
	["a width of 100", { width: 100 }, "width"],
	["a height of 4,096", { height: 4096 }, "height"],
	["no steps", { steps: 0 }, "steps"],
	["a seed below zero", { seed: -1 }, "seed"],
	["a mask without a start", { mask: new Uint8Array(96 * 64) }, "mask"],
	[
		"pixels that are missing",
		{ start: { picture: { width: 9, height: 9, pixels: new Uint8Array(9) }, strength: 1 } },
		"start",
	],
	["a colour beyond white", { palette: [[0, 0, 256]] }, "palette"],
])("%s is refused before a process starts", async (_, changes, field) => {
	const before = started.length;
	const refusal = await refusalOf(changes);
	expect(refusal.code).toBe("GENERATION_NOT_POSSIBLE");
	expect(refusal.detail.field).toBe(field);
	expect(started).toHaveLength(before);
});

test("cancelling ends the process at once and throws the reason", async () => {
	const controller = new AbortController();
	const reason = new Error("changed my mind");
	const drawing = (async () => {
		for await (const event of generator.generate({ ...settings, steps: 2000 }, controller)) {
			if (event.kind === "progress" && event.step === 2) controller.abort(reason);
		}
	})();
	await expect(drawing).rejects.toBe(reason);
	expect(isAlive(started.at(-1) ?? 0)).toBe(false);
});

test("leaving the loop ends the process too", async () => {
	for await (const event of generator.generate({ ...settings, steps: 2000 })) {
		if (event.kind === "progress" && event.step === 1) break;
	}
	expect(isAlive(started.at(-1) ?? 0)).toBe(false);
});

test("a process that is killed is a refusal in plain words, and the next picture is drawn", async () => {
	const killed = (async () => {
		for await (const event of generator.generate({ ...settings, steps: 2000 })) {
			if (event.kind === "progress" && event.step === 1)
				process.kill(started.at(-1) ?? 0, "SIGKILL");
		}
	})();
	await expect(killed).rejects.toThrow(/ended unexpectedly/);
	expect((await draw()).picture.width).toBe(96);
});

test("a process that talks nonsense is a refusal", async () => {
	const module = join(folder, "nonsense.mjs");
	writeFileSync(module, 'process.on("message", () => process.send({ kind: "poem" }));\n');
	const broken = createGuidedGenerator({ ...packages, childModule: pathToFileURL(module) });
	const iteration = broken.generate(settings)[Symbol.asyncIterator]();
	await expect(iteration.next()).rejects.toThrow(Refusal);
	await broken.close();
});

test("an encoder that has no gradient guides all the same, by trying", async () => {
	const encoderPath = withoutGradient(join(folder, "tried"));
	expect(encoderAbilities(loadModelPackage(packages.encoderPath))).toEqual({
		gradients: true,
		anySide: true,
	});
	expect(encoderAbilities(loadModelPackage(encoderPath)).gradients).toBe(false);
	const trying = createGuidedGenerator({ ...packages, encoderPath, threads: 1 });
	const guided = { canvas: "strokes" as const };
	const kinds: string[] = [];
	for await (const event of trying.generate({ ...settings, steps: 2, guided }))
		kinds.push(event.kind);
	expect(kinds).toEqual(["progress", "progress", "progress", "done"]);
	await trying.close();
});

/** The starter with an operator that changes nothing and that nobody here can differentiate. */
function withoutGradient(target: string): string {
	const source = packages.encoderPath;
	const manifest = loadModelPackage(source).manifest;
	const { image } = manifest;
	const model = readModel(join(source, image.file));
	const clip = model.graph.nodes
		.filter(({ operator, inputs }) => operator === "Clip" && inputs.length === 3)
		.at(-1);
	if (clip === undefined) throw new Error("The starter has no Clip.");
	const [output = ""] = clip.outputs;
	clip.outputs = ["before-elu"];
	const elu = {
		operator: "Elu",
		domain: "",
		inputs: ["before-elu"],
		outputs: [output],
		attributes: new Map(),
	};
	model.graph.nodes.splice(model.graph.nodes.indexOf(clip) + 1, 0, elu);
	const bytes = writeOnnx(model);
	mkdirSync(join(target, "onnx"), { recursive: true });
	for (const name of [manifest.text.file, manifest.text.tokenizer]) {
		symlinkSync(join(source, name), join(target, name));
	}
	writeFileSync(join(target, image.file), bytes);
	const checksum = createHash("sha256").update(bytes).digest("hex");
	const changed = {
		...manifest,
		id: "tried",
		sha256: { ...manifest.sha256, [image.file]: checksum },
	};
	writeFileSync(join(target, "model.json"), JSON.stringify(changed));
	return target;
}

test("a package that is missing is named", async () => {
	const lost = createGuidedGenerator({ ...packages, autoencoderPath: join(folder, "nowhere") });
	const drawing = (async () => {
		for await (const _ of lost.generate(settings));
	})();
	await expect(drawing).rejects.toThrow(/nowhere.*missing/);
	const without = createGuidedGenerator({ ...packages, autoencoderPath: null });
	const guided = { canvas: "latent" as const };
	const asked = (async () => {
		for await (const _ of without.generate({ ...settings, guided }));
	})();
	await expect(asked).rejects.toThrow(/autoencoder package/);
	await Promise.all([lost.close(), without.close()]);
});
