/** @file What is said of installed models, and of how an install ended. */
import { Refusal } from "../../contract/errors.ts";
import type { InstallEvent, Model } from "../../contract/model-package.ts";
import type { InstalledModel } from "./model-store.ts";

/** A package the catalogue does not know. */
export function describeUnknown(record: InstalledModel): Model {
	const { id, kind, title, licence, sizeBytes } = record;
	return {
		...{ id, kind, title, licence, sizeBytes },
		commercialUse: null,
		dimensions: null,
		figures: [],
		goodFor: "Installed from a folder; nothing more is known of it here.",
		sources: [],
		downloadBytes: 0,
		verified: false,
		imagesPerSecond: record.imagesPerSecond,
		pin: null,
		state: installedState(record),
		notUsable: notUsable(kind, record),
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

/** Why it is of no use here though it is installed; null where it is. */
export function notUsable(kind: Model["kind"], record: InstalledModel | undefined): string | null {
	if (kind === "encoder") return null;
	// What draws is a model in Stable Diffusion's layout, which this file tells.
	if (record?.sha256["model_index.json"] !== undefined) return null;
	return "This version draws with models in Stable Diffusion's ONNX layout, as a folder with a model_index.json.";
}

/** The last event of an install that went wrong. */
export function describeEnd(error: unknown): InstallEvent {
	if (error instanceof Refusal) {
		return { phase: "failed", code: error.code, message: error.message };
	}
	const reason = error instanceof Error ? error.message : String(error);
	return { phase: "failed", code: "DOWNLOAD_FAILED", message: `The install stopped: ${reason}.` };
}
