/** @file A query as it was read: parts that tile what was typed, each with its place in it. */
import { z } from "zod";

/** UTF-16 offsets into the query as typed: `start` included, `end` not. */
export const spanSchema = z.object({
	start: z.number().int().nonnegative(),
	end: z.number().int().nonnegative(),
});
export type Span = z.infer<typeof spanSchema>;

/** A day, `2019-06-30`, in the photo's own time zone. */
const daySchema = z.iso.date();

/** When: days from `from` to `to`, both included, null for open; or months of whatever year. */
export const whenSchema = z.discriminatedUnion("type", [
	z.object({ type: z.literal("days"), from: daySchema.nullable(), to: daySchema.nullable() }),
	z.object({ type: z.literal("months"), months: z.array(z.number().int().min(1).max(12)).min(1) }),
]);
export type When = z.infer<typeof whenSchema>;

/** Where. `name` is for showing; the codes say which of that name is meant. */
export const placeSchema = z.discriminatedUnion("type", [
	/** A country, a part of one, or a group of them; `code`: ISO 3166-1 alpha-2, UN M49 or Wikidata. */
	z.object({ type: z.literal("area"), code: z.string(), name: z.string() }),
	/** A first-level division; `code` is GeoNames' inside the country. */
	z.object({
		type: z.literal("region"),
		country: z.string(),
		code: z.string(),
		name: z.string(),
	}),
	/** A town with its surroundings; `id` is GeoNames'. */
	z.object({
		type: z.literal("city"),
		id: z.number().int(),
		name: z.string(),
		region: z.string().nullable(),
		country: z.string(),
		latitude: z.number(),
		longitude: z.number(),
		radiusKm: z.number().positive(),
		/** Asked for its neighbourhood: `radiusKm` reaches further. */
		near: z.boolean(),
	}),
]);
export type Place = z.infer<typeof placeSchema>;

export const fileFormatSchema = z.enum([
	"jpeg",
	"png",
	"webp",
	"gif",
	"tiff",
	"avif",
	"svg",
	"bmp",
	"heic",
]);
export type FileFormat = z.infer<typeof fileFormatSchema>;

export const pictureShapeSchema = z.enum(["portrait", "landscape", "square"]);
export type PictureShape = z.infer<typeof pictureShapeSchema>;

/** What every part has: where it stands in the query, and those characters. */
const read = { span: spanSchema, words: z.string() };
/** What every filter has besides: true when it leaves out what it names. */
const filter = { ...read, negated: z.boolean() };

/**
 * One part of a query. The union grows: a client shows a kind it does not know by
 * its `words`.
 */
export const queryPartSchema = z.discriminatedUnion("kind", [
	/** What the picture shows. */
	z.object({ kind: z.literal("text"), ...read, text: z.string() }),
	/** What the picture must not show. */
	z.object({ kind: z.literal("exclude"), ...read, text: z.string() }),
	z.object({
		kind: z.literal("date"),
		...filter,
		when: whenSchema,
		/** What was assumed in reading it, such as the hemisphere of a season; null when nothing was. */
		assumption: z.string().nullable(),
	}),
	z.object({ kind: z.literal("place"), ...filter, place: placeSchema }),
	/** Any folder on the photo's path inside the library, its library folder included. */
	z.object({ kind: z.literal("folder"), ...filter, text: z.string() }),
	/**
	 * These words after one another in names, titles, captions, keywords, tags or recognised text, without
	 * regard to case and accents. Never negated: a quoted word with a minus is excluded from the picture.
	 */
	z.object({ kind: z.literal("words"), ...filter, text: z.string() }),
	/** This tag or any below it: `dog` and `animal/dog` are names of a tag `animal/dog`. */
	z.object({ kind: z.literal("tag"), ...filter, path: z.string() }),
	/** With any tag. */
	z.object({ kind: z.literal("tagged"), ...filter }),
	/** Stars, both ends included, null for open. A photo without stars has 0, a rejected one fewer. */
	z.object({
		kind: z.literal("rating"),
		...filter,
		from: z.number().int().min(0).max(5).nullable(),
		to: z.number().int().min(0).max(5).nullable(),
	}),
	/** These characters in the names of the file and its folders, in either case. */
	z.object({ kind: z.literal("name"), ...filter, text: z.string() }),
	z.object({ kind: z.literal("camera"), ...filter, text: z.string() }),
	z.object({ kind: z.literal("lens"), ...filter, text: z.string() }),
	z.object({ kind: z.literal("format"), ...filter, format: fileFormatSchema }),
	z.object({ kind: z.literal("shape"), ...filter, shape: pictureShapeSchema }),
	/** On a drive or share that is not connected. */
	z.object({ kind: z.literal("offline"), ...filter }),
	/** Drawn by a program, as its file says; negated: photographed. */
	z.object({ kind: z.literal("generated"), ...filter }),
	/** Meant as a filter, but it cannot be used; a search with such a part is refused with `message`. */
	z.object({
		kind: z.literal("refused"),
		...read,
		/** What stood before the colon, and behind it. */
		field: z.string(),
		text: z.string(),
		message: z.string(),
	}),
]);
export type QueryPart = z.infer<typeof queryPartSchema>;

/**
 * What was typed and how it was read. The parts are in the order of the query, do not overlap, and
 * leave out nothing but white space; neighbouring words that are text are one part.
 */
export const parsedQuerySchema = z.object({ source: z.string(), parts: z.array(queryPartSchema) });
export type ParsedQuery = z.infer<typeof parsedQuerySchema>;
