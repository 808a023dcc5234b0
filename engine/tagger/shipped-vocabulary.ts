/** @file The vocabularies that Afterimage brings: all files of one folder of its resources. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type ReadVocabulary, readVocabulary } from "./vocabulary-lines.ts";

/** Folder of the shipped label files. */
export function shippedVocabularyFolder(resourcesPath: string): string {
	return join(resourcesPath, "vocabularies", "labels");
}

/** All labels of the `.txt` files of a folder, by file name. */
export function readVocabularyFolder(folder: string): ReadVocabulary {
	const names = readdirSync(folder).filter((name) => name.toLowerCase().endsWith(".txt"));
	const files = names.sort().map((name) => {
		const path = join(folder, name);
		return readVocabulary(readFileSync(path, "utf8"), path, name.replace(/\.txt$/iu, ""));
	});
	return {
		groups: files.flatMap(({ groups }) => groups),
		problems: files.flatMap(({ problems }) => problems),
	};
}
