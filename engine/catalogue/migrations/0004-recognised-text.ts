/** @file Format 4: text recognised in pictures. */
import type { Migration } from "./migration.ts";

export const recognisedText: Migration = { format: 4, sql: "select 1;" };
