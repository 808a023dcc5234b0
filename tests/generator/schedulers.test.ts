/** Schedulers against sequences of the reference implementations (see fixtures/generator/schedulers). */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { schedulerFor } from "../../engine/generator/diffusion/schedulers/choose-scheduler.ts";
import { readSchedulerConfig } from "../../engine/generator/diffusion/schedulers/noise-schedule.ts";

const numbers = z.array(z.number());
const fixture = z
	.object({
		sequences: z.array(
			z.object({
				config: z.record(z.string(), z.unknown()),
				start: numbers,
				noiseScale: z.number(),
				steps: z.array(z.object({ timestep: z.number(), noise: numbers, latents: numbers })),
				picture: numbers,
				noisedInTheMiddle: numbers,
			}),
		),
	})
	.parse(
		JSON.parse(
			readFileSync(
				join(import.meta.dirname, "..", "fixtures", "generator", "schedulers", "sequences.json"),
				"utf8",
			),
		),
	);

/** The made-up network of the fixture. */
const guess = (scaled: Float32Array, timestep: number) =>
	scaled.map((value, at) => 0.7 * Math.tanh(value) + 0.1 * Math.cos(timestep / 100 + at));

const close = (actual: Float32Array, wanted: readonly number[]) => {
	const largest = Math.max(1, ...wanted.map(Math.abs));
	const off = wanted.map((value, at) => Math.abs((actual[at] ?? Number.NaN) - value) / largest);
	expect(Math.max(...off)).toBeLessThan(2e-4);
};

describe.each(
	fixture.sequences.map((sequence) => {
		const {
			_class_name,
			timestep_spacing = "usual",
			prediction_type = "epsilon",
		} = sequence.config;
		const name = [_class_name, timestep_spacing, prediction_type, sequence.steps.length].join(" ");
		return [name, sequence] as const;
	}),
)("%s", (_, sequence) => {
	const config = readSchedulerConfig(sequence.config, "scheduler_config.json");
	const open = () => schedulerFor(config, sequence.steps.length);

	test("asks at the reference's timesteps and goes the reference's way", () => {
		const scheduler = open();
		const wanted = sequence.steps.map(({ timestep }) => timestep);
		for (const [at, timestep] of scheduler.timesteps.entries()) {
			expect(timestep).toBeCloseTo(wanted[at] ?? -1, 3);
		}
		expect(scheduler.timesteps).toHaveLength(wanted.length);
		expect(scheduler.noiseScale).toBeCloseTo(sequence.noiseScale, 3);
		let latents: Float32Array = Float32Array.from(
			sequence.start,
			(value) => value * scheduler.noiseScale,
		);
		for (const [at, step] of sequence.steps.entries()) {
			const answer = guess(scheduler.scaled(latents, at), scheduler.timesteps[at] ?? 0);
			const random = step.noise.values();
			({ latents } = scheduler.step(latents, answer, at, () => random.next().value ?? 0));
			close(latents, step.latents);
		}
	});

	test("a picture gets the reference's noise in the middle, and none at the end", () => {
		const scheduler = open();
		const picture = Float32Array.from(sequence.picture);
		const noise = Float32Array.from(sequence.start);
		const middle = Math.floor(sequence.steps.length / 2);
		close(scheduler.noised(picture, noise, middle), sequence.noisedInTheMiddle);
		close(scheduler.noised(picture, noise, sequence.steps.length), sequence.picture);
	});
});

test("a schedule that is not known is refused by its field", () => {
	const refused = (value: unknown) => () => readSchedulerConfig(value, "scheduler_config.json");
	expect(refused({ beta_schedule: "sigmoid" })).toThrow(/does not know its beta_schedule/);
	expect(refused({ rescale_betas_zero_snr: true })).toThrow(/rescale_betas_zero_snr/);
	expect(refused({ beta_start: "much" })).toThrow(/beta_start/);
});

test("a consistency model is not asked for more steps than it was distilled for", () => {
	const config = readSchedulerConfig({ _class_name: "LCMScheduler" }, "scheduler_config.json");
	expect(() => schedulerFor(config, 51)).toThrow(/at most 50 steps/);
});
