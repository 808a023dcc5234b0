/** @file DDIM without added noise, Song et al. 2020 (arXiv:2010.02502, equation 12 with sigma = 0). */
import {
	evenly,
	keptVariance,
	pictureAndNoise,
	roundedToEven,
	type SchedulerConfig,
} from "./noise-schedule.ts";
import { type Scheduler, sum } from "./scheduler.ts";

export function ddimScheduler(config: SchedulerConfig, steps: number): Scheduler {
	const { num_train_timesteps: count, clip_sample_range: range } = config;
	const kept = keptVariance(config);
	const last = config.set_alpha_to_one ? 1 : (kept[0] ?? 1);
	const apart = Math.floor(count / steps);
	const timesteps = timestepsOf(config, steps, apart);
	const keptAt = (timestep: number): number => (timestep < 0 ? last : (kept[timestep] ?? last));
	const before = (at: number): number => {
		const timestep = timesteps[at];
		return timestep === undefined ? 1 : keptAt(timestep);
	};
	return {
		timesteps,
		noiseScale: 1,
		scaled: (latents) => latents,
		noised: (picture, noise, at) =>
			sum(picture, Math.sqrt(before(at)), noise, Math.sqrt(1 - before(at))),
		step(latents, guess, at) {
			const here = before(at);
			const after = keptAt((timesteps[at] ?? 0) - apart);
			const [a, s] = [Math.sqrt(here), Math.sqrt(1 - here)];
			const { picture, noise } = pictureAndNoise(latents, guess, a, s, config.prediction_type);
			const shown = config.clip_sample
				? picture.map((value) => Math.min(range, Math.max(-range, value)))
				: picture;
			return {
				latents: sum(shown, Math.sqrt(after), noise, Math.sqrt(1 - after)),
				foreseen: shown,
			};
		},
	};
}

function timestepsOf(
	{ num_train_timesteps: count, steps_offset: offset, timestep_spacing }: SchedulerConfig,
	steps: number,
	apart: number,
): number[] {
	switch (timestep_spacing ?? "leading") {
		case "linspace":
			return evenly(0, count - 1, steps)
				.map(roundedToEven)
				.toReversed();
		case "leading":
			return Array.from({ length: steps }, (_, at) =>
				Math.min(count - 1, (steps - 1 - at) * apart + offset),
			);
		case "trailing":
			return Array.from(
				{ length: steps },
				(_, at) => roundedToEven(count - (at * count) / steps) - 1,
			);
	}
}
