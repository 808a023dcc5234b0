/** @file Format 5: tags, labels and what the person decided about them. */
import type { Migration } from "./migration.ts";

export const tags: Migration = { format: 5, sql: "select 1;" };
