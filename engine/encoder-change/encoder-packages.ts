/** @file The packages a library can be searched with: the bundled one, and those that were installed. */
import { join } from "node:path";
import { Refusal } from "../../contract/errors.ts";
import type { ModelId } from "../../contract/model-package.ts";
import { withCloserLook } from "../encoder/closer-look.ts";
import { loadModelPackage } from "../encoder/model-package.ts";
import { bundledModel, closerModel } from "../models/bundled-models.ts";
import type { Models } from "../models/models.ts";
import type { ChosenEncoder } from "./search-side.ts";

export class EncoderPackages {
	readonly #resourcesPath: string;
	readonly #models: Pick<Models, "installedEncoders">;

	constructor(resourcesPath: string, models: Pick<Models, "installedEncoders">) {
		this.#resourcesPath = resourcesPath;
		this.#models = models;
	}

	/** @throws Refusal MODEL_UNAVAILABLE */
	bundled(): ChosenEncoder {
		const path = join(this.#resourcesPath, "models", bundledModel);
		return { model: bundledModel, package: loadModelPackage(path) };
	}

	/** The bundled one with three looks at each photo. @throws Refusal MODEL_UNAVAILABLE */
	closer(): ChosenEncoder {
		return { model: closerModel, package: withCloserLook(this.bundled().package) };
	}

	/** @throws Refusal MODEL_NOT_FOUND where it is not installed, MODEL_UNAVAILABLE where it cannot search. */
	async find(model: ModelId): Promise<ChosenEncoder> {
		if (model === bundledModel) return this.bundled();
		if (model === closerModel) return this.closer();
		const installed = (await this.#models.installedEncoders()).find(({ id }) => id === model);
		if (installed === undefined) {
			throw new Refusal(
				"MODEL_NOT_FOUND",
				`The search model "${model}" is not installed. See the list of models, or: afterimage models`,
			);
		}
		return { model, package: loadModelPackage(installed.path) };
	}

	/** The bundled ones first. Those that cannot be read are left out: the list of models says why. */
	async usable(): Promise<ChosenEncoder[]> {
		const found = [this.bundled(), this.closer()];
		for (const { id } of await this.#models.installedEncoders()) {
			try {
				found.push(await this.find(id));
			} catch (error) {
				if (!(error instanceof Refusal)) throw error;
			}
		}
		return found;
	}
}
