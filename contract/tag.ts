/** @file Tags: the tree of names, which photo has which, what is suggested, decisions and their undoing. */
import { eventIterator } from "@orpc/contract";
import { z } from "zod";
import {
	changeIdSchema,
	encoderIdSchema,
	folderIdSchema,
	labelIdSchema,
	photoIdSchema,
	tagIdSchema,
} from "./ids.ts";
import { tagPathMaxCharacters } from "./limits.ts";
import { procedure } from "./procedure.ts";

/**
 * Where a tag stands with a photo. `accepted`: the photo has it. `suggested`: a label thinks so and
 * nobody has decided. `rejected`: the person said no; it is never suggested for this picture again.
 */
export const tagStateSchema = z.enum(["accepted", "rejected", "suggested"]);
export type TagState = z.infer<typeof tagStateSchema>;

/** Who brought it to the photo: the person by hand, a label by its score, a file or sidecar. */
export const tagSourceSchema = z.enum(["person", "label", "file"]);
export type TagSource = z.infer<typeof tagSourceSchema>;

/** Who made the tag. Those of a vocabulary are listed once a photo has them. */
export const tagOriginSchema = z.enum(["person", "file", "vocabulary"]);
export type TagOrigin = z.infer<typeof tagOriginSchema>;

/** A small picture that stands for something; `version` belongs to its address. */
export const coverSchema = z.object({ id: photoIdSchema, version: z.number().int() });
export type Cover = z.infer<typeof coverSchema>;

/**
 * One tag of the tree. `path` is `animal/dog`: names from the outermost in, with `/` between, unique
 * whatever the case. A tag's ancestors are tags themselves.
 */
export const tagSchema = z.object({
	id: tagIdSchema,
	path: z.string(),
	/** The last part of the path. */
	name: z.string(),
	parentId: tagIdSchema.nullable(),
	origin: tagOriginSchema,
	/** Photos that have this very tag. */
	accepted: z.number().int(),
	/** Photos that have it or any tag below it, each counted once. */
	acceptedBelow: z.number().int(),
	/** Photos it is suggested for and nobody has decided. */
	suggested: z.number().int(),
	/** The newest photo that has it, or one below it; else its most certain suggestion. */
	cover: coverSchema.nullable(),
	/** The labels that suggest it. */
	labelIds: z.array(labelIdSchema),
});
export type Tag = z.infer<typeof tagSchema>;

/** A tag on a photo, with where it came from. */
export const photoTagSchema = z.object({
	tagId: tagIdSchema,
	path: z.string(),
	state: tagStateSchema,
	source: tagSourceSchema,
	/** Probability that it is right, of suggestions and of those accepted; null where no label scored it. */
	confidence: z.number().min(0).max(1).nullable(),
	/** What scored it; null when the person or a file did. */
	scoredBy: z
		.object({
			labelId: labelIdSchema,
			/** Of the label at that time: wordings, answers and threshold make a version. */
			labelVersion: z.number().int(),
			encoder: encoderIdSchema,
		})
		.nullable(),
	/** When the person decided; null while it is suggested. */
	decidedAtMs: z.number().nullable(),
});
export type PhotoTag = z.infer<typeof photoTagSchema>;

/** One tag on a selection of photos. */
export const selectionTagSchema = z.object({
	tagId: tagIdSchema,
	path: z.string(),
	/** How many of the photos have it, and for how many it is suggested. */
	accepted: z.number().int(),
	suggested: z.number().int(),
});
export type SelectionTag = z.infer<typeof selectionTagSchema>;

/** Photos of a tag as a grid's columns, index by index; `confidences` is 1 where no label scored them. */
export const tagPhotosSchema = z.object({
	ids: z.array(photoIdSchema),
	aspectsPermille: z.array(z.number().int()),
	versions: z.array(z.number().int()),
	confidences: z.array(z.number()),
	/** How many there are, however many were asked for. */
	total: z.number().int(),
});
export type TagPhotos = z.infer<typeof tagPhotosSchema>;

/** What a change did. */
export const tagChangeSchema = z.object({
	/** Names it for `tag.undo`; null when nothing had to change. */
	changeId: changeIdSchema.nullable(),
	/** How many tags on photos were changed (a photo with two changed tags counts twice). */
	changed: z.number().int(),
});
export type TagChange = z.infer<typeof tagChangeSchema>;

