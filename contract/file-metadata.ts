/** @file What a person or program wrote about a photo in its file or in a sidecar beside it. */
import { z } from "zod";

/** Null or empty where nothing is said. Texts are clean: trimmed, no control characters. */
export const fileMetadataSchema = z.object({
	title: z.string().nullable(),
	caption: z.string().nullable(),
	/** Flat keywords as written, each once. */
	keywords: z.array(z.string()),
	/** Nested keywords such as `["Animals", "Dog"]`, outermost first; a path of one is a flat keyword. */
	hierarchies: z.array(z.array(z.string())),
	/** 0 to 5 stars; -1 is rejected. */
	rating: z.number().int().min(-1).max(5).nullable(),
	/** A colour label's name as written, such as `Red`. */
	label: z.string().nullable(),
});
export type FileMetadata = z.infer<typeof fileMetadataSchema>;
