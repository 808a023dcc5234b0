/**
 * @file Tags in files: whether tags, titles, captions and stars are written beside or into photos, what was
 * written, what needs a decision.
 */
import { eventIterator } from "@orpc/contract";
import { z } from "zod";
import { describedFieldSchema, describedSchema } from "./description.ts";
import { changeIdSchema, originalIdSchema, photoIdSchema } from "./ids.ts";
import { discardedSchema, keptOriginalsSchema } from "./kept-original.ts";
import { procedure } from "./procedure.ts";

/**
 * Where tags are kept. `library`: only there, and nothing is ever written elsewhere; so it is unless the
 * person chooses otherwise. `sidecars`: also in sidecars beside the photos. `files`: in both, and inside the
 * photo files whose format allows it, each of which is first copied into the library.
 */
export const keptInSchema = z.enum(["library", "sidecars", "files"]);
export type KeptIn = z.infer<typeof keptInSchema>;

/** How writing stands. */
export const tagWritingStatusSchema = z.object({
	/** The person's choice. */
	keptIn: keptInSchema,
	/** Photos whose tags are not in their files yet; 0 where none are written. */
	waiting: z.number().int(),
	/** Photos changed by both sides, which wait for a decision. */
	conflicts: z.number().int(),
	/** Sidecars ever written, and photo files ever written into. */
	sidecarsWritten: z.number().int(),
	photosWritten: z.number().int(),
	/** Untouched photo files that the library keeps, which `restore` puts back. */
	originals: z.object({
		/** The folder they are in, for showing. */
		path: z.string(),
		files: z.number().int(),
		sizeBytes: z.number().int(),
	}),
	/** Why this computer cannot write into photo files, in words; null when it can. */
	filesImpossible: z.string().nullable(),
	/** Folders that take no files; their photos' tags stay in the library. */
	unwritable: z.array(z.object({ path: z.string(), reason: z.string(), told: z.boolean() })),
	/** Sidecars and photo files that were left alone, and why; at most 100. */
	refused: z.array(z.object({ path: z.string(), reason: z.string() })),
	/** Why it cannot go on, in words; null when all is well. */
	problem: z.string().nullable(),
});
export type TagWritingStatus = z.infer<typeof tagWritingStatusSchema>;

/** A photo that was changed here and in its file. Tags are paths such as `animal/dog`. */
export const tagConflictSchema = z.object({
	id: photoIdSchema,
	/** Of the photo, for showing. */
	path: z.string(),
	version: z.number().int(),
	/** In what the two sides differ. */
	differsIn: z.array(z.enum(["tags", ...describedFieldSchema.options])),
	fileTags: z.array(z.string()),
	libraryTags: z.array(z.string()),
	file: describedSchema,
	library: describedSchema,
	foundAtMs: z.number(),
});
export type TagConflict = z.infer<typeof tagConflictSchema>;

/** A file that this library wrote outside itself. */
export const outsideWriteSchema = z.object({
	path: z.string(),
	kind: z.enum(["sidecar", "photo"]),
	firstAtMs: z.number(),
	lastAtMs: z.number(),
	times: z.number().int(),
});
export type OutsideWrite = z.infer<typeof outsideWriteSchema>;

/** What would be written into one file. Only what changes is named. */
export const plannedWriteSchema = z.object({
	id: photoIdSchema,
	path: z.string(),
	kind: z.enum(["sidecar", "photo"]),
	/** True for a sidecar that is not there yet. */
	isNew: z.boolean(),
	add: z.array(z.string()),
	remove: z.array(z.string()),
	...describedSchema.partial().shape,
});
export type PlannedWrite = z.infer<typeof plannedWriteSchema>;

/** How far a run of writing has come. The last one has `done === total`. */
export const tagWritingProgressSchema = z.object({
	/** Photos looked at, of how many. */
	done: z.number().int(),
	total: z.number().int(),
	/** Files written so far. */
	sidecars: z.number().int(),
	photos: z.number().int(),
});
export type TagWritingProgress = z.infer<typeof tagWritingProgressSchema>;

