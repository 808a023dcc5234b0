/** @file The installed models that draw, as they come and go. */
import { join } from "node:path";
import { Refusal } from "../../../contract/errors.ts";
import { readInstalledModels } from "../../models/installed-models.ts";
import type { GeneratorPackages, InstalledGenerator } from "../families.ts";
import type { PictureGenerator } from "../picture-generator.ts";

/** The models of one layout. */
export interface InstalledLayout {
	/** True for a folder that is meant to be one, whole or not. */
	isPackage(path: string): boolean;
	/** @throws Refusal MODEL_UNAVAILABLE where it cannot be used. */
	open(model: { id: string; title: string; path: string }): PictureGenerator;
}

/** @param modelsPath where models are installed; null where none are */
export function installedGenerators(
	modelsPath: string | null,
	{ isPackage, open }: InstalledLayout,
): GeneratorPackages {
	/** By id and time of installing: what was measured of a model is kept as long as it is. */
	const known = new Map<string, InstalledGenerator | null>();
	return {
		list() {
			if (modelsPath === null) return [];
			return readInstalledModels(modelsPath).flatMap(({ id, title, installedAtMs }) => {
				const path = join(modelsPath, id);
				if (!isPackage(path)) return [];
				const key = `${id} ${installedAtMs}`;
				const found = known.get(key);
				if (found !== undefined) return found ?? [];
				const generator = orNothing(() => open({ id, title, path }));
				const opened = generator && { id, title, generator };
				known.set(key, opened);
				return opened ?? [];
			});
		},
		async close() {
			await Promise.all([...known.values()].map((one) => one?.generator.close()));
		},
	};
}

/** A package that cannot be used is not offered; the list of models says why. */
function orNothing(open: () => PictureGenerator): PictureGenerator | null {
	try {
		return open();
	} catch (error) {
		if (error instanceof Refusal) return null;
		throw error;
	}
}
