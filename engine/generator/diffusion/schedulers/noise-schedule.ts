/**
 * @file `scheduler/scheduler_config.json`: how much noise a network was trained to see at each of its
 * timesteps, and what it guesses.
 */
import { z } from "zod";
import { Refusal } from "../../../../contract/errors.ts";
import { sum } from "./scheduler.ts";

const configSchema = z.object({
	_class_name: z.string().default("DDIMScheduler"),
	num_train_timesteps: z.number().int().min(2).max(100_000).default(1000),
	beta_start: z.number().positive().default(0.00085),
	beta_end: z.number().positive().max(1).default(0.012),
	beta_schedule: z.enum(["linear", "scaled_linear", "squaredcos_cap_v2"]).default("scaled_linear"),
	prediction_type: z.enum(["epsilon", "v_prediction", "sample"]).default("epsilon"),
	timestep_spacing: z.enum(["leading", "linspace", "trailing"]).optional(),
	steps_offset: z.number().int().default(0),
	set_alpha_to_one: z.boolean().default(true),
	clip_sample: z.boolean().default(false),
	clip_sample_range: z.number().positive().default(1),
	original_inference_steps: z.number().int().positive().default(50),
	timestep_scaling: z.number().positive().default(10),
	rescale_betas_zero_snr: z.boolean().default(false),
});
/** As written by the tool that trained or exported the model; what is not read here is ignored. */
export type SchedulerConfig = z.infer<typeof configSchema>;

/** @throws Refusal MODEL_UNAVAILABLE naming the field at fault. */
export function readSchedulerConfig(value: unknown, path: string): SchedulerConfig {
	const config = configSchema.safeParse(value);
	if (config.success && !config.data.rescale_betas_zero_snr) return config.data;
	const field = config.error?.issues[0]?.path.join(".") ?? "rescale_betas_zero_snr";
	throw new Refusal(
		"MODEL_UNAVAILABLE",
		`${path} cannot be used: this version does not know its ${field}.`,
		{ path, field },
	);
}

/**
 * Share of the picture's variance that is left at each timestep, alpha-bar of Ho et al. 2020
 * (arXiv:2006.11239, equation 4). Betas: linear there; `scaled_linear` is linear in their roots
 * (Rombach et al. 2022, arXiv:2112.10752); `squaredcos_cap_v2` after Nichol and Dhariwal 2021
 * (arXiv:2102.09672, equation 17).
 */
export function keptVariance(config: SchedulerConfig): Float64Array {
	const { num_train_timesteps: count, beta_start: low, beta_end: high } = config;
	const kept = new Float64Array(count);
	let product = 1;
	for (let at = 0; at < count; at++) {
		product *= 1 - betaAt(at);
		kept[at] = product;
	}
	return kept;

	function betaAt(at: number): number {
		const share = at / (count - 1);
		switch (config.beta_schedule) {
			case "linear":
				return low + (high - low) * share;
			case "scaled_linear":
				return (Math.sqrt(low) + (Math.sqrt(high) - Math.sqrt(low)) * share) ** 2;
			case "squaredcos_cap_v2": {
				const bar = (time: number) => Math.cos(((time + 0.008) / 1.008) * (Math.PI / 2)) ** 2;
				return Math.min(1 - bar((at + 1) / count) / bar(at / count), 0.999);
			}
		}
	}
}

/** Deviation of the noise over that of the picture, sigma of Karras et al. 2022 (arXiv:2206.00364). */
export function noiseRatios(kept: Float64Array): Float64Array {
	return kept.map((share) => Math.sqrt((1 - share) / share));
}

/** The value between two of `values` at a place that need not be whole. */
export function interpolated(values: Float64Array, place: number): number {
	const below = Math.min(values.length - 1, Math.max(0, Math.floor(place)));
	const above = Math.min(values.length - 1, below + 1);
	const share = Math.min(1, Math.max(0, place - below));
	return (values[below] ?? 0) * (1 - share) + (values[above] ?? 0) * share;
}

/** numpy's rounding, to the even neighbour. */
export function roundedToEven(value: number): number {
	const rounded = Math.round(value);
	return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

/** Evenly spaced numbers from `from` to `to`, both included. */
export function evenly(from: number, to: number, count: number): number[] {
	if (count === 1) return [from];
	return Array.from({ length: count }, (_, at) => from + ((to - from) * at) / (count - 1));
}

/** What a guess says of picture and noise, from latents = a x picture + s x noise. */
export function pictureAndNoise(
	latents: Float32Array,
	guess: Float32Array,
	a: number,
	s: number,
	kind: SchedulerConfig["prediction_type"],
): { picture: Float32Array; noise: Float32Array } {
	switch (kind) {
		case "epsilon":
			return { picture: sum(latents, 1 / a, guess, -s / a), noise: guess };
		case "sample":
			return { picture: guess, noise: sum(latents, 1 / s, guess, -a / s) };
		case "v_prediction":
			// Salimans and Ho 2022 (arXiv:2202.00512, appendix D).
			return { picture: sum(latents, a, guess, -s), noise: sum(latents, s, guess, a) };
	}
}
