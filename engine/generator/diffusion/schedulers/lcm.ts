/**
 * @file Multistep consistency sampling for latent consistency models, Luo et al. 2023 (arXiv:2310.04378,
 * algorithm 3): every guess leads to a picture at once, and noise is added anew between them.
 */
import { Refusal } from "../../../../contract/errors.ts";
import { keptVariance, pictureAndNoise, type SchedulerConfig } from "./noise-schedule.ts";
import { type Scheduler, sum } from "./scheduler.ts";

/** Deviation of the data, of the boundary condition's formula. */
const dataDeviation = 0.5;

/** @throws Refusal GENERATION_NOT_POSSIBLE for more steps than the model was distilled for. */
export function lcmScheduler(config: SchedulerConfig, steps: number): Scheduler {
	const kept = keptVariance(config);
	const timesteps = timestepsOf(config, steps);
	const keptAt = (at: number): number => {
		const timestep = timesteps[at];
		return timestep === undefined ? 1 : (kept[timestep] ?? 1);
	};
	return {
		timesteps,
		noiseScale: 1,
		scaled: (latents) => latents,
		noised: (picture, noise, at) =>
			sum(picture, Math.sqrt(keptAt(at)), noise, Math.sqrt(1 - keptAt(at))),
		step(latents, guess, at, random) {
			const [a, s] = [Math.sqrt(keptAt(at)), Math.sqrt(1 - keptAt(at))];
			const { picture } = pictureAndNoise(latents, guess, a, s, config.prediction_type);
			// The boundary condition of consistency models (Song et al. 2023, arXiv:2303.01469, section 3).
			const time = (timesteps[at] ?? 0) * config.timestep_scaling;
			const length = time ** 2 + dataDeviation ** 2;
			const foreseen = sum(picture, time / Math.sqrt(length), latents, dataDeviation ** 2 / length);
			if (at + 1 >= timesteps.length) return { latents: foreseen, foreseen };
			const noise = foreseen.map(() => random());
			const after = keptAt(at + 1);
			return {
				latents: sum(foreseen, Math.sqrt(after), noise, Math.sqrt(1 - after)),
				foreseen,
			};
		},
	};
}

/** Evenly out of the timesteps the model was distilled at, the noisiest first. */
function timestepsOf(config: SchedulerConfig, steps: number): number[] {
	const { num_train_timesteps: count, original_inference_steps: distilled } = config;
	if (steps > distilled) {
		throw new Refusal(
			"GENERATION_NOT_POSSIBLE",
			`This model draws in at most ${distilled} steps.`,
			{ field: "steps" },
		);
	}
	const apart = Math.floor(count / distilled);
	return Array.from(
		{ length: steps },
		(_, at) => (distilled - Math.floor((at * distilled) / steps)) * apart - 1,
	);
}
