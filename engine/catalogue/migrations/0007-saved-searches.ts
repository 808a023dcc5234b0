/** @file Format 7: saved searches. */
import type { Migration } from "./migration.ts";

export const savedSearches: Migration = { format: 7, sql: "select 1;" };
