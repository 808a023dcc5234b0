/** @file What a drawing process is asked and answers. */
import type { ErrorCode, ErrorDetail } from "../../../contract/errors.ts";
import type { AutoregressiveJob } from "../autoregressive/autoregressive-job.ts";
import type { DiffusionJob } from "../diffusion/diffusion-job.ts";
import type { GuidedJob } from "../guided/guided-job.ts";
import type { GenerationEvent } from "../picture-generator.ts";

/** One picture to draw; everything in it has been checked. A family adds its own kind. */
export type DrawingJob = GuidedJob | DiffusionJob | AutoregressiveJob;

export type DrawingReply =
	| { kind: "event"; event: GenerationEvent }
	| { kind: "refused"; code: ErrorCode; message: string; detail: ErrorDetail };

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === "object" && value !== null;

/** A process that says anything else is broken and treated as dead. */
export function isDrawingReply(message: unknown): message is DrawingReply {
	if (!isObject(message)) return false;
	if (message.kind === "refused") return typeof message.message === "string";
	return message.kind === "event" && isObject(message.event);
}

/** Requests come from our own parent process; anything else on the channel is ignored. */
export function isDrawingJob(message: unknown): message is DrawingJob {
	return isObject(message) && Array.isArray(message.prompts) && typeof message.family === "string";
}
