/** @file The encoder in use: where it runs, how that was decided, how fast it is. */
import { z } from "zod";
import { encoderIdSchema } from "./ids.ts";
import { procedure } from "./procedure.ts";

/** Where ONNX Runtime can run a model. */
export const executionProviderSchema = z.enum(["coreml", "dml", "cuda", "webgpu", "cpu"]);
export type ExecutionProvider = z.infer<typeof executionProviderSchema>;

/** One provider that was tried: it agreed with the CPU, disagreed, or is not there. */
export const providerTrialSchema = z.object({
	provider: executionProviderSchema,
	outcome: z.enum(["chosen", "slower", "disagrees", "unavailable"]),
	/** Lowest cosine similarity to the CPU's embedding on the fixed input; null when it did not run. */
	parity: z.number().nullable(),
	imagesPerSecond: z.number().nullable(),
	/** Why it is not there, in the runtime's own words. */
	reason: z.string().nullable(),
});
export type ProviderTrial = z.infer<typeof providerTrialSchema>;

export const encoderStatusSchema = z.object({
	id: encoderIdSchema,
	title: z.string(),
	licence: z.string(),
	dimensions: z.number().int(),
	/** `idle`: not loaded yet, it loads on first use. */
	state: z.enum(["idle", "loading", "ready", "failed"]),
	problem: z.string().nullable(),
	provider: executionProviderSchema.nullable(),
	trials: z.array(providerTrialSchema),
});
export type EncoderStatus = z.infer<typeof encoderStatusSchema>;

export const modelContract = {
	encoder: procedure.route({ method: "GET", path: "/encoder" }).output(encoderStatusSchema),
	/** Loads the encoder if needed and tries every provider again. */
	probe: procedure.route({ method: "POST", path: "/encoder/probe" }).output(encoderStatusSchema),
};
