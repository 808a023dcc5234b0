/**
 * @file Where installed models are: one place a person, beside the usual library and not inside any. They
 * are large, the same for every library, and a library that is copied to another disk need not take them.
 */
import { dirname, isAbsolute, join } from "node:path";
import { usualLibraryPath } from "../library/usual-library-path.ts";

/** `AFTERIMAGE_MODELS`, else the platform's folder for data. Absolute. */
export function usualModelsPath(
	environment: Readonly<Record<string, string | undefined>> = process.env,
): string {
	const chosen = environment.AFTERIMAGE_MODELS;
	if (chosen !== undefined && isAbsolute(chosen)) return chosen;
	return join(dirname(usualLibraryPath(environment)), "afterimage-models");
}
