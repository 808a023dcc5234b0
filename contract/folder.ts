/** @file The folders that belong to the library, and looking for one to add. */
import { z } from "zod";
import { folderIdSchema } from "./ids.ts";
import { procedure } from "./procedure.ts";

/** `offline`: its drive or share is not there at the moment; its photos stay in the library. */
export const folderStateSchema = z.enum(["online", "offline"]);

export const folderSchema = z.object({
	id: folderIdSchema,
	/** Where it is now, or was last seen. */
	path: z.string(),
	name: z.string(),
	state: folderStateSchema,
	photos: z.number().int(),
	searchable: z.number().int(),
	failed: z.number().int(),
	/** True while the disk is being compared with the library. */
	scanning: z.boolean(),
	/** False where the system refused to watch it; changes then show up at the next scan. */
	watched: z.boolean(),
	/**
	 * Folders and files below it, by relative path, that the last scan was not allowed or able to read: their
	 * photos are missing here. The first hundred.
	 */
	unreadable: z.array(z.string()).optional(),
	/** Afterimage's own, of the pictures drawn here. */
	drawings: z.boolean().optional(),
});
export type Folder = z.infer<typeof folderSchema>;

/** One level of folders, for choosing one where the host has no dialog of its own. Names only. */
export const folderListingSchema = z.object({
	path: z.string(),
	/** Null at the top. */
	parent: z.string().nullable(),
	folders: z.array(z.object({ name: z.string(), path: z.string() })),
	/** How many files with a photo's extension lie directly in it (counted up to 1,000). */
	photoFiles: z.number().int(),
	/** Good places to start: pictures folder, home, drives. */
	places: z.array(z.object({ name: z.string(), path: z.string() })),
});
export type FolderListing = z.infer<typeof folderListingSchema>;

export const folderContract = {
	list: procedure.route({ method: "GET", path: "/folders" }).output(z.array(folderSchema)),
	/** Adds a folder and starts reading it. Adding it again, or one inside it, changes nothing. */
	add: procedure
		.route({ method: "POST", path: "/folders" })
		.input(z.object({ path: z.string().min(1).max(4096) }))
		.output(folderSchema),
	/** Adds the photos that come with the app. */
	addDemo: procedure.route({ method: "POST", path: "/folders/demo" }).output(folderSchema),
	/** Forgets a folder: catalogue rows, embeddings and thumbnails. The photos themselves stay. */
	remove: procedure
		.route({ method: "DELETE", path: "/folders/{id}" })
		.input(z.object({ id: folderIdSchema }))
		.output(z.object({ photosForgotten: z.number().int() })),
	/** Compares the disk with the library now. */
	rescan: procedure
		.route({ method: "POST", path: "/folders/{id}/rescan" })
		.input(z.object({ id: folderIdSchema }))
		.output(z.void()),
	browse: procedure
		.route({ method: "GET", path: "/browse" })
		.input(z.object({ path: z.string().max(4096).optional() }))
		.output(folderListingSchema),
};
