/** @file Pictures drawn from a prompt: the families, the queue, the history, the files. */
import { eventIterator } from "@orpc/contract";
import { z } from "zod";
import { drawingMaskSchema, drawingStartSchema, givenPicturesSchema } from "./drawing-sources.ts";
import { drawingIdSchema, photoIdSchema } from "./ids.ts";
import { modelIdSchema } from "./model-package.ts";
import { procedure } from "./procedure.ts";

/** Ways of drawing, named as in the field: VQGAN+CLIP, DALL-E 2, DALL-E 1. */
export const drawingFamilySchema = z.enum(["guided", "diffusion", "autoregressive"]);
export type DrawingFamily = z.infer<typeof drawingFamilySchema>;

/** Longest prompt the channel carries; what can be used is said by the engine, in words. */
const carriedCharacters = 100_000;

/** Everything that decides what comes out, but the pixels of start picture and mask. Limits: the engine checks. */
export const drawingSettingsSchema = z.object({
	family: drawingFamilySchema,
	/** Several are drawn together; a negative weight means less of it. */
	prompts: z.array(z.object({ text: z.string().max(carriedCharacters), weight: z.number() })),
	seed: z.number(),
	width: z.number(),
	height: z.number(),
	steps: z.number(),
	/** sRGB colours to keep to, 0 to 255; empty for any. */
	palette: z.array(z.tuple([z.number(), z.number(), z.number()])),
	canvas: z.enum(["auto", "strokes", "latent", "pyramid", "fourier"]).nullable(),
	finish: z.enum(["smooth", "painted"]).nullable(),
	/** 0 keeps the start picture almost as it is, 1 only a hint of it; null without one. */
	strength: z.number().nullable(),
	/** A mask keeps part of the start picture as it is. */
	masked: z.boolean().default(false),
	/** How much more the prompt counts than chance; null for the model's own, and for families without. */
	guidance: z.number().nullable().default(null),
	/** How pieces are drawn by lot, where a family draws one after another; null for its own, and for the others. */
	sampling: z
		.object({
			temperature: z.number(),
			topK: z.number(),
			topP: z.number(),
		})
		.nullable()
		.default(null),
	/** Drawn for one picture; the encoder chooses the one that is kept. Null for the model's own, and for families without. */
	candidates: z.number().nullable().default(null),
	/** The installed model that draws; null for the one that came with the app. */
	package: modelIdSchema.nullable().default(null),
});
export type DrawingSettings = z.infer<typeof drawingSettingsSchema>;

/** How many pictures one request may ask for. */
export const candidatesAtMost = 16;

/** Of how many photos at once the colours are looked at. */
export const colourPhotosAtMost = 24;

/** `unfinished`: the app ended while it waited or was drawn; it is offered again. */
export const drawingStateSchema = z.enum(["waiting", "drawing", "done", "failed", "unfinished"]);
export type DrawingState = z.infer<typeof drawingStateSchema>;

/** How far the picture has come that is being drawn. */
export const drawingProgressSchema = z.object({
	id: drawingIdSchema,
	step: z.number().int(),
	steps: z.number().int(),
	/** Of the picture so far and the prompt; null while unknown. */
	similarity: z.number().nullable(),
	secondsLeft: z.number().nullable(),
	/** Grows with every preview; 0 while there is none. */
	preview: z.number().int(),
});
export type DrawingProgress = z.infer<typeof drawingProgressSchema>;

export const drawingSchema = z.object({
	id: drawingIdSchema,
	/** Candidates of one request share it. */
	request: z.number().int(),
	state: drawingStateSchema,
	settings: drawingSettingsSchema,
	createdAtMs: z.number(),
	/** The encoder's cosine similarity of the finished picture to its prompt. */
	similarity: z.number().nullable(),
	/** Place among the candidates of its request by similarity, from 1; null before it is known. */
	rank: z.number().int().nullable(),
	starred: z.boolean(),
	/** Why it failed. */
	problem: z.string().nullable(),
	/** A prompt was longer than the model reads. */
	shortened: z.boolean(),
	/** File name inside the library's `generated` folder, once done. */
	fileName: z.string().nullable(),
});
export type Drawing = z.infer<typeof drawingSchema>;

