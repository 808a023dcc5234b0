/** @file Format 6: titles, captions, keywords and ratings read from files and sidecars. */
import type { Migration } from "./migration.ts";

export const fileMetadata: Migration = { format: 6, sql: "select 1;" };
