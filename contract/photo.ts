/** @file Photos: the whole library as a compact grid, one photo in full, and the photos that failed. */
import { z } from "zod";
import { captureFactsSchema } from "./capture-facts.ts";
import { drawnPicturesSchema, usualDrawnPictures } from "./drawn-pictures.ts";
import { groupsSchema } from "./grouping.ts";
import { folderIdSchema, photoIdSchema } from "./ids.ts";
import { procedure } from "./procedure.ts";

/** How far a photo has come. `offline` photos keep their thumbnail and stay searchable. */
export const photoStateSchema = z.enum(["waiting", "searchable", "failed"]);
export type PhotoState = z.infer<typeof photoStateSchema>;

/** Why a photo could not be read. A closed list, so that each has a sentence in the page. */
export const failureReasonSchema = z.enum([
	"empty",
	"corrupt",
	"truncated",
	"unsupported-format",
	"too-many-pixels",
	"too-large",
	"permission-denied",
	"vanished",
	"timed-out",
	"decoder-crashed",
	"out-of-memory",
	"disk-full",
	"unknown",
]);
export type FailureReason = z.infer<typeof failureReasonSchema>;

/**
 * The grid's columns, index by index: 100,000 photos are four flat arrays of numbers (about 1.5 MB)
 * instead of 100,000 objects.
 */
export const photoColumnsSchema = z.object({
	ids: z.array(photoIdSchema),
	/** Width over height of the upright picture, times 1000; 1000 while unknown. */
	aspectsPermille: z.array(z.number().int()),
	/** Capture day (or file day) as whole days since 1970-01-01 in the photo's own time zone. */
	days: z.array(z.number().int()),
	/** Changes when the thumbnail does: the `v` of its URL; 0 while there is no thumbnail yet. */
	versions: z.array(z.number().int()),
	/** Where photos were asked for by place or folder; the columns stay newest first. */
	groups: groupsSchema.optional(),
	/** How many drawn pictures were left out. */
	hiddenDrawn: z.number().int().default(0),
});
export type PhotoColumns = z.infer<typeof photoColumnsSchema>;

/** What a grid cell needs beyond its columns. */
export const photoSummarySchema = z.object({
	id: photoIdSchema,
	fileName: z.string(),
	width: z.number().int().nonnegative(),
	height: z.number().int().nonnegative(),
	/** Milliseconds since the epoch; capture time, or the file's own time when the photo says nothing. */
	takenAtMs: z.number(),
	version: z.number().int(),
	state: photoStateSchema,
	offline: z.boolean(),
	/** A program drew it, as its file says. */
	generated: z.boolean().default(false),
	/** 1 to 5 stars, -1 for rejected, as set here or by files; null is none. */
	rating: z.number().int().min(-1).max(5).nullable().default(null),
});
export type PhotoSummary = z.infer<typeof photoSummarySchema>;

/** Everything known of one photo. Fields the file does not carry are null. */
export const photoDetailSchema = photoSummarySchema.extend({
	folderId: folderIdSchema,
	/** Absolute path, for showing; clients never send it back. */
	path: z.string(),
	/** Path inside its library folder, with `/` between the parts. */
	relativePath: z.string(),
	sizeBytes: z.number().int(),
	modifiedAtMs: z.number(),
	format: z.string().nullable(),
	/** True when `takenAtMs` came from the photo and not from the file system. */
	takenAtKnown: z.boolean(),
	...captureFactsSchema.shape,
	failure: z.object({ reason: failureReasonSchema, message: z.string() }).nullable(),
});
export type PhotoDetail = z.infer<typeof photoDetailSchema>;

/** A photo that could not be read, with the reason. */
export const photoFailureSchema = z.object({
	id: photoIdSchema,
	path: z.string(),
	reason: failureReasonSchema,
	message: z.string(),
	attempts: z.number().int(),
	failedAtMs: z.number(),
});
export type PhotoFailure = z.infer<typeof photoFailureSchema>;

export const photoContract = {
	/** Every photo, newest first; pictures a program drew only where they are asked for. */
	columns: procedure
		.route({ method: "GET", path: "/photos" })
		.input(
			z.object({
				folderId: folderIdSchema.optional(),
				group: z.enum(["time", "place", "folder"]).default("time"),
				drawn: drawnPicturesSchema.default(usualDrawnPictures),
			}),
		)
		.output(photoColumnsSchema),
	/** Grid cells' facts; ids that no longer exist are left out. */
	summaries: procedure
		.route({ method: "POST", path: "/photos/summaries" })
		.input(z.object({ ids: z.array(photoIdSchema).max(1000) }))
		.output(z.array(photoSummarySchema)),
	detail: procedure
		.route({ method: "GET", path: "/photos/{id}" })
		.input(z.object({ id: photoIdSchema }))
		.output(photoDetailSchema),
	failures: procedure
		.route({ method: "GET", path: "/failures" })
		.output(z.array(photoFailureSchema)),
	/** Reads failed photos again; all of them when no ids are given. Returns how many were queued. */
	retry: procedure
		.route({ method: "POST", path: "/failures/retry" })
		.input(z.object({ ids: z.array(photoIdSchema).max(100_000).optional() }))
		.output(z.object({ queued: z.number().int() })),
	/** Moves photos the person is looking at to the front of the queue. */
	prioritise: procedure
		.route({ method: "POST", path: "/photos/prioritise" })
		.input(z.object({ ids: z.array(photoIdSchema).max(1000) }))
		.output(z.void()),
	/** Shows the file in the system's file manager (on the computer the engine runs on). */
	reveal: procedure
		.route({ method: "POST", path: "/photos/{id}/reveal" })
		.input(z.object({ id: photoIdSchema }))
		.output(z.void()),
};
