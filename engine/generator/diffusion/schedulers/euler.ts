/**
 * @file Euler steps along the probability flow, Karras et al. 2022 (arXiv:2206.00364, algorithm 1 without
 * its second-order correction): latents are picture + sigma x noise.
 */
import {
	evenly,
	interpolated,
	keptVariance,
	noiseRatios,
	pictureAndNoise,
	roundedToEven,
	type SchedulerConfig,
} from "./noise-schedule.ts";
import { type Scheduler, sum } from "./scheduler.ts";

export function eulerScheduler(config: SchedulerConfig, steps: number): Scheduler {
	const ratios = noiseRatios(keptVariance(config));
	const spacing = config.timestep_spacing ?? "linspace";
	const timesteps = timestepsOf(config, steps, spacing);
	const sigmas = [...timesteps.map((place) => interpolated(ratios, place)), 0];
	const largest = sigmas[0] ?? 0;
	const sigmaAt = (at: number): number => sigmas[at] ?? 0;
	return {
		timesteps,
		noiseScale: spacing === "leading" ? Math.sqrt(largest ** 2 + 1) : largest,
		scaled: (latents, at) => {
			const length = Math.sqrt(sigmaAt(at) ** 2 + 1);
			return latents.map((value) => value / length);
		},
		noised: (picture, noise, at) => sum(picture, 1, noise, sigmaAt(at)),
		step(latents, guess, at) {
			const sigma = sigmaAt(at);
			// The same latents with variance preserved, for which guesses are defined.
			const a = 1 / Math.sqrt(sigma ** 2 + 1);
			const preserved = latents.map((value) => value * a);
			const { picture } = pictureAndNoise(preserved, guess, a, sigma * a, config.prediction_type);
			const share = sigmaAt(at + 1) / sigma;
			return { latents: sum(latents, share, picture, 1 - share), foreseen: picture };
		},
	};
}

function timestepsOf(
	{ num_train_timesteps: count, steps_offset: offset }: SchedulerConfig,
	steps: number,
	spacing: "leading" | "linspace" | "trailing",
): number[] {
	switch (spacing) {
		case "linspace":
			return steps === 1 ? [0] : evenly(count - 1, 0, steps);
		case "leading": {
			const apart = Math.floor(count / steps);
			return Array.from({ length: steps }, (_, at) => (steps - 1 - at) * apart + offset);
		}
		case "trailing":
			return Array.from(
				{ length: steps },
				(_, at) => roundedToEven(count - (at * count) / steps) - 1,
			);
	}
}
