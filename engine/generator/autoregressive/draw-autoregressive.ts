/** @file Drawing piece after piece, by whichever model the job names. */
import { assertNever } from "../../../contract/errors.ts";
import type { GenerationEvent } from "../picture-generator.ts";
import type { AutoregressiveJob } from "./autoregressive-job.ts";
import { drawCodes } from "./draw-codes.ts";
import { drawJanus } from "./janus/draw-janus.ts";

/** @throws Refusal MODEL_UNAVAILABLE when a package is missing, damaged or cannot be used this way. */
export function drawAutoregressive(job: AutoregressiveJob): AsyncGenerator<GenerationEvent> {
	const { model } = job;
	switch (model.kind) {
		case "sketch":
			return drawCodes(job, model);
		case "janus":
			return drawJanus(job, model);
		default:
			return assertNever(model);
	}
}
