/** @file What is said of photos: title, caption and stars, as the person set them here or as their files have them. */
import { z } from "zod";
import { fileMetadataSchema } from "./file-metadata.ts";
import { photoIdSchema } from "./ids.ts";
import { captionMaxCharacters, titleMaxCharacters } from "./limits.ts";
import { procedure } from "./procedure.ts";
import { tagChangeSchema } from "./tag.ts";

/** What of a description can be set here. */
export const describedFieldSchema = z.enum(["title", "caption", "rating"]);
export type DescribedField = z.infer<typeof describedFieldSchema>;

/** 1 to 5 stars; -1 is rejected; null is none. */
export const ratingSchema = z.number().int().min(-1).max(5);

/** Title, caption and stars; null where there is nothing. */
export const describedSchema = fileMetadataSchema.pick({
	title: true,
	caption: true,
	rating: true,
});
export type Described = z.infer<typeof describedSchema>;

/** A photo's description as it counts in the library, and where it comes from. */
export const photoDescriptionSchema = describedSchema.extend({
	/** A colour label's name, such as `Red`; only ever from files. */
	label: z.string().nullable(),
	/** Set by the person here, whatever files say. */
	setHere: z.array(describedFieldSchema),
	/** What stands in the photo's own file, and in the sidecar beside it; null where there is none or it is unread. */
	inFile: fileMetadataSchema.nullable(),
	inSidecar: fileMetadataSchema.nullable(),
	/** For showing. */
	sidecarPath: z.string().nullable(),
});
export type PhotoDescription = z.infer<typeof photoDescriptionSchema>;

/** What a selection has in common. */
export const selectionDescriptionSchema = describedSchema.extend({
	/** Photos that were counted in. */
	photos: z.number().int(),
	/** In these the photos differ; their values above are null. */
	mixed: z.array(describedFieldSchema),
});
export type SelectionDescription = z.infer<typeof selectionDescriptionSchema>;

export const descriptionContract = {
	ofPhoto: procedure
		.route({ method: "GET", path: "/photos/{id}/description" })
		.input(z.object({ id: photoIdSchema }))
		.output(photoDescriptionSchema),
	ofPhotos: procedure
		.route({ method: "POST", path: "/descriptions/of-photos" })
		.input(z.object({ ids: z.array(photoIdSchema).max(1_000_000) }))
		.output(selectionDescriptionSchema),
	/**
	 * Sets what is named, for every photo; null or blank takes it away, and 0 stars are none. Search finds it
	 * at once, `tag.undo` takes it back, and it is written to files where tags are (`tagWriting`). `changed`
	 * counts the values that became others.
	 */
	change: procedure
		.route({ method: "POST", path: "/descriptions/change" })
		.input(
			z.object({
				ids: z.array(photoIdSchema).max(1_000_000),
				title: z.string().max(titleMaxCharacters).nullable().optional(),
				caption: z.string().max(captionMaxCharacters).nullable().optional(),
				rating: ratingSchema.nullable().optional(),
			}),
		)
		.output(tagChangeSchema),
};
