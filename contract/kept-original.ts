/** @file Untouched photo files that the library keeps: what there is, and how a person gets rid of some. */
import { z } from "zod";
import { originalIdSchema, photoIdSchema } from "./ids.ts";

/** A file as it was before anything was written into it. */
export const keptOriginalSchema = z.object({
	id: originalIdSchema,
	/** Of the copy in the library, for showing. */
	path: z.string(),
	sizeBytes: z.number().int(),
	keptAtMs: z.number(),
	/** The photos it is put back in place of, as they are now; none once another program has written to them. */
	photos: z.array(z.object({ id: photoIdSchema, version: z.number().int(), path: z.string() })),
	/** Where it was copied from, where that is still known. */
	copiedFrom: z.string().nullable(),
});
export type KeptOriginal = z.infer<typeof keptOriginalSchema>;

export const keptOriginalsSchema = z.object({
	/** The folder they are in, for showing. */
	path: z.string(),
	/** Those of no photo first, then the largest. */
	originals: z.array(keptOriginalSchema),
	sizeBytes: z.number().int(),
	/** False where this computer has no trash: what is discarded is then deleted. */
	trash: z.boolean(),
});
export type KeptOriginals = z.infer<typeof keptOriginalsSchema>;

export const discardedSchema = z.object({
	/** Names the move for `trash.restore`; null where they were deleted. */
	moveId: z.number().int().nullable(),
	discarded: z.number().int(),
	sizeBytes: z.number().int(),
	/** Why some are still there; at most 100. */
	stayed: z.array(z.string()),
	/** False where `trash.restore` cannot bring them back. */
	restorable: z.boolean(),
});
export type Discarded = z.infer<typeof discardedSchema>;
