/** @file The last step of installing an encoder: a manifest, a check, and no file too many. */
import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { ModelManifest } from "../encoder/model-manifest.ts";
import { fileSha256 } from "./download-file.ts";
import { preparePackage } from "./layouts/prepare-package.ts";
import type { InstalledModel } from "./model-store.ts";

/** What a package says of itself instead of what a download or a folder's name says. */
export interface FinishedEncoder {
	record: InstalledModel;
	manifest: ModelManifest;
}

/**
 * @param staging holds all files of `record.sha256`; ours to write to.
 * @returns the record of what is there afterwards: `model.json` came, and forms of the towers that are
 * not used went.
 * @throws Refusal MODEL_DAMAGED or MODEL_UNAVAILABLE naming the file, and the field where one is at fault.
 */
export async function finishEncoder(
	staging: string,
	record: InstalledModel,
	resourcesPath: string,
): Promise<FinishedEncoder> {
	const { id, title, licence } = record;
	const facts = { id, title, licence: licence ?? "Licence not stated in the package" };
	const { manifest, imagesPerSecond } = await preparePackage(
		staging,
		record.sha256,
		facts,
		resourcesPath,
	);
	const sha256: Record<string, string> = {};
	let sizeBytes = 0;
	for (const [name, sum] of Object.entries(record.sha256)) {
		const path = join(staging, name);
		if (isWeights(name) && manifest.sha256[name] === undefined) {
			await rm(path);
			continue;
		}
		sha256[name] = sum;
		sizeBytes += (await stat(path)).size;
	}
	const manifestPath = join(staging, "model.json");
	sha256["model.json"] = await fileSha256(manifestPath);
	if (record.sha256["model.json"] === undefined) sizeBytes += (await stat(manifestPath)).size;
	return { record: { ...record, sha256, sizeBytes, imagesPerSecond }, manifest };
}

function isWeights(name: string): boolean {
	return (
		/\.onnx(_data.*|\.data)?$/.test(name) || /\.(safetensors|bin|pt|pth|h5|msgpack)$/.test(name)
	);
}
