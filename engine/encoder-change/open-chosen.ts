/** @file What a library is searched with when it is opened. */
import { Refusal } from "../../contract/errors.ts";
import { bundledModel } from "../models/bundled-models.ts";
import type { EncoderChoice } from "./encoder-choice.ts";
import type { EncoderPackages } from "./encoder-packages.ts";
import type { ChosenEncoder } from "./search-side.ts";

/**
 * The chosen encoder, or the bundled one for as long as the chosen one cannot be used. The choice stays, and so do
 * all embeddings: installed again, it searches again.
 * @throws Refusal MODEL_UNAVAILABLE where not even the bundled one can be read.
 */
export async function openChosen(
	choice: EncoderChoice,
	packages: EncoderPackages,
): Promise<{ chosen: ChosenEncoder; problem: string | null }> {
	const wanted = await choice.chosen();
	if (wanted === null || wanted.model === bundledModel) {
		return { chosen: packages.bundled(), problem: null };
	}
	try {
		return { chosen: await packages.find(wanted.model), problem: null };
	} catch (error) {
		if (!(error instanceof Refusal)) throw error;
		const bundled = packages.bundled();
		return {
			chosen: bundled,
			problem: `This library was searched with ${wanted.title}, which cannot be used now: ${error.message} Until it is installed again, ${bundled.package.manifest.title} searches.`,
		};
	}
}
