/** @file Diffusion by whichever model the job names. */
import { assertNever } from "../../../contract/errors.ts";
import type { GenerationEvent } from "../picture-generator.ts";
import type { DiffusionJob } from "./diffusion-job.ts";
import { drawSketch } from "./draw-sketch.ts";
import { drawPipeline } from "./pipeline/draw-pipeline.ts";

/** @throws Refusal MODEL_UNAVAILABLE when a package is missing, damaged or cannot be used this way. */
export function drawDiffusion(job: DiffusionJob): AsyncGenerator<GenerationEvent> {
	const { model } = job;
	switch (model.kind) {
		case "sketch":
			return drawSketch(job, model);
		case "pipeline":
			return drawPipeline(job, model);
		default:
			return assertNever(model);
	}
}