export const tagWritingContract = {
	status: procedure.route({ method: "GET", path: "/tag-writing" }).output(tagWritingStatusSchema),
	/**
	 * From then on every photo's tags are written there; what is in files already stays, whatever is chosen.
	 * @throws NOT_SUPPORTED for `files` where `filesImpossible` says why.
	 */
	change: procedure
		.route({ method: "PATCH", path: "/tag-writing" })
		.input(z.object({ keptIn: keptInSchema }))
		.output(tagWritingStatusSchema),
	/** The last found first. */
	conflicts: procedure
		.route({ method: "GET", path: "/tag-writing/conflicts" })
		.output(z.array(tagConflictSchema)),
	/**
	 * Which side is right: the file's, the library's, or both: all tags of the two, and of titles, captions
	 * and stars, of which there can be only one, the library's. `tag.undo` brings the conflict back.
	 * PHOTO_NOT_FOUND when it is settled.
	 */
	settle: procedure
		.route({ method: "POST", path: "/tag-writing/conflicts/{id}" })
		.input(z.object({ id: photoIdSchema, choice: z.enum(["file", "library", "both"]) }))
		.output(tagWritingStatusSchema.extend({ changeId: changeIdSchema.nullable() })),
	/** The last written first. */
	outsideWrites: procedure
		.route({ method: "GET", path: "/tag-writing/files" })
		.input(z.object({ limit: z.coerce.number().int().min(1).max(10_000).default(200) }))
		.output(z.array(outsideWriteSchema)),
	/** The person has read which folders take no files. */
	told: procedure
		.route({ method: "POST", path: "/tag-writing/told" })
		.output(tagWritingStatusSchema),
	/** What `write` would do, without doing it. */
	plan: procedure
		.route({ method: "GET", path: "/tag-writing/plan" })
		.input(
			z.object({
				to: keptInSchema.exclude(["library"]),
				limit: z.coerce.number().int().min(1).max(100_000).default(1000),
			}),
		)
		.output(
			z.object({
				writes: z.array(plannedWriteSchema),
				/** There are more than were asked for. */
				more: z.boolean(),
				/** Photos that are passed over, because library and file were both changed. */
				conflicts: z.number().int(),
			}),
		),
	/**
	 * Writes once what `plan` names, whatever is chosen, until done or the caller stops.
	 * @throws NOT_SUPPORTED for `files` where `filesImpossible` says why.
	 */
	write: procedure
		.route({ method: "POST", path: "/tag-writing/write" })
		.input(z.object({ to: keptInSchema.exclude(["library"]) }))
		.output(eventIterator(tagWritingProgressSchema)),
	/**
	 * Puts the untouched file of each of these photos back, all when none are named; tags stay in the library.
	 * Such a photo's file is then left alone until `change` chooses `files` anew.
	 */
	restore: procedure
		.route({ method: "POST", path: "/tag-writing/restore" })
		.input(z.object({ ids: z.array(photoIdSchema).max(1_000_000).optional() }))
		.output(
			z.object({
				restored: z.number().int(),
				/** Of all photos, where all were meant: those whose untouched copy was discarded. */
				withoutCopy: z.number().int(),
				/** Left as they are, and why; at most 100. */
				refused: z.array(z.object({ path: z.string(), reason: z.string() })),
			}),
		),
	/** The untouched files that `restore` goes back to, and those that no photo goes back to any more. */
	originals: procedure
		.route({ method: "GET", path: "/tag-writing/originals" })
		.output(keptOriginalsSchema),
	/**
	 * Discards untouched files: to the trash, from which `trash.restore` brings them back; where there is none, for
	 * good, which has to be said. Photos stay as they are, and cannot be put back any more.
	 * @throws NOT_SUPPORTED where there is no trash and `forGood` is not said: nothing was discarded then.
	 */
	discardOriginals: procedure
		.route({ method: "POST", path: "/tag-writing/originals/discard" })
		.input(
			z.object({
				ids: z.array(originalIdSchema).min(1).max(1_000_000),
				forGood: z.boolean().default(false),
			}),
		)
		.output(discardedSchema),
};
