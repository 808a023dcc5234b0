/** @file Where a person's library is when nothing else was said; the same for every host. */
import { homedir, platform } from "node:os";
import { isAbsolute, join } from "node:path";

/** The platform's folder for data, absolute. */
export function usualLibraryPath(
	environment: Readonly<Record<string, string | undefined>> = process.env,
): string {
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