/** A change as it is remembered. Only the last few hundred are. */
export const pastChangeSchema = z.object({
	changeId: changeIdSchema,
	/** What was done, in words: `Accept animal/dog`. */
	title: z.string(),
	changed: z.number().int(),
	madeAtMs: z.number(),
	undone: z.boolean(),
});
export type PastChange = z.infer<typeof pastChangeSchema>;

/** Which photos a run looks at. */
export const taggingScopeSchema = z.discriminatedUnion("type", [
	z.object({ type: z.literal("library") }),
	z.object({ type: z.literal("folder"), folderId: folderIdSchema }),
	z.object({ type: z.literal("photos"), ids: z.array(photoIdSchema).max(1_000_000) }),
]);
export type TaggingScope = z.infer<typeof taggingScopeSchema>;

/** How far a run has come. The last one has `done === total`. */
export const taggingProgressSchema = z.object({
	/** Photos looked at, of how many. */
	done: z.number().int(),
	total: z.number().int(),
	/** New suggestions, and old ones that no longer hold. */
	suggested: z.number().int(),
	withdrawn: z.number().int(),
	tookMs: z.number(),
});
export type TaggingProgress = z.infer<typeof taggingProgressSchema>;

/** Choices about tagging. */
export const taggingSettingsSchema = z.object({
	/** Look at photos as they are indexed, and again when a label changes. Only ever suggests. */
	automatic: z.boolean(),
});
export type TaggingSettings = z.infer<typeof taggingSettingsSchema>;

/** White space around the parts is cut off. NAME_NOT_ALLOWED says what is wrong with one. */
export const tagPathSchema = z.string().max(tagPathMaxCharacters * 4);

const ids = z.array(photoIdSchema).max(1_000_000);

