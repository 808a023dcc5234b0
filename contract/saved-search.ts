/** @file Saved searches: questions with a name, whose answers stay up to date. */
import { z } from "zod";
import { drawnPicturesSchema, usualDrawnPictures } from "./drawn-pictures.ts";
import { picturesOfQuery } from "./example.ts";
import { groupingSchema } from "./grouping.ts";
import { folderIdSchema, photoIdSchema, savedSearchIdSchema } from "./ids.ts";
import { queryMaxCharacters, savedSearchNameMaxCharacters } from "./limits.ts";
import { procedure } from "./procedure.ts";
import { spanSchema } from "./query.ts";
import { hitOrderSchema, searchResultSchema } from "./search.ts";

/** Everything that was asked, and how the answer was looked at. Grows: fields added later have defaults. */
export const savedQuestionSchema = z.object({
	/** May be empty beside examples. */
	query: z.string().max(queryMaxCharacters),
	/** Stretches of the query that are text, whatever they look like. */
	plain: z.array(spanSchema).max(200).default([]),
	/** Pictures from outside cannot be saved: nothing but this session knows them. */
	...picturesOfQuery,
	/** Null: the whole library. */
	folderId: folderIdSchema.nullable().default(null),
	/** Least confidence of a match. */
	strictness: z.number().min(0).max(1),
	order: hitOrderSchema.default("relevance"),
	grouping: groupingSchema.default("none"),
	drawn: drawnPicturesSchema.default(usualDrawnPictures),
});
export type SavedQuestion = z.infer<typeof savedQuestionSchema>;

/** What a saved search finds at present: its strong and its maybe matches. */
export const savedMatchesSchema = z.object({
	count: z.number().int(),
	/** True where there are more than were counted. */
	more: z.boolean(),
	/** How many of them were not there when it was last looked at. */
	fresh: z.number().int(),
	/** The best match, for a small picture; null without one that has a thumbnail. */
	cover: z.object({ id: photoIdSchema, version: z.number().int() }).nullable(),
});
export type SavedMatches = z.infer<typeof savedMatchesSchema>;

export const savedSearchSchema = z.object({
	id: savedSearchIdSchema,
	name: z.string(),
	question: savedQuestionSchema,
	/** Null while they have not been counted, or cannot be: `problem` then says why. */
	matches: savedMatchesSchema.nullable(),
	/** Why it cannot be answered at present, and what to do; null when it can. */
	problem: z.string().nullable(),
});
export type SavedSearch = z.infer<typeof savedSearchSchema>;

/** White space at the ends is cut off; upper and lower case do not make two names of one. */
const name = z.string().max(savedSearchNameMaxCharacters * 4);
const one = z.object({ id: savedSearchIdSchema });

export const savedSearchContract = {
	/**
	 * All of them, in the person's order. `counts`: `known` answers at once with what was counted before,
	 * `present` counts again where the library has changed since.
	 */
	list: procedure
		.route({ method: "GET", path: "/saved-searches" })
		.input(z.object({ counts: z.enum(["known", "present"]).default("present") }))
		.output(z.array(savedSearchSchema)),
	/**
	 * Adds one at the end.
	 * @throws NAME_NOT_ALLOWED, NAME_TAKEN, TOO_MANY_SAVED, INVALID_QUERY, FOLDER_NOT_FOUND.
	 */
	save: procedure
		.route({ method: "POST", path: "/saved-searches" })
		.input(z.object({ name, question: savedQuestionSchema }))
		.output(savedSearchSchema),
	/** Gives it another name, another question, or both. What it found counts as looked at. */
	update: procedure
		.route({ method: "PATCH", path: "/saved-searches/{id}" })
		.input(one.extend({ name: name.optional(), question: savedQuestionSchema.optional() }))
		.output(savedSearchSchema),
	/** `restore` can bring it back for a week. */
	remove: procedure
		.route({ method: "DELETE", path: "/saved-searches/{id}" })
		.input(one)
		.output(z.void()),
	/** Takes `remove` back: in its old place, with its old name. @throws NAME_TAKEN. */
	restore: procedure
		.route({ method: "POST", path: "/saved-searches/{id}/restore" })
		.input(one)
		.output(savedSearchSchema),
	/** Puts them in this order. Those not named keep their order among themselves and come after. */
	reorder: procedure
		.route({ method: "POST", path: "/saved-searches/order" })
		.input(z.object({ ids: z.array(savedSearchIdSchema) }))
		.output(z.void()),
	/** The person has looked at what it finds: nothing in it is new any more. */
	seen: procedure
		.route({ method: "POST", path: "/saved-searches/{id}/seen" })
		.input(one)
		.output(z.void()),
	/** Answers it as `search.text` would. It does not count as looked at. */
	run: procedure
		.route({ method: "GET", path: "/saved-searches/{id}/photos" })
		.input(one.extend({ limit: z.coerce.number().int().min(1).max(5000).default(200) }))
		.output(searchResultSchema),
};
