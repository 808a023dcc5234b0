/** @file Text in pictures: whether it is read, and what was read in a photo. */
import { z } from "zod";
import { photoIdSchema } from "./ids.ts";
import { failureReasonSchema } from "./photo.ts";
import { procedure } from "./procedure.ts";

const shareSchema = z.number().min(0).max(1);

/** One line of text in a picture. */
export const textLineSchema = z.object({
	text: z.string(),
	/** How likely its characters are right, 0 to 1. */
	confidence: shareSchema,
	/**
	 * x and y of four corners in shares of the upright picture's sides, in reading order: start and end
	 * of the top, end and start of the bottom.
	 */
	corners: z.array(shareSchema).length(8),
});
export type TextLine = z.infer<typeof textLineSchema>;

/** What is known of the text in a photo. `lines` are in reading order; none where there is no text. */
export const photoTextSchema = z.discriminatedUnion("state", [
	z.object({ state: z.literal("read"), lines: z.array(textLineSchema) }),
	/** Not yet, or not while reading is off. */
	z.object({ state: z.literal("waiting") }),
	z.object({
		state: z.literal("failed"),
		reason: failureReasonSchema,
		message: z.string(),
	}),
]);
export type PhotoText = z.infer<typeof photoTextSchema>;

/** How far reading the text in pictures has come. */
export const textReadingStatusSchema = z.object({
	/** The person's choice. What was read stays when it is off. */
	enabled: z.boolean(),
	/** Searchable photos, and how many of them are done; failed ones are. */
	photos: z.number().int(),
	done: z.number().int(),
	failed: z.number().int(),
	/** Processor time one picture took of late; null until there is something to measure. */
	secondsPerPhoto: z.number().nullable(),
	/** Who reads, and under what licence; null when it cannot be loaded. */
	reader: z.object({ title: z.string(), licence: z.string() }).nullable(),
	/** Why it cannot go on, in words; null when all is well. */
	problem: z.string().nullable(),
});
export type TextReadingStatus = z.infer<typeof textReadingStatusSchema>;

export const recognitionContract = {
	status: procedure.route({ method: "GET", path: "/recognition" }).output(textReadingStatusSchema),
	/** Turns it on or off; off stops at once. */
	change: procedure
		.route({ method: "POST", path: "/recognition" })
		.input(z.object({ enabled: z.boolean() }))
		.output(textReadingStatusSchema),
	/** Reads what waits, also where the library is open only for a command. Does not turn it on. */
	start: procedure
		.route({ method: "POST", path: "/recognition/start" })
		.output(textReadingStatusSchema),
	/** Refused with PHOTO_NOT_FOUND. */
	ofPhoto: procedure
		.route({ method: "GET", path: "/photos/{id}/text" })
		.input(z.object({ id: photoIdSchema }))
		.output(photoTextSchema),
};
