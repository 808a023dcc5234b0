/** @file Which library a command works on, and what relative paths are relative to. */
import { homedir, platform } from "node:os";
import { isAbsolute, join, resolve } from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

/** `--library`, else `AFTERIMAGE_LIBRARY`, else the platform's folder for data. Absolute. */
export function chooseLibraryPath(
	option: string | undefined,
	environment: Environment = process.env,
): string {
	const chosen = option ?? environment.AFTERIMAGE_LIBRARY;
	if (chosen !== undefined && chosen !== "") return resolveGiven(chosen, environment);
	switch (platform()) {
		case "darwin":
			return join(homedir(), "Library", "Application Support", "Afterimage");
		case "win32":
			return join(environment.LOCALAPPDATA ?? join(homedir(), "AppData", "Local"), "Afterimage");
		default: {
			// The base directory specification: relative values are to be ignored.
			const dataHome = environment.XDG_DATA_HOME;
			const usable = dataHome !== undefined && isAbsolute(dataHome);
			return join(usable ? dataHome : join(homedir(), ".local", "share"), "afterimage");
		}
	}
}

/**
 * A path as the person typed it, made absolute: the engine may be another process with another
 * working folder. `npm start` moves to the package's folder and leaves word where it came from.
 */
export function resolveGiven(path: string, environment: Environment = process.env): string {
	const typedIn = environment.npm_lifecycle_event === "start" ? environment.INIT_CWD : undefined;
	return typedIn === undefined ? resolve(path) : resolve(typedIn, path);
}
