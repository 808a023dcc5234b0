/** @file Where words of a photo stand. */
import { z } from "zod";

/**
 * `name` and `folder`: of the file. `title`, `caption`, `keywords`: written in the file or beside it.
 * `tags`: the person's own. `recognised`: read in the picture. `place`: where the photo was taken.
 */
export const wordSourceSchema = z.enum([
	"name",
	"folder",
	"title",
	"caption",
	"keywords",
	"tags",
	"recognised",
	"place",
]);
export type WordSource = z.infer<typeof wordSourceSchema>;
