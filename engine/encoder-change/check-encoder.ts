/** @file Proves a package before anything is embedded by it: its files, that it runs, and that its halves fit. */
import { Refusal } from "../../contract/errors.ts";
import { verifyModelPackage } from "../encoder/model-package.ts";
import { createDualEncoder } from "../encoder/onnx-dual-encoder.ts";
import { checkTowers } from "../models/layouts/check-towers.ts";
import { seeKnownPairs } from "../models/layouts/known-pairs.ts";
import type { ChosenEncoder } from "./search-side.ts";

/**
 * The same proof as when it was installed: since then its files may have been damaged, exchanged or mixed.
 * @throws Refusal MODEL_UNAVAILABLE or MODEL_DAMAGED naming the package, and the file or field at fault.
 */
export async function checkEncoder(
	{ package: modelPackage, model }: ChosenEncoder,
	resourcesPath: string,
): Promise<void> {
	const { manifest, path } = modelPackage;
	const encoder = createDualEncoder({ packagePath: path, manifest });
	try {
		await verifyModelPackage(modelPackage);
		checkTowers(manifest, await seeKnownPairs(encoder, resourcesPath));
	} catch (error) {
		if (!(error instanceof Refusal)) throw error;
		throw new Refusal(
			error.code,
			`${manifest.title} (${model}) cannot be used: ${error.message} The search model stays as it is.`,
			error.detail,
		);
	} finally {
		await encoder.close();
	}
}
