/** @file ExifTool's own reading of our files, for comparison. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(
	new URL("../../node_modules/exiftool-vendored.pl/bin/exiftool", import.meta.url),
);

/** Null where there is no Perl or no ExifTool; says so, because the comparison is then left out. */
export function findExifTool(): ((...words: string[]) => string) | null {
	try {
		execFileSync("perl", ["-e", "1"]);
	} catch {
		console.warn("LEFT OUT: comparison with ExifTool, because this computer has no Perl.");
		return null;
	}
	if (!existsSync(script)) {
		console.warn("LEFT OUT: comparison with ExifTool, because it is not installed here.");
		return null;
	}
	return (...words) => execFileSync("perl", [script, ...words], { encoding: "utf8" });
}
