/** @file Format 14: which part of its start picture a drawing may change. */
import type { Migration } from "./migration.ts";

/** `mask_picture` is a grey PNG of the drawing's size: white may change. */
export const drawingMasks: Migration = {
	format: 14,
	sql: "alter table drawings add column mask_picture blob;",
};