const rangeSchema = z.object({ default: z.number(), min: z.number(), max: z.number() });

/** What can be asked of one way of drawing with one model. */
export const drawingLimitsSchema = z.object({
	steps: rangeSchema,
	size: z.object({ width: z.number(), height: z.number() }),
	sideMin: z.number(),
	sideMax: z.number(),
	sideMultiple: z.number(),
	promptMaxCharacters: z.number(),
	/** Which settings it heeds; the others have to be empty. */
	heeds: z.object({
		start: z.boolean(),
		palette: z.boolean(),
		mask: z.boolean(),
		negativePrompts: z.boolean(),
	}),
	/** Null where it knows no guidance. */
	guidance: rangeSchema.nullable(),
	/** Null where the family draws nothing by lot, piece after piece. */
	sampling: z
		.object({
			temperature: rangeSchema,
			topK: rangeSchema,
			topP: rangeSchema,
		})
		.nullable(),
	/** Null where one drawing is one picture. */
	candidates: rangeSchema.nullable(),
});
export type DrawingLimits = z.infer<typeof drawingLimitsSchema>;

/** One family as the page offers it. */
export const drawingFamilyStatusSchema = z.object({
	family: drawingFamilySchema,
	title: z.string(),
	/** What it is and does, in a sentence. */
	sentence: z.string(),
	/** What is missing, in a sentence; null when it can draw with what came with the app. */
	missing: z.string().nullable(),
	/** Of the model that came with the app; null when it cannot draw. */
	limits: drawingLimitsSchema.nullable(),
	/** Installed models that draw this way. */
	packages: z.array(
		z.object({ id: modelIdSchema, title: z.string(), limits: drawingLimitsSchema }),
	),
});
export type DrawingFamilyStatus = z.infer<typeof drawingFamilyStatusSchema>;

/** What a drawing takes on this computer. */
export const drawingNeedsSchema = z.object({
	memoryBytes: z.number(),
	freeMemoryBytes: z.number(),
	diskBytes: z.number(),
	/** Of one picture; null until something was drawn or measured. */
	seconds: z.number().nullable(),
});
export type DrawingNeeds = z.infer<typeof drawingNeedsSchema>;

/** What a drawn file says of how it was made. */
const drawnFileSchema = givenPicturesSchema.extend({
	settings: drawingSettingsSchema,
	packages: z.array(z.object({ id: z.string(), version: z.string() })),
});

const given = z.object({
	settings: drawingSettingsSchema,
	start: drawingStartSchema.nullable().default(null),
	/** Only with a start picture. */
	mask: drawingMaskSchema.nullable().default(null),
});
const ids = z.object({ ids: z.array(drawingIdSchema).max(10_000) });
const included = z.object({ included: z.boolean() });
const paused = z.object({ paused: z.boolean() });

