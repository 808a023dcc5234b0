/** @file How and where a photo was taken, as far as its file says; null where it says nothing. */
import { z } from "zod";

export const captureFactsSchema = z.object({
	/** Minutes east of UTC where the photo was taken. */
	takenOffsetMinutes: z.number().int().nullable(),
	/** Degrees, north and east positive. */
	latitude: z.number().nullable(),
	longitude: z.number().nullable(),
	cameraMake: z.string().nullable(),
	cameraModel: z.string().nullable(),
	lens: z.string().nullable(),
	focalLengthMm: z.number().nullable(),
	/** The f-number. */
	aperture: z.number().nullable(),
	exposureSeconds: z.number().nullable(),
	iso: z.number().nullable(),
});
export type CaptureFacts = z.infer<typeof captureFactsSchema>;

/** Of a file that says nothing. */
export const unknownCaptureFacts: CaptureFacts = {
	takenOffsetMinutes: null,
	latitude: null,
	longitude: null,
	cameraMake: null,
	cameraModel: null,
	lens: null,
	focalLengthMm: null,
	aperture: null,
	exposureSeconds: null,
	iso: null,
};
