/** @file Labels written one a line, from a file named on the command line. */
import {
	type ReadVocabulary,
	readVocabulary,
	type VocabularyGroupLines,
} from "../engine/tagger/vocabulary-lines.ts";
import { CommandError } from "./failure.ts";
import { readGiven } from "./given-files.ts";
import { resolveGiven } from "./library-path.ts";

/** As many characters as `label.addLines` takes. */
const labelsMaxBytes = 1_000_000;
const problemsTold = 5;

export interface LabelFile {
	/** As it stands in the file. */
	text: string;
	groups: VocabularyGroupLines[];
}

/** @throws CommandError that names the file, and the line where one cannot be read. */
export async function readLabelFile(given: string, signal: AbortSignal): Promise<LabelFile> {
	const path = resolveGiven(given);
	const bytes = await readGiven(path, labelsMaxBytes, signal);
	let text: string;
	try {
		text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
	} catch (error) {
		throw new CommandError(`${path} is no text in UTF-8. Save it as UTF-8 and try again.`, error);
	}
	const read = readVocabulary(text, path, "Labels");
	refuseProblems(read);
	if (read.groups.every(({ labels }) => labels.length === 0)) {
		throw new CommandError(`${path} has no labels. Write one a line, such as: animal/dog = a dog`);
	}
	return { text, groups: read.groups };
}

/** @throws CommandError with the first problems, each with its file and line. */
export function refuseProblems({ problems }: ReadVocabulary): void {
	if (problems.length === 0) return;
	const told = problems
		.slice(0, problemsTold)
		.map(({ file, line, message }) => `${file}, line ${line}: ${message}`);
	const more = problems.length - told.length;
	throw new CommandError([...told, ...(more > 0 ? [`And ${more} more.`] : [])].join(" "));
}
