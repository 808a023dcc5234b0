/**
 * @file DPM-Solver++(2M), Lu et al. 2022 (arXiv:2211.01095, algorithm 2): the previous guess tells how the
 * picture is changing, so that a step is of second order at the price of one guess.
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

export function dpmMultistepScheduler(config: SchedulerConfig, steps: number): Scheduler {
	const ratios = noiseRatios(keptVariance(config));
	const timesteps = timestepsOf(config, steps);
	const sigmas = [...timesteps.map((place) => interpolated(ratios, place)), 0];
	/** Of picture and of noise in latents of preserved variance. */
	const parts = sigmas.map((sigma) => {
		const a = 1 / Math.sqrt(sigma ** 2 + 1);
		return { a, s: sigma * a };
	});
	const partsAt = (at: number) => parts[at] ?? { a: 1, s: 0 };
	/** Half the logarithm of the signal-to-noise ratio. */
	const lambdaAt = (at: number): number => Math.log(partsAt(at).a) - Math.log(partsAt(at).s);
	let previous: Float32Array | null = null;
	return {
		timesteps,
		noiseScale: 1,
		scaled: (latents) => latents,
		noised: (picture, noise, at) => sum(picture, partsAt(at).a, noise, partsAt(at).s),
		step(latents, guess, at) {
			const { a, s } = partsAt(at);
			const { picture } = pictureAndNoise(latents, guess, a, s, config.prediction_type);
			const after = partsAt(at + 1);
			const before = previous;
			previous = picture;
			// To no noise at all the second order would be infinite.
			if (before === null || at + 1 >= timesteps.length) {
				const decay = after.s === 0 ? 0 : Math.exp(lambdaAt(at) - lambdaAt(at + 1));
				return {
					latents: sum(latents, after.s / s, picture, after.a * (1 - decay)),
					foreseen: picture,
				};
			}
			const ahead = lambdaAt(at + 1) - lambdaAt(at);
			const behind = lambdaAt(at) - lambdaAt(at - 1);
			const lean = ahead / (2 * behind);
			const led = sum(picture, 1 + lean, before, -lean);
			return {
				latents: sum(latents, after.s / s, led, after.a * (1 - Math.exp(-ahead))),
				foreseen: picture,
			};
		},
	};
}

function timestepsOf(
	{ num_train_timesteps: count, steps_offset: offset, timestep_spacing }: SchedulerConfig,
	steps: number,
): number[] {
	switch (timestep_spacing ?? "linspace") {
		case "linspace":
			return evenly(0, count - 1, steps + 1)
				.map(roundedToEven)
				.toReversed()
				.slice(0, -1);
		case "leading": {
			const apart = Math.floor(count / (steps + 1));
			return Array.from({ length: steps }, (_, at) => (steps - at) * apart + offset);
		}
		case "trailing":
			return Array.from(
				{ length: steps },
				(_, at) => roundedToEven(count - (at * count) / steps) - 1,
			);
	}
}
