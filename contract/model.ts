/** @file The encoder in use: where it runs, how that was decided, how fast it is. */
import { eventIterator } from "@orpc/contract";
import { z } from "zod";
import { encoderIdSchema } from "./ids.ts";
import {
	installEventSchema,
	modelIdSchema,
	modelListSchema,
	modelSchema,
} from "./model-package.ts";
import { procedure } from "./procedure.ts";

/** Where ONNX Runtime can run a model. */
export const executionProviderSchema = z.enum(["coreml", "dml", "cuda", "webgpu", "cpu"]);
export type ExecutionProvider = z.infer<typeof executionProviderSchema>;

/** Where the encoder shall run: `auto` is the fastest provider that agrees with the CPU. */
export const encoderPlaceSchema = z.enum(["auto", ...executionProviderSchema.options]);
export type EncoderPlace = z.infer<typeof encoderPlaceSchema>;

/** One provider that was tried: it agreed with the CPU, disagreed, or is not there. */
export const providerTrialSchema = z.object({
	provider: executionProviderSchema,
	outcome: z.enum(["chosen", "slower", "disagrees", "unavailable"]),
	/** Lowest cosine similarity to the CPU's embedding on the fixed input; null when it did not run. */
	parity: z.number().nullable(),
	imagesPerSecond: z.number().nullable(),
	/** Pictures at a time with which it was that fast; null when it was not measured. */
	batchSize: z.number().int().positive().nullable(),
	/** Why it is not there, in the runtime's own words. */
	reason: z.string().nullable(),
});
export type ProviderTrial = z.infer<typeof providerTrialSchema>;

/** A provider that failed while it was used; the CPU did its work. */
export const lostProviderSchema = z.object({
	provider: executionProviderSchema,
	/** In the runtime's own words. */
	reason: z.string(),
});
export type LostProvider = z.infer<typeof lostProviderSchema>;

export const encoderStatusSchema = z.object({
	id: encoderIdSchema,
	title: z.string(),
	licence: z.string(),
	dimensions: z.number().int(),
	/** `idle`: not loaded yet, it loads on first use. */
	state: z.enum(["idle", "loading", "ready", "failed"]),
	problem: z.string().nullable(),
	provider: executionProviderSchema.nullable(),
	/** What the person chose; where it was not found to agree, `auto` serves in its place. */
	place: encoderPlaceSchema,
	/** Why `provider` is the CPU though another was wanted; null while nothing failed. */
	lost: lostProviderSchema.nullable(),
	trials: z.array(providerTrialSchema),
});
export type EncoderStatus = z.infer<typeof encoderStatusSchema>;

export const modelContract = {
	encoder: procedure.route({ method: "GET", path: "/encoder" }).output(encoderStatusSchema),
	/** Loads the encoder if needed and tries every provider again. */
	probe: procedure.route({ method: "POST", path: "/encoder/probe" }).output(encoderStatusSchema),
	/**
	 * Runs the encoder there from the next batch on; what is under way is finished where it is. Refused
	 * with NOT_SUPPORTED for a provider that was not found to agree with the CPU on this computer.
	 */
	choosePlace: procedure
		.route({ method: "POST", path: "/encoder/place" })
		.input(z.object({ place: encoderPlaceSchema }))
		.output(encoderStatusSchema),
	/** Every model of the catalogue and every installed one. Connects to nothing. */
	list: procedure.route({ method: "GET", path: "/models" }).output(modelListSchema),
	/**
	 * Asks the hub which revision of a model's repository is the newest and what is in it, and keeps the
	 * answer: `install` then downloads just that. Connects to the list's `host`. Refused with
	 * MODEL_NOT_FOUND, NOT_SUPPORTED (no repository is known, or it holds another form), DOWNLOAD_FAILED.
	 */
	lookUp: procedure
		.route({ method: "POST", path: "/models/{id}/look-up" })
		.input(z.object({ id: modelIdSchema }))
		.output(modelSchema),
	/**
	 * Downloads a model of the catalogue, or follows its install where it is under way already. It goes on
	 * when the caller stops following; `cancel` ends it. Refused with MODEL_NOT_FOUND, NOT_SUPPORTED
	 * (it has not been looked up), DISK_FULL, MODEL_BUSY (another process installs it).
	 */
	install: procedure
		.route({ method: "POST", path: "/models/{id}/install" })
		.input(z.object({ id: modelIdSchema }))
		.output(eventIterator(installEventSchema)),
	/** Resolves when it has ended. What was downloaded is kept for the next try. */
	cancel: procedure
		.route({ method: "POST", path: "/models/{id}/cancel" })
		.input(z.object({ id: modelIdSchema }))
		.output(z.void()),
	/**
	 * Copies a package from a folder, or from the folder of a given `model.json`. Refused with
	 * FOLDER_NOT_FOUND, MODEL_DAMAGED, MODEL_UNAVAILABLE, DISK_FULL, NAME_TAKEN.
	 */
	installFolder: procedure
		.route({ method: "POST", path: "/models/folder" })
		.input(z.object({ path: z.string().min(1).max(4096) }))
		.output(z.object({ id: modelIdSchema })),
	/** Removes an installed model, or what a stopped download left. Refused with MODEL_NOT_FOUND, MODEL_BUSY. */
	remove: procedure
		.route({ method: "DELETE", path: "/models/{id}" })
		.input(z.object({ id: modelIdSchema }))
		.output(z.object({ freedBytes: z.number().int() })),
	/** Null: the hub itself. Refused with NOT_SUPPORTED for an address that is not https. */
	setMirror: procedure
		.route({ method: "POST", path: "/models/mirror" })
		.input(z.object({ mirror: z.string().max(500).nullable() }))
		.output(modelListSchema),
};
