/**
 * @file A guide for encoders without gradients: looks at a picture changed a little this way and that,
 * and goes where it looked better (evolution strategies with mirrored samples, Salimans et al.,
 * arXiv:1703.03864). Needs many times the steps of a gradient.
 */
import type { Target } from "../judging/targets.ts";
import type { Planes } from "../picture/planes.ts";
import type { SeededRandom } from "../picture/random.ts";
import type { Canvas } from "./canvas.ts";

/** Pairs of changes tried a step. */
const pairs = 6;
/** Size of a change, in what one step may move. */
const spread = 1.5;

/** Sum of weight x angle^2 / 2, the guide's loss. */
export function lossOf(similarities: Float32Array, targets: readonly Target[]): number {
	let loss = 0;
	for (const [at, similarity] of similarities.entries()) {
		const angle = Math.acos(Math.min(0.999, Math.max(-0.999, similarity)));
		loss += ((targets[at % targets.length]?.weight ?? 0) * angle * angle) / 2;
	}
	return loss / (similarities.length / targets.length);
}

/** @param loss of a picture, by the same views for both of a pair. @returns gradient by the parameters, about. */
export async function estimateGradient(
	canvas: Canvas,
	loss: (picture: Planes) => Promise<number>,
	random: SeededRandom,
): Promise<Float32Array> {
	const { parameters, rates } = canvas;
	const rate = (at: number): number => (typeof rates === "number" ? rates : (rates[at] ?? 0));
	const here = Float32Array.from(parameters);
	const gradient = new Float32Array(parameters.length);
	for (let pair = 0; pair < pairs; pair++) {
		const change = here.map((_, at) => spread * rate(at) * random.normal());
		const tried = async (sign: number): Promise<number> => {
			for (const [at, value] of here.entries()) parameters[at] = value + sign * (change[at] ?? 0);
			canvas.constrain();
			return loss(await canvas.draw());
		};
		const difference = (await tried(1)) - (await tried(-1));
		for (const [at, part] of change.entries()) {
			const size = (spread * rate(at)) ** 2 || 1;
			gradient[at] = (gradient[at] ?? 0) + (difference * part) / (2 * pairs * size);
		}
	}
	parameters.set(here);
	return gradient;
}
