/** @file Which library a command works on, and what relative paths are relative to. */
import { resolve } from "node:path";
import { usualLibraryPath } from "../engine/library/usual-library-path.ts";
import { UsageError } from "./failure.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * `--library`, else `AFTERIMAGE_LIBRARY`, else the platform's folder for data. Absolute.
 * @throws UsageError for an empty option: a script's variable was not set, and the person's own library
 * is not what it meant.
 */
export function chooseLibraryPath(
	option: string | undefined,
	environment: Environment = process.env,
): string {
	if (option === "") throw new UsageError("Give a folder after --library.");
	const chosen = option ?? environment.AFTERIMAGE_LIBRARY;
	if (chosen !== undefined && chosen !== "") return resolveGiven(chosen, environment);
	return usualLibraryPath(environment);
}

/**
 * A path as the person typed it, made absolute: the engine may be another process with another
 * working folder. `npm start` moves to the package's folder and leaves word where it came from.
 */
export function resolveGiven(path: string, environment: Environment = process.env): string {
	const typedIn = environment.npm_lifecycle_event === "start" ? environment.INIT_CWD : undefined;
	return typedIn === undefined ? resolve(path) : resolve(typedIn, path);
}
