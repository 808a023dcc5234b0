/**
 * @file The lines of a vocabulary:
 *
 *     # a comment
 *     [Animals, any of]
 *     animal/dog = a dog; a puppy | hound
 *     animal/cat
 *
 * A label is the path of its tag, then wordings after `=` with `;` between, then synonyms after `|` with
 * `,` between. Without wordings the last part of the path is the wording. A line in brackets begins a
 * group: `one of` where at most one of its labels fits a picture, `any of` otherwise.
 */
import type { GroupChoice, VocabularyProblem } from "../../contract/label.ts";

export interface VocabularyLabel {
	path: string;
	wordings: string[];
	synonyms: string[];
}

export interface VocabularyGroupLines {
	name: string;
	choose: GroupChoice;
	labels: VocabularyLabel[];
}

export interface ReadVocabulary {
	groups: VocabularyGroupLines[];
	problems: VocabularyProblem[];
}

const mostCharacters = 300;
const mostWordings = 50;

/** Never throws: a line that cannot be read is passed over and told. @param file for telling. */
export function readVocabulary(text: string, file: string, firstGroup: string): ReadVocabulary {
	const groups: VocabularyGroupLines[] = [];
	const problems: VocabularyProblem[] = [];
	const known = new Set<string>();
	let group: VocabularyGroupLines | null = null;
	for (const [at, raw] of text
		.replace(/^\uFEFF/u, "")
		.split(/\r\n|\n|\r/u)
		.entries()) {
		const line = raw.trim();
		const tell = (message: string) => problems.push({ file, line: at + 1, message });
		if (line === "" || line.startsWith("#")) continue;
		if (line.startsWith("[")) {
			const heading = /^\[\s*([^\],]+?)\s*(?:,\s*(one|any)[ -]of\s*)?\]$/iu.exec(line);
			if (heading === null) tell("A group is written [Name, any of] or [Name, one of].");
			else group = { name: heading[1] ?? "", choose: choiceOf(heading[2]), labels: [] };
			if (heading !== null && group !== null) groups.push(group);
			continue;
		}
		const label = readLabelLine(line);
		if (typeof label === "string") {
			tell(label);
			continue;
		}
		const key = label.path.normalize("NFC").toLowerCase();
		if (known.has(key)) {
			tell(`“${label.path}” stands here a second time.`);
			continue;
		}
		known.add(key);
		if (group === null) {
			group = { name: firstGroup, choose: "any-of", labels: [] };
			groups.push(group);
		}
		group.labels.push(label);
	}
	return { groups, problems };
}

function choiceOf(word: string | undefined): GroupChoice {
	return word?.toLowerCase() === "one" ? "one-of" : "any-of";
}

/** The label of one line, or what is wrong with it. */
function readLabelLine(line: string): VocabularyLabel | string {
	const [before = "", synonyms = ""] = splitOnce(line, "|");
	const [name = "", wordings = ""] = splitOnce(before, "=");
	const parts = name.split("/").map((part) => part.trim().replace(/\s+/gu, " "));
	if (parts.some((part) => part === "")) return "A label needs a name, such as animal/dog.";
	if (/\p{Cc}/u.test(line)) return "There is a control character in this line.";
	if (name.length > mostCharacters)
		return `A label's name has at most ${mostCharacters} characters.`;
	const phrases = listOf(wordings, ";");
	const others = listOf(synonyms, ",");
	if (phrases.length > mostWordings) return `A label has at most ${mostWordings} wordings.`;
	if ([...phrases, ...others].some(({ length }) => length > mostCharacters)) {
		return `A wording has at most ${mostCharacters} characters.`;
	}
	return {
		path: parts.join("/"),
		wordings: phrases.length === 0 ? [parts.at(-1) ?? ""] : phrases,
		synonyms: others,
	};
}

function listOf(text: string, separator: string): string[] {
	return text
		.split(separator)
		.map((item) => item.trim())
		.filter((item) => item !== "");
}

function splitOnce(text: string, separator: string): string[] {
	const at = text.indexOf(separator);
	return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
