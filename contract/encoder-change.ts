/**
 * @file Which encoder a library is searched with, and changing it: the coming one embeds every photo
 * beside the present one, which goes on searching until all is ready. See [Note: Two sides].
 */
import { eventIterator } from "@orpc/contract";
import { z } from "zod";
import { photoIdSchema } from "./ids.ts";
import { modelIdSchema } from "./model-package.ts";
import { procedure } from "./procedure.ts";
import { queryMaxCharacters } from "./search.ts";

/** An encoder that embedded photos of this library before and does nothing at present. */
const keptEncoderSchema = z.object({
	/** Encoder id, version and preparation: what its embeddings are kept under. */
	key: z.string(),
	/** The package it came from; null where that is not known any more. */
	model: modelIdSchema.nullable(),
	title: z.string(),
	/** How many photos it has embedded. */
	photos: z.number().int(),
	sizeBytes: z.number().int(),
});
export type KeptEncoder = z.infer<typeof keptEncoderSchema>;

export const encoderChangeSchema = z.object({
	model: modelIdSchema,
	title: z.string(),
	/**
	 * `embedding`: reading photos; `waiting`: new photos are read first, or nothing has begun yet;
	 * `finishing`: all photos are read, the index is being built; `paused`: by the person; `stopped`: see
	 * `problem`.
	 */
	phase: z.enum(["embedding", "waiting", "finishing", "paused", "stopped"]),
	/** Photos it has embedded, of those that can be searched. */
	done: z.number().int(),
	photos: z.number().int(),
	/** Photos that can be read neither now nor from a thumbnail; search leaves them out after the change. */
	unreadable: z.number().int(),
	photosPerSecond: z.number().nullable(),
	secondsLeft: z.number().nullable(),
	problem: z.string().nullable(),
});
export type EncoderChange = z.infer<typeof encoderChangeSchema>;

export const encoderUseSchema = z.object({
	/** Searches now. */
	model: modelIdSchema,
	title: z.string(),
	/** Why it is not the chosen one that searches, in words; null when it is. */
	problem: z.string().nullable(),
	/** Searchable photos that it has not embedded yet, and so does not find. */
	missing: z.number().int(),
	change: encoderChangeSchema.nullable(),
	/** The same encoder looking closer at each photo, where there is one and nothing is changing. */
	closer: modelIdSchema.nullable(),
	kept: z.array(keptEncoderSchema),
});
export type EncoderUse = z.infer<typeof encoderUseSchema>;

/** A photo as it is shown among results. */
const shownPhotoSchema = z.object({
	id: photoIdSchema,
	version: z.number().int(),
	/** Width over height, times 1000. */
	aspectPermille: z.number().int(),
});
export type ShownPhoto = z.infer<typeof shownPhotoSchema>;

/** The same words asked of both encoders, over the same photos; best first. */
const comparedQuerySchema = z.object({
	query: z.string(),
	present: z.array(shownPhotoSchema),
	candidate: z.array(shownPhotoSchema),
});
export type ComparedQuery = z.infer<typeof comparedQuerySchema>;

export const trialEventSchema = z.discriminatedUnion("phase", [
	/** Photos of the sample are being embedded. */
	z.object({
		phase: z.literal("embedding"),
		done: z.number().int(),
		photos: z.number().int(),
		secondsLeft: z.number().nullable(),
	}),
	z.object({
		phase: z.literal("done"),
		/** Photos that were compared, spread evenly over the library. */
		photos: z.number().int(),
		searchable: z.number().int(),
		queries: z.array(comparedQuerySchema),
		/** Photos a second that the candidate embedded; null where all were embedded before. */
		photosPerSecond: z.number().nullable(),
	}),
]);
export type TrialEvent = z.infer<typeof trialEventSchema>;

/** What the person wrote, asked as if it were a search. */
export const writtenKindSchema = z.enum(["captions", "keywords", "names"]);
export type WrittenKind = z.infer<typeof writtenKindSchema>;

/** Where a share would lie 95 times in 100, had many more been asked; 0 to 1. */
const shareRangeSchema = z.object({ from: z.number(), to: z.number() });
export type ShareRange = z.infer<typeof shareRangeSchema>;

