/** @file The installed models that draw by diffusion, as they come and go. */
import { join } from "node:path";
import { Refusal } from "../../contract/errors.ts";
import { readInstalledModels } from "../models/installed-models.ts";
import { createPipelineGenerator } from "./diffusion/pipeline/pipeline-generator.ts";
import { isPipelinePackage } from "./diffusion/pipeline/pipeline-package.ts";
import type { GeneratorPackages, InstalledGenerator } from "./families.ts";

/**
 * @param modelsPath where models are installed; null where none are
 * @param encoderPath folder of the encoder that judges what was drawn
 */
export function installedDiffusion(
	modelsPath: string | null,
	encoderPath: string,
): GeneratorPackages {
	/** By id and time of installing: what was measured of a model is kept as long as it is. */
	const known = new Map<string, InstalledGenerator | null>();
	return {
		list() {
			if (modelsPath === null) return [];
			return readInstalledModels(modelsPath).flatMap(({ id, title, installedAtMs }) => {
				const path = join(modelsPath, id);
				if (!isPipelinePackage(path)) return [];
				const key = `${id} ${installedAtMs}`;
				const found = known.get(key);
				if (found !== undefined) return found ?? [];
				const opened = orNothing(() => ({
					id,
					title,
					generator: createPipelineGenerator({ id, title, path, encoderPath }),
				}));
				known.set(key, opened);
				return opened ?? [];
			});
		},
		async close() {
			await Promise.all([...known.values()].map((one) => one?.generator.close()));
		},
	};
}

/** A package that cannot be used is not offered; the list of models says that it is there. */
function orNothing(open: () => InstalledGenerator): InstalledGenerator | null {
	try {
		return open();
	} catch (error) {
		if (error instanceof Refusal) return null;
		throw error;
	}
}
