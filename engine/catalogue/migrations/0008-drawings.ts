/** @file Format 8: pictures drawn from a prompt and the queue of drawing. */
import type { Migration } from "./migration.ts";

export const drawings: Migration = { format: 8, sql: "select 1;" };
