/** @file Search: by words, by a picture from outside, by a photo of the library. */
import { z } from "zod";
import { drawnPicturesSchema, usualDrawnPictures } from "./drawn-pictures.ts";
import { compositionSchema, picturesOfQuery } from "./example.ts";
import { groupingSchema, groupsSchema } from "./grouping.ts";
import { encoderIdSchema, folderIdSchema, photoIdSchema } from "./ids.ts";
import { defaultStrictness, queryImageMaxBytes } from "./limits.ts";
import { procedure } from "./procedure.ts";
import { parsedQuerySchema, spanSchema } from "./query.ts";
import { reasonSchema } from "./words.ts";

export { defaultStrictness, queryImageMaxBytes, queryMaxCharacters } from "./limits.ts";

/** `strong` and `maybe` are worth showing; the `rest` is only the nearest there is. */
export const bandSchema = z.enum(["strong", "maybe", "rest"]);
export type Band = z.infer<typeof bandSchema>;

/** Whether anything in the library fits the query. */
export const verdictSchema = z.enum(["match", "nothing"]);
export type Verdict = z.infer<typeof verdictSchema>;

/** The probability of a match, where present and absent things are asked for equally often. */
const confidenceSchema = z.number().min(0).max(1);

/**
 * `relevance`: best first. `date`: newest first, `oldest`: oldest first, of the most relevant. A query
 * of filters alone ranks nothing and is answered by date.
 */
export const hitOrderSchema = z.enum(["relevance", "date", "oldest"]);
export type HitOrder = z.infer<typeof hitOrderSchema>;

export const searchHitSchema = z.object({
	id: photoIdSchema,
	/** Cosine similarity in the encoder's shared space, -1 to 1; 0 where only filters were asked for. */
	similarity: z.number(),
	confidence: confidenceSchema,
	band: bandSchema,
	aspectPermille: z.number().int(),
	version: z.number().int(),
	/** Absolute path, for showing and for scripts. */
	path: z.string(),
	offline: z.boolean(),
	/** A program drew it, as its file says. */
	generated: z.boolean().default(false),
	/** Most telling first. */
	why: z.array(reasonSchema).default([]),
});
export type SearchHit = z.infer<typeof searchHitSchema>;

export const searchResultSchema = z.object({
	encoder: encoderIdSchema,
	tookMs: z.number(),
	/** How many photos could have been found. */
	searched: z.number().int(),
	/** Set when only the first words fitted into the encoder. */
	shortened: z.boolean(),
	verdict: verdictSchema,
	/** That anything fits at all: the best hit's; 0 without hits. */
	confidence: confidenceSchema,
	/** How the words were read; null when the question was a picture. */
	parsed: parsedQuerySchema.nullable(),
	/** How the hits are ordered. */
	order: hitOrderSchema,
	/** False where only filters were asked for: nothing was ranked, and every hit is a match. */
	ranked: z.boolean().default(true),
	/** The hits in groups, where that was asked for. */
	groups: groupsSchema.nullable().default(null),
	/** What pictures and words counted; absent where one thing alone was asked for. */
	composition: compositionSchema.optional(),
	/** How many drawn pictures pass the filters too and were left out; see `drawn` of the question. */
	hiddenDrawn: z.number().int().default(0),
	hits: z.array(searchHitSchema),
});
export type SearchResult = z.infer<typeof searchResultSchema>;

const scope = {
	limit: z.number().int().min(1).max(5000).default(200),
	folderId: folderIdSchema.optional(),
	/** Least confidence of a match: 0 takes everything, 1 next to nothing. */
	strictness: z.number().min(0).max(1).default(defaultStrictness),
	order: hitOrderSchema.default("relevance"),
	group: groupingSchema.default("none"),
	/** Of no account where the query itself says `is:generated` or `is:photographed`. */
	drawn: drawnPicturesSchema.default(usualDrawnPictures),
};

/** One way a query could go on. */
export const completionSchema = z.object({
	/** `word`: one that names, captions or recognised text hold. `example`: a whole query. */
	kind: z.enum(["tag", "place", "folder", "camera", "word", "value", "example"]),
	/** What is shown of it: the tag, the place, the word. */
	text: z.string(),
	/** The whole query, completed. */
	query: z.string(),
	/** How many photos have it; null where that is not known. */
	photos: z.number().int().nullable(),
});
export type Completion = z.infer<typeof completionSchema>;

/** Stretches of the query that are text, whatever they look like. */
const plain = z.array(spanSchema).max(200).optional();

export const searchContract = {
	text: procedure
		.route({ method: "GET", path: "/search" })
		.input(
			z.object({
				/** May be empty beside examples. */
				query: z.string(),
				plain,
				...picturesOfQuery,
				...scope,
			}),
		)
		.output(searchResultSchema),
	/** How a query would be read, without searching: for showing its parts while someone types. */
	parse: procedure
		.route({ method: "GET", path: "/search/parse" })
		.input(z.object({ query: z.string(), plain }))
		.output(parsedQuerySchema),
	image: procedure
		.route({ method: "POST", path: "/search/image" })
		.input(z.object({ image: z.file().max(queryImageMaxBytes), ...scope }))
		.output(searchResultSchema),
	/**
	 * Keeps a picture from outside to ask with, in memory: until the engine ends, or until several
	 * newer ones were kept. Answers with the key to name it by.
	 */
	keepPicture: procedure
		.route({ method: "POST", path: "/search/pictures" })
		.input(z.object({ image: z.file().max(queryImageMaxBytes) }))
		.output(z.object({ key: z.string() })),
	similar: procedure
		.route({ method: "GET", path: "/photos/{id}/similar" })
		.input(z.object({ id: photoIdSchema, ...scope }))
		.output(searchResultSchema),
	/**
	 * How the last word or field of a query could go on, from what the library holds; best first, each
	 * with the whole new query. Empty where nothing fits and for an empty query. The query's end is taken
	 * to be where the person types.
	 */
	complete: procedure
		.route({ method: "GET", path: "/search/complete" })
		.input(z.object({ query: z.string(), limit: z.number().int().min(1).max(50).default(8) }))
		.output(z.array(completionSchema)),
	/** Words that fit what this library shows, as example queries for an empty box. */
	suggestions: procedure
		.route({ method: "GET", path: "/search/suggestions" })
		.output(z.array(z.string())),
};