/** So many questions, and no share is more than 15 in 100 off; fewer are too few to tell. */
export const tellingQueries = 40;

const recallSchema = z.object({
	kind: writtenKindSchema,
	/** How many texts were asked. */
	queries: z.number().int(),
	/** Share of them with a right photo among the first 1, 5 and 10; 0 to 1. */
	recallAt1: z.number(),
	recallAt5: z.number(),
	recallAt10: z.number(),
	/** How far these shares are to be trusted. */
	rangeAt1: shareRangeSchema,
	rangeAt5: shareRangeSchema,
	rangeAt10: shareRangeSchema,
	/** The same by chance, with as many right photos. */
	chanceAt1: z.number(),
	chanceAt5: z.number(),
	chanceAt10: z.number(),
});
export type WrittenRecall = z.infer<typeof recallSchema>;

const evaluatedEncoderSchema = z.object({
	model: modelIdSchema,
	title: z.string(),
	/** Searches this library now. */
	inUse: z.boolean(),
	/** Empty where there is a problem. */
	recalls: z.array(recallSchema),
	/** Why it could not be measured. */
	problem: z.string().nullable(),
});
export type EvaluatedEncoder = z.infer<typeof evaluatedEncoderSchema>;

export const evaluationEventSchema = z.discriminatedUnion("phase", [
	z.object({
		phase: z.literal("embedding"),
		title: z.string(),
		done: z.number().int(),
		photos: z.number().int(),
		secondsLeft: z.number().nullable(),
	}),
	z.object({ phase: z.literal("asking"), title: z.string() }),
	z.object({
		phase: z.literal("done"),
		/** Photos that could be found. */
		photos: z.number().int(),
		searchable: z.number().int(),
		encoders: z.array(evaluatedEncoderSchema),
	}),
]);
export type EvaluationEvent = z.infer<typeof evaluationEventSchema>;

const modelInput = z.object({ model: modelIdSchema });
const one = procedure.route({ method: "POST", path: "/encoder-change" });

export const encoderChangeContract = {
	status: procedure.route({ method: "GET", path: "/encoder-change" }).output(encoderUseSchema),
	/**
	 * Begins to change to an installed encoder, in place of a change under way. With the one that
	 * searches already, only ends such a change. The package is checked first. Refused with
	 * MODEL_NOT_FOUND, MODEL_UNAVAILABLE (damaged, incomplete, not what it says), MODEL_DAMAGED (words and
	 * pictures do not fit together).
	 */
	start: one.input(modelInput).output(encoderUseSchema),
	pause: procedure
		.route({ method: "POST", path: "/encoder-change/pause" })
		.output(encoderUseSchema),
	resume: procedure
		.route({ method: "POST", path: "/encoder-change/resume" })
		.output(encoderUseSchema),
	/** What it has embedded is kept until it is discarded. */
	cancel: procedure
		.route({ method: "POST", path: "/encoder-change/cancel" })
		.output(encoderUseSchema),
	/** Forgets all that a kept encoder has embedded. Refused with MODEL_BUSY for one that is in use. */
	discard: procedure
		.route({ method: "POST", path: "/encoder-change/discard" })
		.input(z.object({ key: z.string().min(1).max(200) }))
		.output(encoderUseSchema),
	/**
	 * Compares an installed encoder with the one that searches, on a sample of photos. What it embeds is
	 * kept: a later change need not do it again. Only the words of a query count, not its filters.
	 */
	try: procedure
		.route({ method: "POST", path: "/encoder-change/try" })
		.input(
			modelInput.extend({
				queries: z.array(z.string().min(1).max(queryMaxCharacters)).min(1).max(20),
				photos: z.number().int().min(1).max(2000).default(200),
			}),
		)
		.output(eventIterator(trialEventSchema)),
	/** Measures installed encoders by what the person wrote about photos; all of them where none is named. */
	evaluate: procedure
		.route({ method: "POST", path: "/encoder-change/evaluate" })
		.input(
			z.object({
				models: z.array(modelIdSchema).max(20).optional(),
				photos: z.number().int().min(10).max(20_000).default(1000),
			}),
		)
		.output(eventIterator(evaluationEventSchema)),
};
