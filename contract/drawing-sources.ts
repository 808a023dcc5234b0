/** @file The pictures a drawing is given beside its settings: what it begins with, and what of it may change. */
import { z } from "zod";
import { drawingIdSchema, photoIdSchema } from "./ids.ts";

/** Where a start picture is taken from. */
export const drawingStartSchema = z.discriminatedUnion("kind", [
	z.object({ kind: z.literal("photo"), id: photoIdSchema }),
	/** A drawing's result. */
	z.object({ kind: z.literal("drawing"), id: drawingIdSchema }),
	/** What that drawing itself was begun with. */
	z.object({ kind: z.literal("start-of"), id: drawingIdSchema }),
	z.object({ kind: z.literal("file"), file: z.file() }),
]);
export type DrawingStart = z.infer<typeof drawingStartSchema>;

/**
 * Where a mask is taken from: a picture, white where the start picture may change, black where it stays,
 * grey for something between. Of the start picture's shape, or of the drawing's.
 */
export const drawingMaskSchema = z.discriminatedUnion("kind", [
	/** What that drawing itself was masked with. */
	z.object({ kind: z.literal("mask-of"), id: drawingIdSchema }),
	z.object({ kind: z.literal("file"), file: z.file() }),
]);
export type DrawingMask = z.infer<typeof drawingMaskSchema>;

/** Both as PNGs of the drawing's size; null where there was none. */
export const givenPicturesSchema = z.object({
	start: z.file().nullable(),
	mask: z.file().nullable(),
});
