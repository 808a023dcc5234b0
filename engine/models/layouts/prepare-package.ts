/** @file A folder of model files becomes a package the app can search with, or is refused by name. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Refusal } from "../../../contract/errors.ts";
import type { DualEncoder } from "../../encoder/dual-encoder.ts";
import type { ModelManifest } from "../../encoder/model-manifest.ts";
import { loadModelPackage, verifyModelPackage } from "../../encoder/model-package.ts";
import { createDualEncoder } from "../../encoder/onnx-dual-encoder.ts";
import { replaceFile } from "../../library/replace-file.ts";
import { checkTowers } from "./check-towers.ts";
import { deriveManifests, type PackageFacts } from "./derive-manifest.ts";
import { type SeenPairs, seeKnownPairs } from "./known-pairs.ts";
import { measureCalibration } from "./measure-calibration.ts";
import { measureLogitScale } from "./measure-logit-scale.ts";

const manifestFile = "model.json";

/** Forms of one model that are tried before giving up. */
const mostTries = 4;

/** A package that searches. */
export interface PreparedPackage {
	manifest: ModelManifest;
	/** On this computer's processor. */
	imagesPerSecond: number;
}

/**
 * Writes `model.json` where there is none (see [Note: Derived manifests]), and makes sure that the package
 * runs and that its halves belong together. A manifest that came with the package is left as it is.
 * @param folder ours to write to: a copy or a finished download.
 * @param sha256 of every file of the package, by name.
 * @throws Refusal MODEL_DAMAGED or MODEL_UNAVAILABLE naming the file, and the field where one is at fault.
 */
export async function preparePackage(
	folder: string,
	sha256: Readonly<Record<string, string>>,
	facts: PackageFacts,
	resourcesPath: string,
): Promise<PreparedPackage> {
	if (sha256[manifestFile] !== undefined) {
		const modelPackage = loadModelPackage(folder);
		await verifyModelPackage(modelPackage);
		const { manifest } = modelPackage;
		const { imagesPerSecond } = await tryTowers(folder, manifest, resourcesPath);
		return { manifest, imagesPerSecond };
	}
	let problem: unknown = null;
	const manifests = await deriveManifests(folder, sha256, facts);
	for (const derived of manifests.slice(0, mostTries)) {
		try {
			const seen = await tryTowers(folder, derived, resourcesPath);
			const logitScale = measureLogitScale(seen);
			const calibration = measureCalibration(seen, logitScale);
			const manifest = { ...derived, logitScale, calibration };
			const text = `${JSON.stringify(manifest, null, "\t")}\n`;
			await replaceFile(join(folder, manifestFile), text);
			return { manifest, imagesPerSecond: seen.imagesPerSecond };
		} catch (error) {
			if (!(error instanceof Refusal)) throw error;
			problem ??= error;
		}
	}
	throw problem;
}

/** Runs both towers on what is known. */
async function tryTowers(
	folder: string,
	manifest: ModelManifest,
	resourcesPath: string,
): Promise<SeenPairs> {
	const encoder: DualEncoder = createDualEncoder({ packagePath: folder, manifest });
	try {
		const seen = await seeKnownPairs(encoder, resourcesPath);
		checkTowers(manifest, seen);
		return seen;
	} finally {
		await encoder.close();
	}
}

/** The licence a model card names in its front matter; null where there is none. */
export async function licenceOf(folder: string): Promise<string | null> {
	const card = await readFile(join(folder, "README.md"), "utf8").catch(() => "");
	const front = /^---\r?\n([\s\S]*?)\r?\n---/.exec(card)?.[1] ?? "";
	const named = /^license:\s*["']?([\w.+-]{1,60})["']?\s*$/m.exec(front)?.[1];
	return named ?? null;
}
