/** @file Where a model stands in the list of models, for what is done to it elsewhere on the screen. */
import type { ModelId } from "../../../contract/model-package.ts";

/** The element's id. */
export function modelEntryId(model: ModelId): string {
	return `model-${model}`;
}

/** Takes the person there, as when the button they pressed is gone. Nothing where it is not listed. */
export function goToModelEntry(model: ModelId): void {
	document.getElementById(modelEntryId(model))?.focus();
}
