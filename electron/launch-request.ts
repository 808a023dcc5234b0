/** @file What a start of the app asks for: a library, and folders to add to it. */
import { createHash } from "node:crypto";
import { join, resolve } from "node:path";
import { z } from "zod";
import { usualLibraryPath } from "../engine/library/usual-library-path.ts";

/** Absolute paths. A second start hands its own to the first one. */
export const launchRequestSchema = z.object({
	libraryPath: z.string().min(1),
	folders: z.array(z.string().min(1)),
});
export type LaunchRequest = z.infer<typeof launchRequestSchema>;

/**
 * Reads a start's arguments.
 * @param words those after the program (and, unpacked, after the app's folder); switches are Chromium's
 * own business, except `--library=DIR`
 */
export function readLaunchRequest(
	words: readonly string[],
	environment: Readonly<Record<string, string | undefined>>,
	workingPath: string,
): LaunchRequest {
	const prefix = "--library=";
	const named = words.find((word) => word.startsWith(prefix))?.slice(prefix.length);
	const chosen = [named, environment.AFTERIMAGE_LIBRARY].find(
		(path) => path !== undefined && path !== "",
	);
	return {
		libraryPath:
			chosen === undefined ? usualLibraryPath(environment) : resolve(workingPath, chosen),
		folders: words
			.filter((word) => word !== "" && !word.startsWith("-"))
			.map((word) => resolve(workingPath, word)),
	};
}

/**
 * Where Chromium keeps what it must. One folder for each library, because the single-instance lock
 * lives there: another library is another app.
 * @param applicationDataPath the system's folder for programs' data
 */
export function windowDataPath(applicationDataPath: string, libraryPath: string): string {
	const name = createHash("sha256").update(libraryPath).digest("hex").slice(0, 16);
	return join(applicationDataPath, "Afterimage Window", name);
}
