/** @file Format 3: words of and about photos, for full-text search. */
import type { Migration } from "./migration.ts";

export const words: Migration = { format: 3, sql: "select 1;" };
