/** @file The search models that come with the app: one encoder, looking once or several times at each photo. */
import { type ModelId, modelIdSchema } from "../../contract/model-package.ts";

/** The encoder that came with the app. */
export const bundledModel: ModelId = modelIdSchema.parse("starter");

/** The same files, looking closer at each photo. */
export const closerModel: ModelId = modelIdSchema.parse("starter-closer");

/** Neither downloaded nor removed. */
export function isBundled(id: ModelId): boolean {
	return id === bundledModel || id === closerModel;
}
