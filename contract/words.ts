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

/** UTF-16 offsets into a text: `start` included, `end` not. */
const stretchSchema = z.object({
	start: z.number().int().nonnegative(),
	end: z.number().int().nonnegative(),
});

/** Why a photo is among the hits. The union grows: a client passes over a kind it does not know. */
export const reasonSchema = z.discriminatedUnion("kind", [
	/** The picture itself looks like what was asked for. */
	z.object({ kind: z.literal("looks-like"), confidence: z.number().min(0).max(1) }),
	/** Words of the query stand in what is written about the photo. */
	z.object({
		kind: z.literal("words"),
		source: wordSourceSchema,
		/** Around the words, as it was written; an ellipsis where it was cut. */
		excerpt: z.string(),
		/** Where in the excerpt the words are. */
		marks: z.array(stretchSchema),
	}),
	/** It passes this filter: the part's place in the `parts` of `parsed`. */
	z.object({ kind: z.literal("filter"), part: z.number().int().nonnegative() }),
]);
export type Reason = z.infer<typeof reasonSchema>;
