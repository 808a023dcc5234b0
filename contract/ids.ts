/** @file Branded identifiers, so that a photo id can never be passed where a folder id is meant. */
import { z } from "zod";

/** A photo's row in the library: stable through renames, moves and edits. */
export const photoIdSchema = z.number().int().positive().brand<"PhotoId">();
export type PhotoId = z.infer<typeof photoIdSchema>;

/** A folder the person added to the library. */
export const folderIdSchema = z.number().int().positive().brand<"FolderId">();
export type FolderId = z.infer<typeof folderIdSchema>;

/** A search the person saved under a name. */
export const savedSearchIdSchema = z.number().int().positive().brand<"SavedSearchId">();
export type SavedSearchId = z.infer<typeof savedSearchIdSchema>;

/** A tag of the tree. */
export const tagIdSchema = z.number().int().positive().brand<"TagId">();
export type TagId = z.infer<typeof tagIdSchema>;

/** A label: the classifier that suggests a tag. */
export const labelIdSchema = z.number().int().positive().brand<"LabelId">();
export type LabelId = z.infer<typeof labelIdSchema>;

/** A group of labels. */
export const labelGroupIdSchema = z.number().int().positive().brand<"LabelGroupId">();
export type LabelGroupId = z.infer<typeof labelGroupIdSchema>;

/** An untouched photo file that the library keeps: the SHA-256 of its bytes. */
export const originalIdSchema = z
	.string()
	.regex(/^[0-9a-f]{64}$/u)
	.brand<"OriginalId">();
export type OriginalId = z.infer<typeof originalIdSchema>;

/** A picture drawn from a prompt, or waiting to be. */
export const drawingIdSchema = z.number().int().positive().brand<"DrawingId">();
export type DrawingId = z.infer<typeof drawingIdSchema>;

/** A change of tags or labels that can be taken back. */
export const changeIdSchema = z.number().int().positive().brand<"ChangeId">();
export type ChangeId = z.infer<typeof changeIdSchema>;

/** The id a model package declares in its manifest, such as `afterimage-starter-1`. */
export const encoderIdSchema = z.string().min(1).max(200).brand<"EncoderId">();
export type EncoderId = z.infer<typeof encoderIdSchema>;