export const generationContract = {
	families: procedure
		.route({ method: "GET", path: "/drawings/families" })
		.output(z.array(drawingFamilyStatusSchema)),
	/** The queue in its order, then everything else, newest first. */
	list: procedure
		.route({ method: "GET", path: "/drawings" })
		.output(paused.extend({ drawings: z.array(drawingSchema) })),
	/** Refused as GENERATION_NOT_POSSIBLE with the field at fault; IMAGE_UNREADABLE for start picture and mask. */
	draw: procedure
		.route({ method: "POST", path: "/drawings" })
		.input(
			given.extend({
				/** Candidates: seeds `seed`, `seed` + 1, … */
				count: z.number().int().min(1).max(candidatesAtMost).default(1),
			}),
		)
		.output(ids),
	/**
	 * One picture by every family that can draw, each with its own model's defaults, as one request: they
	 * are ranked against each other. What a family does not heed is left out. Refused as `draw`.
	 */
	drawWithAll: procedure.route({ method: "POST", path: "/drawings/all" }).input(given).output(ids),
	needs: procedure
		.route({ method: "POST", path: "/drawings/needs" })
		.input(drawingSettingsSchema)
		.output(drawingNeedsSchema),
	/** Measures a few steps, so that `needs` can tell the time. */
	probe: procedure
		.route({ method: "POST", path: "/drawings/probe" })
		.input(
			z.object({ family: drawingFamilySchema, package: modelIdSchema.nullable().default(null) }),
		)
		.output(z.void()),
	/** Says `changed` when the list did, and how far the present drawing is, until the caller stops. */
	follow: procedure
		.route({ method: "GET", path: "/drawings/follow" })
		.output(
			eventIterator(
				z.discriminatedUnion("type", [
					z.object({ type: z.literal("changed") }),
					z.object({ type: z.literal("progress"), progress: drawingProgressSchema }),
				]),
			),
		),
	/** Holds the queue after the present drawing, or lets it go on. */
	pause: procedure.route({ method: "POST", path: "/drawings/pause" }).input(paused).output(paused),
	/** Failed and unfinished drawings wait again. */
	again: procedure.route({ method: "POST", path: "/drawings/again" }).input(ids).output(z.void()),
	/** The waiting drawings in this order; those not named come after. */
	reorder: procedure
		.route({ method: "POST", path: "/drawings/reorder" })
		.input(ids)
		.output(z.void()),
	star: procedure
		.route({ method: "POST", path: "/drawings/{id}/star" })
		.input(z.object({ id: drawingIdSchema, starred: z.boolean() }))
		.output(z.void()),
	/** Stops those being drawn, takes all of them out. Can be taken back for a week. */
	discard: procedure
		.route({ method: "POST", path: "/drawings/discard" })
		.input(ids)
		.output(z.void()),
	/** Takes `discard` back; what was not done waits again. */
	restore: procedure
		.route({ method: "POST", path: "/drawings/restore" })
		.input(ids)
		.output(z.void()),
	/** `full`: the file itself with its provenance; `wallpaper`: enlarged to about 4K. */
	picture: procedure
		.route({ method: "GET", path: "/drawings/{id}/picture" })
		.input(z.object({ id: drawingIdSchema, size: z.enum(["thumbnail", "full", "wallpaper"]) }))
		.output(z.file()),
	/** What a drawing was given beside its settings. */
	given: procedure
		.route({ method: "GET", path: "/drawings/{id}/given" })
		.input(z.object({ id: drawingIdSchema }))
		.output(givenPicturesSchema),
	/** The picture so far of the drawing under way. */
	preview: procedure
		.route({ method: "GET", path: "/drawings/{id}/preview" })
		.input(z.object({ id: drawingIdSchema }))
		.output(z.file()),
	/** What a file that was drawn here says of how; refused as IMAGE_UNREADABLE where it says nothing. */
	read: procedure
		.route({ method: "POST", path: "/drawings/read" })
		.input(z.object({ file: z.file() }))
		.output(drawnFileSchema),
	/** The same of a picture of the library. */
	ofPhoto: procedure
		.route({ method: "GET", path: "/photos/{id}/drawing" })
		.input(z.object({ id: photoIdSchema }))
		.output(drawnFileSchema),
	/** The main colours of photos, for a drawing to keep to; those that cannot be read are passed over. */
	colours: procedure
		.route({ method: "POST", path: "/drawings/colours" })
		.input(z.object({ ids: z.array(photoIdSchema).min(1).max(colourPhotosAtMost) }))
		.output(z.object({ palette: drawingSettingsSchema.shape.palette })),
	/** Whether finished drawings are pictures of the library, in a folder of their own. */
	inLibrary: procedure.route({ method: "GET", path: "/drawings/in-library" }).output(included),
	/** Taken out of the library, the files stay. */
	includeInLibrary: procedure
		.route({ method: "POST", path: "/drawings/in-library" })
		.input(included)
		.output(included),
};
