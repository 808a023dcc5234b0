/** @file Look-alikes: photos that are copies of one another, shown in groups with a suggestion which to keep. */
import { z } from "zod";
import { photoIdSchema } from "./ids.ts";
import { procedure } from "./procedure.ts";
import { movedToTrashSchema, seenPhotoSchema } from "./trash.ts";

/** From certain to less certain: the same bytes; the same picture saved again; a copy that was edited. */
export const copyKindSchema = z.enum(["identical", "resaved", "edited"]);
export type CopyKind = z.infer<typeof copyKindSchema>;

export const lookAlikePhotoSchema = z.object({
	id: photoIdSchema,
	fileName: z.string(),
	/** Absolute path, for showing. */
	path: z.string(),
	width: z.number().int(),
	height: z.number().int(),
	sizeBytes: z.number().int(),
	format: z.string().nullable(),
	/** Capture time, or the file's own. */
	takenAtMs: z.number(),
	takenAtKnown: z.boolean(),
	hasPlace: z.boolean(),
	version: z.number().int(),
	offline: z.boolean(),
	/** Against the photo suggested for keeping; null for that photo itself. */
	kind: copyKindSchema.nullable(),
	/** What sets it apart from the photo suggested for keeping, in words: "smaller", "mirrored". */
	differences: z.array(z.string()),
});
export type LookAlikePhoto = z.infer<typeof lookAlikePhotoSchema>;

export const lookAlikeGroupSchema = z.object({
	/** The least certain copy in it. */
	kind: copyKindSchema,
	/** The photo suggested for keeping, and why in one sentence. */
	keeperId: photoIdSchema,
	reason: z.string(),
	/** The suggested one first, then the most certain copies. */
	photos: z.array(lookAlikePhotoSchema).min(2),
});
export type LookAlikeGroup = z.infer<typeof lookAlikeGroupSchema>;

export const lookAlikeListSchema = z.object({
	/** Of all pages together. */
	total: z.number().int(),
	/** Photos besides the suggested ones, and the room they take. */
	copies: z.number().int(),
	copiesBytes: z.number().int(),
	/** Most certain first, then newest. */
	groups: z.array(lookAlikeGroupSchema),
});
export type LookAlikeList = z.infer<typeof lookAlikeListSchema>;

export const lookAlikeContract = {
	/** Looks for copies and lists the groups; the first time after a change takes a while. */
	list: procedure
		.route({ method: "GET", path: "/look-alikes" })
		.input(
			z.object({
				offset: z.coerce.number().int().min(0).default(0),
				limit: z.coerce.number().int().min(1).max(1000).default(50),
			}),
		)
		.output(lookAlikeListSchema),
	/** These are to be kept, all of them: their group is not shown again. Remembered by content. */
	keepAll: procedure
		.route({ method: "POST", path: "/look-alikes/keep" })
		.input(z.object({ ids: z.array(photoIdSchema).min(2).max(1000) }))
		.output(z.void()),
	/** Takes `keepAll` back. */
	showAgain: procedure
		.route({ method: "POST", path: "/look-alikes/show-again" })
		.input(z.object({ ids: z.array(photoIdSchema).min(2).max(1000) }))
		.output(z.void()),
	/**
	 * As `trash.putPhotos`, whose `restore` brings them back. Each must be in a group of which a photo stays.
	 * @throws PHOTO_CHANGED when one is no longer what was shown; nothing was moved then.
	 */
	moveToTrash: procedure
		.route({ method: "POST", path: "/look-alikes/trash" })
		.input(z.object({ photos: z.array(seenPhotoSchema).min(1).max(1000) }))
		.output(movedToTrashSchema),
};
