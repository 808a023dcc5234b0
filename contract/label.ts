/**
 * @file Labels: small classifiers a person owns. A label has wordings, answers to "is this one?" and a
 * threshold, and suggests a tag for the photos it scores above that.
 */
import { z } from "zod";
import {
	changeIdSchema,
	labelGroupIdSchema,
	labelIdSchema,
	photoIdSchema,
	tagIdSchema,
} from "./ids.ts";
import { procedure } from "./procedure.ts";
import { tagPathSchema, tagStateSchema } from "./tag.ts";

/** From the files of a vocabulary, or written by the person. */
export const labelOriginSchema = z.enum(["vocabulary", "own"]);
export type LabelOrigin = z.infer<typeof labelOriginSchema>;

/** How labels of a group go together: `one-of` shares the probability out, with "none of these" in it. */
export const groupChoiceSchema = z.enum(["one-of", "any-of"]);
export type GroupChoice = z.infer<typeof groupChoiceSchema>;

export const labelGroupSchema = z.object({
	id: labelGroupIdSchema,
	name: z.string(),
	choose: groupChoiceSchema,
	origin: labelOriginSchema,
	/** A group that is off switches all its labels off. */
	enabled: z.boolean(),
	labels: z.number().int(),
});
export type LabelGroup = z.infer<typeof labelGroupSchema>;

/** Phrases for what the picture shows; their embeddings are averaged. `{}` in none of them. */
const wordingsSchema = z.array(z.string().trim().min(1).max(300)).max(50);
/** Other names a person may look for. They are not scored. */
const synonymsSchema = z.array(z.string().trim().min(1).max(100)).max(50);
/** Least probability that is suggested; null: automatic. */
const thresholdSchema = z.number().min(0).max(1).nullable();

export const labelSchema = z.object({
	id: labelIdSchema,
	tagId: tagIdSchema,
	/** The path of the tag it suggests, which is also its name. */
	path: z.string(),
	origin: labelOriginSchema,
	/** Null: on its own, as in an `any-of` group. */
	groupId: labelGroupIdSchema.nullable(),
	wordings: z.array(z.string()),
	synonyms: z.array(z.string()),
	threshold: thresholdSchema,
	/** Its own switch; it suggests where its group is on too. */
	enabled: z.boolean(),
	/** Grows with every change of what it would suggest. */
	version: z.number().int(),
	/** How many yes and no answers it has learned from. */
	yes: z.number().int(),
	no: z.number().int(),
});
export type Label = z.infer<typeof labelSchema>;

/** A line of a vocabulary file that was passed over. */
export const vocabularyProblemSchema = z.object({
	/** Path of the file, for showing. */
	file: z.string(),
	line: z.number().int(),
	message: z.string(),
});
export type VocabularyProblem = z.infer<typeof vocabularyProblemSchema>;

export const answerSchema = z.enum(["yes", "no"]);
export type Answer = z.infer<typeof answerSchema>;

/** A label that is being edited: what is not given is as saved, or empty for a new one. */
export const labelDraftSchema = z.object({
	/** Null for a label that is not saved yet. */
	id: labelIdSchema.nullable().default(null),
	/** Needed for a new label. Without wordings, the last part of the path is the wording. */
	path: tagPathSchema.optional(),
	groupId: labelGroupIdSchema.nullable().optional(),
	wordings: wordingsSchema.optional(),
	synonyms: synonymsSchema.optional(),
	threshold: thresholdSchema.optional(),
	enabled: z.boolean().optional(),
	/** Answers given since it was saved; null takes one back. */
	answers: z
		.array(z.object({ id: photoIdSchema, answer: answerSchema.nullable() }))
		.max(10_000)
		.default([]),
});
export type LabelDraft = z.infer<typeof labelDraftSchema>;

/** A photo as a label sees it. */
export const scoredPhotoSchema = z.object({
	id: photoIdSchema,
	version: z.number().int(),
	aspectPermille: z.number().int(),
	/** Probability that the label fits. */
	confidence: z.number(),
	answer: answerSchema.nullable(),
	/** Where the label's tag stands with it; null for nowhere. */
	state: tagStateSchema.nullable(),
});
export type ScoredPhoto = z.infer<typeof scoredPhotoSchema>;

export const labelPreviewSchema = z.object({
	/** Photos that were scored: all that are searchable. */
	photos: z.number().int(),
	/**
	 * How many photos score where. Bins of equal width in log odds, so drawn side by side they show the
	 * score's own shape; `edges` (one more than `counts`, rising) are the confidences between them.
	 */
	histogram: z.object({ edges: z.array(z.number()), counts: z.array(z.number().int()) }),
	/** The threshold in use, and what the automatic one is. */
	threshold: z.number(),
	automaticThreshold: z.number(),
	/** Photos at or above the threshold. */
	count: z.number().int(),
	/** Best first. */
	nearest: z.array(scoredPhotoSchema),
	/** Just above the threshold, the lowest first; just below it, the highest first. */
	above: z.array(scoredPhotoSchema),
	below: z.array(scoredPhotoSchema),
	/** Photos whose yes or no would teach it most, without those answered already. */
	questions: z.array(scoredPhotoSchema),
	/** Answers it has learned from, with those of the draft. Answers on photos that are gone still count. */
	yes: z.number().int(),
	no: z.number().int(),
	/** Answers that cannot be used at present because no photo of this library shows that picture. */
	unused: z.number().int(),
	/** What the answers changed, against the wordings alone: photos that came above the threshold and that left. */
	gained: z.number().int(),
	lost: z.number().int(),
	/** A wording was longer than the encoder reads. */
	shortened: z.boolean(),
	tookMs: z.number(),
});
export type LabelPreview = z.infer<typeof labelPreviewSchema>;

