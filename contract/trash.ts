/** @file The trash: files that a person chose to be rid of, and their way back. Nothing is deleted by any call here. */
import { z } from "zod";
import { changeIdSchema, photoIdSchema } from "./ids.ts";
import { trashedAtMost } from "./limits.ts";
import { procedure } from "./procedure.ts";

/** A photo as the person saw it: a choice made on another version is refused. */
export const seenPhotoSchema = z.object({ id: photoIdSchema, version: z.number().int() });

export const movedToTrashSchema = z.object({
	/** Names the move for `restore`. */
	moveId: z.number().int(),
	moved: z.array(photoIdSchema),
	/** Photos that stayed where they are, with the reason. */
	stayed: z.array(z.object({ id: photoIdSchema, message: z.string() })),
	/** False where only the system's own trash can bring them back. */
	restorable: z.boolean(),
	/** Changes for `tag.undo`: what was said of copies passed to the photos that stay. */
	passedOn: z.array(changeIdSchema),
});
export type MovedToTrash = z.infer<typeof movedToTrashSchema>;

export const trashContract = {
	/**
	 * Moves the files of chosen photos to the system's trash, each with the sidecar that bears its whole name.
	 * @throws PHOTO_CHANGED when one is no longer what was shown, PHOTO_NOT_FOUND, FOLDER_OFFLINE, NOT_SUPPORTED
	 * where there is no trash: nothing was moved then.
	 */
	putPhotos: procedure
		.route({ method: "POST", path: "/trash/photos" })
		.input(z.object({ photos: z.array(seenPhotoSchema).min(1).max(trashedAtMost) }))
		.output(movedToTrashSchema),
	/**
	 * Brings the files of a move back from the trash, as far as this computer can: how many.
	 * @throws PHOTO_NOT_FOUND for a move before the last start, NOT_SUPPORTED with what to do instead.
	 */
	restore: procedure
		.route({ method: "POST", path: "/trash/restore" })
		.input(z.object({ moveId: z.number().int() }))
		.output(z.object({ restored: z.number().int() })),
};
