/** @file What every family of drawing keeps to, seen from outside: one suite, run for each. */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { Refusal } from "../../contract/errors.ts";
import { createCodeGenerator } from "../../engine/generator/autoregressive/autoregressive-generator.ts";
import { createSketchGenerator } from "../../engine/generator/diffusion/diffusion-generator.ts";
import { createGuidedGenerator } from "../../engine/generator/guided/guided-generator.ts";
import type {
	GenerationDone,
	GenerationEvent,
	GenerationSettings,
	PictureGenerator,
} from "../../engine/generator/picture-generator.ts";
import { models } from "./gradient-fixture.ts";

const encoderPath = join(models, "starter");
const autoencoderPath = join(models, "sketch-autoencoder");

interface Options {
	threads: number;
	onStart(processId: number): void;
}

const families: readonly [string, (options: Options) => PictureGenerator][] = [
	[
		"guided",
		(options) =>
			createGuidedGenerator({ encoderPath, autoencoderPath, layoutPath: null, ...options }),
	],
	[
		"diffusion",
		(options) => {
			const velocityPath = join(models, "sketch-diffusion");
			return createSketchGenerator({ encoderPath, velocityPath, autoencoderPath, ...options });
		},
	],
	[
		"autoregressive",
		(options) => {
			const networkPath = join(models, "sketch-autoregressive");
			return createCodeGenerator({ encoderPath, networkPath, autoencoderPath, ...options });
		},
	],
];

const isAlive = (processId: number): boolean => {
	try {
		process.kill(processId, 0);
		return true;
	} catch {
		return false;
	}
};

describe.each(families)("%s drawing", (family, create) => {
	const started: number[] = [];
	let generator: PictureGenerator;
	let settings: GenerationSettings;

	beforeAll(() => {
		generator = create({ threads: 1, onStart: (id) => started.push(id) });
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
		expect(generator.description.backend).toBe(family);
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
});
