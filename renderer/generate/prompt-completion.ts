/** @file Completing the last word of a prompt from the names of tags. */
import { completions, type NamedTag } from "../tags/tag-completion.ts";

const mostShown = 5;
/** Characters typed before a word is completed. */
const leastTyped = 2;

/** Names that the word being typed may become, most used first; a tag's parents belong to no prompt. */
export function promptCompletions(tags: readonly NamedTag[], prompt: string): string[] {
	const typed = lastWord(prompt);
	if (typed.length < leastTyped) return [];
	const named = tags.map(({ path, photos }) => ({ path: path.split("/").at(-1) ?? path, photos }));
	const wanted = typed.toLocaleLowerCase();
	const fitting = named.filter(({ path }) => {
		const name = path.toLocaleLowerCase();
		return name.startsWith(wanted) && name !== wanted;
	});
	return [...new Set(completions(fitting, typed, mostShown * 2).map(({ path }) => path))].slice(
		0,
		mostShown,
	);
}

/** The prompt with its last word become this name. */
export function completedPrompt(prompt: string, name: string): string {
	return `${prompt.slice(0, prompt.length - lastWord(prompt).length)}${name} `;
}

function lastWord(prompt: string): string {
	return /[\p{L}\p{N}\p{M}]+$/u.exec(prompt)?.[0] ?? "";
}