export const tagContract = {
	/** Every tag in use, by path. `empty`: also those of the vocabularies that no photo has. */
	list: procedure
		.route({ method: "GET", path: "/tags" })
		.input(z.object({ empty: z.stringbool().or(z.boolean()).default(false) }))
		.output(z.array(tagSchema)),
	/** Accepted by path, then suggested with the most certain first, then rejected by path. */
	ofPhoto: procedure
		.route({ method: "GET", path: "/photos/{id}/tags" })
		.input(z.object({ id: photoIdSchema }))
		.output(z.array(photoTagSchema)),
	/** What a selection has, for editing many at once; by path. Rejected tags are left out. */
	ofPhotos: procedure
		.route({ method: "POST", path: "/tags/of-photos" })
		.input(z.object({ ids }))
		.output(z.object({ photos: z.number().int(), tags: z.array(selectionTagSchema) })),
	/**
	 * Gives photos tags and takes tags from them. New paths become tags. What is taken away counts as
	 * rejected. @throws NAME_NOT_ALLOWED.
	 */
	apply: procedure
		.route({ method: "POST", path: "/tags/apply" })
		.input(
			z.object({
				ids,
				add: z.array(tagPathSchema).max(200).default([]),
				remove: z.array(tagPathSchema).max(200).default([]),
			}),
		)
		.output(tagChangeSchema),
	/**
	 * Decides suggestions: chosen ones, those of a tag (of all photos or of some, from a confidence on),
	 * or all of some photos. What is not suggested is passed over. `teach`: the decisions are also
	 * yes/no answers to the labels that made the suggestions.
	 */
	decide: procedure
		.route({ method: "POST", path: "/tags/decide" })
		.input(
			z.object({
				decision: z.enum(["accept", "reject"]),
				suggestions: z.discriminatedUnion("type", [
					z.object({
						type: z.literal("chosen"),
						pairs: z.array(z.object({ id: photoIdSchema, tagId: tagIdSchema })).max(1_000_000),
					}),
					z.object({
						type: z.literal("of-tag"),
						tagId: tagIdSchema,
						ids: ids.optional(),
						atLeast: z.number().min(0).max(1).default(0),
					}),
					z.object({ type: z.literal("of-photos"), ids }),
				]),
				teach: z.boolean().default(false),
			}),
		)
		.output(tagChangeSchema),
	/** Photos of a tag: suggested and rejected most certain first, accepted newest first. @throws TAG_NOT_FOUND. */
	photos: procedure
		.route({ method: "GET", path: "/tags/{id}/photos" })
		.input(
			z.object({
				id: tagIdSchema,
				state: tagStateSchema.default("accepted"),
				/** Also photos of the tags below it. */
				below: z.stringbool().or(z.boolean()).default(false),
				limit: z.coerce.number().int().min(1).max(1_000_000).default(100_000),
			}),
		)
		.output(tagPhotosSchema),
	/** Makes tags without giving them to a photo. Those that exist are left alone. @throws NAME_NOT_ALLOWED. */
	create: procedure
		.route({ method: "POST", path: "/tags" })
		.input(z.object({ paths: z.array(tagPathSchema).min(1).max(10_000) }))
		.output(tagChangeSchema.extend({ ids: z.array(tagIdSchema) })),
	/** Gives it another path; the tags below it move along. @throws TAG_NOT_FOUND, NAME_TAKEN, NAME_NOT_ALLOWED. */
	rename: procedure
		.route({ method: "POST", path: "/tags/{id}/rename" })
		.input(z.object({ id: tagIdSchema, path: tagPathSchema }))
		.output(tagChangeSchema),
	/**
	 * Photos of `from` get `into`, labels of `from` suggest `into`, tags below `from` move below `into`,
	 * and `from` goes. @throws TAG_NOT_FOUND, NAME_NOT_ALLOWED when one would become part of itself.
	 */
	merge: procedure
		.route({ method: "POST", path: "/tags/merge" })
		.input(z.object({ from: z.array(tagIdSchema).min(1).max(1000), into: tagIdSchema }))
		.output(tagChangeSchema),
	/** Takes tags and those below them from every photo. Labels of a vocabulary are switched off, own ones go. */
	remove: procedure
		.route({ method: "POST", path: "/tags/remove" })
		.input(z.object({ ids: z.array(tagIdSchema).min(1).max(1000) }))
		.output(tagChangeSchema),
	/**
	 * Takes a change back, and is a change itself: undoing that one is redoing. What was changed again
	 * since is left as it is and counted in `skipped`. @throws CHANGE_NOT_FOUND when it is too old.
	 */
	undo: procedure
		.route({ method: "POST", path: "/tags/undo" })
		.input(z.object({ changeId: changeIdSchema }))
		.output(tagChangeSchema.extend({ skipped: z.number().int() })),
	/** The last changes, newest first. */
	changes: procedure
		.route({ method: "GET", path: "/tags/changes" })
		.input(z.object({ limit: z.coerce.number().int().min(1).max(500).default(50) }))
		.output(z.array(pastChangeSchema)),
	/**
	 * Tags as CSV (RFC 4180, UTF-8), in pieces of whole lines, the heading first: path, tag, state,
	 * source, confidence, label version, encoder.
	 */
	csv: procedure
		.route({ method: "POST", path: "/tags/csv" })
		.input(
			z.object({
				scope: taggingScopeSchema.default({ type: "library" }),
				states: z.array(tagStateSchema).default(["accepted", "suggested"]),
			}),
		)
		.output(eventIterator(z.string())),
};

export const taggingContract = {
	/**
	 * Looks at photos again with the labels chosen (all that are switched on when none are named, and those
	 * named even when they are switched off), until done or the caller stops. Decisions are never touched.
	 * @throws LABEL_NOT_FOUND, FOLDER_NOT_FOUND, MODEL_UNAVAILABLE.
	 */
	run: procedure
		.route({ method: "POST", path: "/tagging/run" })
		.input(
			z.object({
				scope: taggingScopeSchema.default({ type: "library" }),
				labelIds: z.array(labelIdSchema).max(10_000).optional(),
			}),
		)
		.output(eventIterator(taggingProgressSchema)),
	settings: procedure
		.route({ method: "GET", path: "/tagging/settings" })
		.output(taggingSettingsSchema),
	/** Switching it off keeps what is suggested. */
	change: procedure
		.route({ method: "PATCH", path: "/tagging/settings" })
		.input(taggingSettingsSchema.partial())
		.output(taggingSettingsSchema),
};
