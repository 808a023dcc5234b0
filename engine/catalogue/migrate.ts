/** @file Brings a database to the format this version writes, one numbered step after another. */
import { existsSync, renameSync, rmSync } from "node:fs";
import type { Connection } from "./connection.ts";
import { firstTables } from "./migrations/0001-first-tables.ts";
import { lookAlikes } from "./migrations/0002-look-alikes.ts";
import { words } from "./migrations/0003-words.ts";
import { recognisedText } from "./migrations/0004-recognised-text.ts";
import { tags } from "./migrations/0005-tags.ts";
import { fileMetadata } from "./migrations/0006-file-metadata.ts";
import { savedSearches } from "./migrations/0007-saved-searches.ts";
import { drawings } from "./migrations/0008-drawings.ts";
import { descriptions } from "./migrations/0009-descriptions.ts";
import { drawnPictures } from "./migrations/0010-drawn-pictures.ts";
import { settledConflicts } from "./migrations/0011-settled-conflicts.ts";
import { photoWrites } from "./migrations/0012-photo-writes.ts";
import { rememberedDecisions } from "./migrations/0013-remembered-decisions.ts";
import { drawingMasks } from "./migrations/0014-drawing-masks.ts";
import type { Migration } from "./migrations/migration.ts";

/** Every step there is, in order. Steps already released are never edited. */
export const migrations: readonly Migration[] = [
	firstTables,
	lookAlikes,
	words,
	recognisedText,
	tags,
	fileMetadata,
	savedSearches,
	drawings,
	descriptions,
	drawnPictures,
	settledConflicts,
	photoWrites,
	rememberedDecisions,
	drawingMasks,
];

/** Marks the file as ours in its header ("Aftr" in ASCII), so that another program's is told apart. */
export const applicationId = 0x41667472;

/** The format this version writes. */
export function newestFormat(steps: readonly Migration[] = migrations): number {
	return steps.at(-1)?.format ?? 0;
}

/** Where the copy of a database of an older format is kept. */
export function backupPath(filePath: string, format: number): string {
	return `${filePath}.format-${format}.backup`;
}

/**
 * Runs the steps that the file lacks, in one transaction. An older file is first copied beside itself,
 * to `backupPath`.
 * @throws Refusal DISK_FULL or LIBRARY_UNUSABLE; the file is then as it was.
 */
export function migrate(connection: Connection, steps: readonly Migration[] = migrations): void {
	const format = Number(connection.pragma("user_version"));
	const missing = steps.filter((step) => step.format > format);
	if (missing.length === 0) return;
	if (format > 0) backUp(connection, format);
	connection.transaction(() => {
		for (const step of missing) {
			connection.execute(step.sql);
			connection.pragma(`user_version = ${step.format}`);
		}
		connection.pragma(`application_id = ${applicationId}`);
	});
}

function backUp(connection: Connection, format: number): void {
	const target = backupPath(connection.filePath, format);
	// A finished copy of this format is from an earlier, interrupted start: as good as a new one.
	if (existsSync(target)) return;
	const unfinished = `${target}.partial`;
	rmSync(unfinished, { force: true });
	try {
		connection.prepare("vacuum into ?").run(unfinished);
		renameSync(unfinished, target);
	} finally {
		rmSync(unfinished, { force: true });
	}
}
