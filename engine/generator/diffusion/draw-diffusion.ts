/** @file Diffusion by whichever model the job names. */
import type { GenerationEvent } from "../picture-generator.ts";
import type { DiffusionJob } from "./diffusion-job.ts";
import { drawSketch } from "./draw-sketch.ts";

/** @throws Refusal MODEL_UNAVAILABLE when a package is missing, damaged or cannot be used this way. */
export function drawDiffusion(job: DiffusionJob): AsyncGenerator<GenerationEvent> {
	return drawSketch(job, job.model);
}
