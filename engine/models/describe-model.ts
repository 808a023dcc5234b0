/** @file What is said of installed models, and of how an install ended. */
import { Refusal } from "../../contract/errors.ts";
import type { InstallEvent, Model } from "../../contract/model-package.ts";
import { whyNotDrawable } from "../generator/packages/package-layouts.ts";
import type { InstalledModel } from "./model-store.ts";

/** A package the catalogue does not know. @param path of its folder. */
export function describeUnknown(record: InstalledModel, path: string): Model {
	const { id, kind, title, licence, sizeBytes } = record;
	return {
		...{ id, kind, title, licence, sizeBytes },
		commercialUse: null,
		dimensions: null,
		figures: [],
		goodFor: "What it is good at is not known here: try it on your photos.",
		sources: [],
		downloadBytes: 0,
		verified: false,
		imagesPerSecond: record.imagesPerSecond,
		pin: null,
		state: installedState(record),
		notUsable: notUsable(kind, record, path),
	};
}

/** As a state of the list. */
export function installedState({
	sizeBytes,
	installedAtMs,
	origin,
}: InstalledModel): Model["state"] {
	return { kind: "installed", sizeBytes, installedAtMs, origin };
}

/**
 * Why it is of no use here though it is installed; null where it is.
 * @param path of its folder.
 */
export function notUsable(
	kind: Model["kind"],
	record: InstalledModel | undefined,
	path: string,
): string | null {
	if (kind === "encoder" || record === undefined) return null;
	return whyNotDrawable(path, Object.keys(record.sha256));
}

/** The last event of an install that went wrong. */
export function describeEnd(error: unknown): InstallEvent {
	if (error instanceof Refusal) {
		return { phase: "failed", code: error.code, message: error.message };
	}
	const reason = error instanceof Error ? error.message : String(error);
	return { phase: "failed", code: "DOWNLOAD_FAILED", message: `The install stopped: ${reason}.` };
}
