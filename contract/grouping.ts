/** @file Lists of photos in groups: by day, month, place or folder. */
import { z } from "zod";
import { folderIdSchema } from "./ids.ts";

/** What photos are put together by; `none` leaves the list in one piece. */
export const groupingSchema = z.enum(["none", "day", "month", "place", "folder"]);
export type Grouping = z.infer<typeof groupingSchema>;

/** What a group's photos have in common. Days and months are those of the photo's own time zone. */
export const groupLabelSchema = z.discriminatedUnion("kind", [
	/** Whole days since 1970-01-01. */
	z.object({ kind: z.literal("day"), day: z.number().int() }),
	/** `month` is 1 to 12. */
	z.object({ kind: z.literal("month"), year: z.number().int(), month: z.number().int() }),
	/** A town and its surroundings; null where no town is near. `country` is ISO 3166-1 alpha-2. */
	z.object({
		kind: z.literal("place"),
		town: z.string().nullable(),
		region: z.string().nullable(),
		country: z.string().nullable(),
	}),
	/** The photo does not say. */
	z.object({ kind: z.literal("unknown") }),
	/** `path` begins with the library folder's name, with `/` between the parts. */
	z.object({ kind: z.literal("folder"), folderId: folderIdSchema, path: z.string() }),
]);
export type GroupLabel = z.infer<typeof groupLabelSchema>;

/**
 * A list cut into groups: `of[i]` is the place in `labels` of the list's photo i. Labels come in the
 * order in which their groups first appear in the list; photos that do not say are always last.
 */
export const groupsSchema = z.object({
	labels: z.array(groupLabelSchema),
	of: z.array(z.number().int().nonnegative()),
});
export type Groups = z.infer<typeof groupsSchema>;
