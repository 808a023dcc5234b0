/** @file What the engine is doing: progress, pause, and the one stream of events clients follow. */
import { eventIterator } from "@orpc/contract";
import { z } from "zod";
import { procedure } from "./procedure.ts";

/** One truthful line: how much is searchable, how fast, how long. */
export const progressSchema = z.object({
	/** `scanning`: comparing disk and library; `indexing`: reading photos; `paused`: by the person. */
	phase: z.enum(["idle", "scanning", "indexing", "paused"]),
	/** All pictures of the library. */
	photos: z.number().int(),
	/** Those of them that a program drew. */
	drawn: z.number().int(),
	searchable: z.number().int(),
	failed: z.number().int(),
	waiting: z.number().int(),
	/** Measured over the last ten seconds; null until there is something to measure. */
	photosPerSecond: z.number().nullable(),
	secondsLeft: z.number().nullable(),
	/** Reading the text in pictures, which comes after; null when nothing of it is left or it is off. */
	text: z
		.object({
			done: z.number().int(),
			photos: z.number().int(),
			/** False while it steps aside for other work, or is held. */
			running: z.boolean(),
			secondsLeft: z.number().nullable(),
		})
		.nullable(),
	/** Changing the encoder; null while nothing changes. */
	encoder: z
		.object({
			title: z.string(),
			done: z.number().int(),
			photos: z.number().int(),
			/** False while it steps aside for other work, or is held. */
			running: z.boolean(),
			secondsLeft: z.number().nullable(),
		})
		.nullable(),
	/** A condition that stops work until the person acts, in words; null when all is well. */
	trouble: z.string().nullable(),
});
export type Progress = z.infer<typeof progressSchema>;

/** State announced, not commands: a client may drop any and still be right after the next. */
export const engineEventSchema = z.discriminatedUnion("type", [
	z.object({ type: z.literal("progress"), progress: progressSchema }),
	/** The set of photos, their order, state or thumbnails changed; `revision` only grows. */
	z.object({ type: z.literal("photos-changed"), revision: z.number().int() }),
	z.object({ type: z.literal("folders-changed") }),
	z.object({ type: z.literal("models-changed") }),
	/** Tags, what photos have of them, or labels; `revision` only grows. */
	z.object({ type: z.literal("tags-changed"), revision: z.number().int() }),
	/** Their set, names, order or what is new in them; what they find follows `photos-changed`. */
	z.object({ type: z.literal("saved-searches-changed") }),
]);
export type EngineEvent = z.infer<typeof engineEventSchema>;

export const activityContract = {
	progress: procedure.route({ method: "GET", path: "/progress" }).output(progressSchema),
	/** Starts with the present progress, then every change, until the caller stops. */
	events: procedure
		.route({ method: "GET", path: "/events" })
		.output(eventIterator(engineEventSchema)),
	pause: procedure.route({ method: "POST", path: "/pause" }).output(progressSchema),
	resume: procedure.route({ method: "POST", path: "/resume" }).output(progressSchema),
};