/** The newest form of exported labels. */
export const labelDocumentFormat = 1;

/**
 * Labels as a file. Independent of the encoder and of the library: answers name pictures by the
 * SHA-256 of their file's bytes.
 */
export const labelDocumentSchema = z.object({
	afterimageLabels: z.literal(labelDocumentFormat),
	groups: z
		.array(z.object({ name: z.string().trim().min(1).max(100), choose: groupChoiceSchema }))
		.max(1000),
	labels: z
		.array(
			z.object({
				path: tagPathSchema,
				group: z.string().nullable(),
				wordings: wordingsSchema,
				synonyms: synonymsSchema,
				threshold: thresholdSchema,
				enabled: z.boolean(),
				answers: z
					.array(
						z.object({ contentHash: z.string().regex(/^[0-9a-f]{64}$/), answer: answerSchema }),
					)
					.max(100_000),
			}),
		)
		.max(20_000),
});
export type LabelDocument = z.infer<typeof labelDocumentSchema>;

/** What a change of labels did; `changeId` undoes it through `tag.undo`. */
const changed = { changeId: changeIdSchema.nullable() };

export const labelContract = {
	/** All labels by path, their groups, and what is wrong with vocabulary files. */
	list: procedure.route({ method: "GET", path: "/labels" }).output(
		z.object({
			groups: z.array(labelGroupSchema),
			labels: z.array(labelSchema),
			problems: z.array(vocabularyProblemSchema),
			/** Folder whose `.txt` files are read as further vocabularies, for showing. */
			vocabularyFolder: z.string(),
		}),
	),
	/** One label and the photos it was answered about that are in the library. @throws LABEL_NOT_FOUND. */
	get: procedure
		.route({ method: "GET", path: "/labels/{id}" })
		.input(z.object({ id: labelIdSchema }))
		.output(
			labelSchema.extend({
				answers: z.array(z.object({ id: photoIdSchema, answer: answerSchema })),
			}),
		),
	/**
	 * What a label, saved or not, would suggest. Asked again with another threshold it answers within
	 * a frame or two. @throws LABEL_NOT_FOUND, INVALID_QUERY without wordings, MODEL_UNAVAILABLE.
	 */
	preview: procedure
		.route({ method: "POST", path: "/labels/preview" })
		.input(
			z.object({
				draft: labelDraftSchema,
				bins: z.number().int().min(10).max(1000).default(200),
				/** How many photos of each kind. */
				samples: z.number().int().min(0).max(200).default(12),
			}),
		)
		.output(labelPreviewSchema),
	/**
	 * Saves a draft and looks at the library anew. The label's suggestions follow, decisions stay.
	 * @throws LABEL_NOT_FOUND, NAME_NOT_ALLOWED, NAME_TAKEN when another label has the tag.
	 */
	save: procedure
		.route({ method: "POST", path: "/labels" })
		.input(z.object({ draft: labelDraftSchema }))
		.output(
			z.object({
				label: labelSchema,
				...changed,
				/** Suggestions it has made, and those it has taken back. */
				suggested: z.number().int(),
				withdrawn: z.number().int(),
			}),
		),
	/**
	 * Adds labels written one a line, as in a vocabulary file: `dog`, or
	 * `animal/dog = a dog; a puppy | hound`. Those whose tag has a label already are passed over. With
	 * `group`, they form a group of that name. @throws LABELS_UNREADABLE naming the line.
	 */
	addLines: procedure
		.route({ method: "POST", path: "/labels/lines" })
		.input(
			z.object({
				text: z.string().max(1_000_000),
				group: z.string().trim().min(1).max(100).optional(),
				choose: groupChoiceSchema.default("any-of"),
			}),
		)
		.output(z.object({ added: z.array(labelSchema), known: z.number().int(), ...changed })),
	/** Own labels go with their suggestions; the tag stays. One of a vocabulary is switched off. */
	remove: procedure
		.route({ method: "DELETE", path: "/labels/{id}" })
		.input(z.object({ id: labelIdSchema }))
		.output(z.object({ ...changed })),
	/** Switches labels and whole groups on or off. What is off loses its suggestions. */
	enable: procedure
		.route({ method: "POST", path: "/labels/enable" })
		.input(
			z.object({
				labelIds: z.array(labelIdSchema).max(20_000).default([]),
				groupIds: z.array(labelGroupIdSchema).max(1000).default([]),
				enabled: z.boolean(),
			}),
		)
		.output(z.object({ ...changed })),
	/** Makes a group, or changes the one of that name. */
	saveGroup: procedure
		.route({ method: "POST", path: "/labels/groups" })
		.input(z.object({ name: z.string().trim().min(1).max(100), choose: groupChoiceSchema }))
		.output(z.object({ group: labelGroupSchema, ...changed })),
	/** Own labels, and those of vocabularies that were changed; or the ones named. */
	export: procedure
		.route({ method: "POST", path: "/labels/export" })
		.input(z.object({ ids: z.array(labelIdSchema).max(20_000).optional() }))
		.output(labelDocumentSchema),
	/**
	 * Takes in what `export` gave. A label whose tag has one already is replaced, its answers are joined.
	 * @throws LABELS_UNREADABLE naming the field, or both formats when it is newer.
	 */
	import: procedure
		.route({ method: "POST", path: "/labels/import" })
		.input(z.object({ document: z.unknown() }))
		.output(
			z.object({
				added: z.number().int(),
				replaced: z.number().int(),
				answers: z.number().int(),
				...changed,
			}),
		),
};
