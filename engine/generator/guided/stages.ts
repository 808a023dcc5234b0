/** @file Which canvas a drawing is made on, and when it goes over to a finer one. */
import { Refusal } from "../../../contract/errors.ts";
import type { SketchAutoencoder } from "../picture/autoencoder-package.ts";
import { type Planes, resized } from "../picture/planes.ts";
import type { SeededRandom } from "../picture/random.ts";
import type { Canvas } from "./canvas.ts";
import type { GuidedJob } from "./guided-job.ts";
import { openLatentCanvas } from "./latent-canvas.ts";
import { createFourierCanvas, createPyramidCanvas } from "./pixel-canvases.ts";
import { StrokeCanvas, scatterStrokes } from "./stroke-canvas.ts";

/** Pixels of the first stage; a finer one has four times as many. What is asked for is enlarged from there. */
const workingArea = 128 * 128;
const strokeCount = 400;

export interface StagePlan {
	kind: "strokes" | "latent" | "pyramid" | "fourier";
	/** Pixels of the canvas, multiples of 8. */
	width: number;
	height: number;
	steps: number;
	/** How much chance is added to what it begins with, and how far its steps go: 1 to begin with. */
	boldness: number;
}

/**
 * The latent first finds composition and colours on a coarse canvas, where one place is an eighth of
 * the picture's half, and then surfaces on a finer one.
 * @throws Refusal MODEL_UNAVAILABLE when the canvas asked for needs a package that is not there.
 */
export function planStages(job: GuidedJob): StagePlan[] {
	const { steps, canvas, autoencoderPath } = job;
	const coarse = workingSize(job.width, job.height);
	const latent = canvas === "latent" || (canvas === "auto" && autoencoderPath !== null);
	if (latent && autoencoderPath === null) {
		throw new Refusal(
			"MODEL_UNAVAILABLE",
			"Drawing on the latent needs an autoencoder package, and none is installed. Choose another canvas.",
			{ field: "canvas" },
		);
	}
	const boldness = job.start === null ? 1 : job.start.strength;
	if (!latent) {
		const kind = canvas === "auto" ? "strokes" : canvas;
		return [{ kind, ...coarse, steps, boldness }];
	}
	const first = Math.ceil(steps * 0.65);
	const fine = { width: 2 * coarse.width, height: 2 * coarse.height };
	const stages: StagePlan[] = [{ kind: "latent", ...coarse, steps: first, boldness }];
	if (steps > first) {
		stages.push({ kind: "latent", ...fine, steps: steps - first, boldness: 0.5 * boldness });
	}
	return stages;
}

/** Sides in the picture's proportions, multiples of 8, of about `workingArea` pixels. */
function workingSize(width: number, height: number): { width: number; height: number } {
	const factor = Math.sqrt(workingArea / (width * height));
	const side = (length: number): number => Math.max(32, Math.round((length * factor) / 8) * 8);
	return { width: side(width), height: side(height) };
}

/** @param from what the canvas begins with, of any size. */
export async function openStage(
	plan: StagePlan,
	from: Planes,
	autoencoder: SketchAutoencoder | null,
	random: SeededRandom,
	threads: number,
): Promise<Canvas> {
	const start = resized(from, plan.width, plan.height);
	switch (plan.kind) {
		case "strokes":
			return new StrokeCanvas(scatterStrokes(start, strokeCount, random), start);
		case "pyramid":
			return createPyramidCanvas(start, random);
		case "fourier":
			return createFourierCanvas(start, random);
		case "latent":
			if (autoencoder === null) throw new Error("A latent without an autoencoder.");
			return openLatentCanvas(autoencoder, start, { random, boldness: plan.boldness, threads });
	}
}
