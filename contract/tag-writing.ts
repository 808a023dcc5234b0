/** @file Tags in files: whether they are written beside photos, what was written, what needs a decision. */
import { z } from "zod";
import { photoIdSchema } from "./ids.ts";
import { procedure } from "./procedure.ts";

/** How writing tags beside photos stands. */
export const tagWritingStatusSchema = z.object({
	/** The person's choice; off unless switched on. */
	enabled: z.boolean(),
	/** Photos whose tags are not in their sidecars yet. */
	waiting: z.number().int(),
	/** Photos changed by both sides, which wait for a decision. */
	conflicts: z.number().int(),
	/** Files ever written outside the library. */
	sidecarsWritten: z.number().int(),
	/** Folders that take no files; their photos' tags stay in the library. */
	unwritable: z.array(z.object({ path: z.string(), reason: z.string(), told: z.boolean() })),
	/** Sidecars that were left alone, and why; at most 100. */
	refused: z.array(z.object({ path: z.string(), reason: z.string() })),
	/** Why it cannot go on, in words; null when all is well. */
	problem: z.string().nullable(),
});
export type TagWritingStatus = z.infer<typeof tagWritingStatusSchema>;

/** A photo whose tags were changed here and in its file. Tags are paths such as `animal/dog`. */
export const tagConflictSchema = z.object({
	id: photoIdSchema,
	/** Of the photo, for showing. */
	path: z.string(),
	version: z.number().int(),
	fileTags: z.array(z.string()),
	libraryTags: z.array(z.string()),
	foundAtMs: z.number(),
});
export type TagConflict = z.infer<typeof tagConflictSchema>;

/** A file that this library wrote outside itself. */
export const outsideWriteSchema = z.object({
	path: z.string(),
	firstAtMs: z.number(),
	lastAtMs: z.number(),
	times: z.number().int(),
});
export type OutsideWrite = z.infer<typeof outsideWriteSchema>;

export const tagWritingContract = {
	status: procedure.route({ method: "GET", path: "/tag-writing" }).output(tagWritingStatusSchema),
	/** Switched on, tags of every photo are written; off, sidecars are left as they are. */
	change: procedure
		.route({ method: "PATCH", path: "/tag-writing" })
		.input(z.object({ enabled: z.boolean() }))
		.output(tagWritingStatusSchema),
	/** The last found first. */
	conflicts: procedure
		.route({ method: "GET", path: "/tag-writing/conflicts" })
		.output(z.array(tagConflictSchema)),
	/** Which tags are right: the file's, the library's, or all of both. PHOTO_NOT_FOUND when it is settled. */
	settle: procedure
		.route({ method: "POST", path: "/tag-writing/conflicts/{id}" })
		.input(z.object({ id: photoIdSchema, choice: z.enum(["file", "library", "both"]) }))
		.output(tagWritingStatusSchema),
	/** The last written first. */
	outsideWrites: procedure
		.route({ method: "GET", path: "/tag-writing/files" })
		.input(z.object({ limit: z.coerce.number().int().min(1).max(10_000).default(200) }))
		.output(z.array(outsideWriteSchema)),
	/** The person has read which folders take no files. */
	told: procedure
		.route({ method: "POST", path: "/tag-writing/told" })
		.output(tagWritingStatusSchema),
};
