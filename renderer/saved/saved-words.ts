/** @file Saved searches in words. */
import type { SavedMatches, SavedSearch } from "../../contract/saved-search.ts";
import { formatCount } from "../shell/progress-words.ts";

const suggestedAtMost = 40;

/** "38", "5,000+"; "" until they were counted. */
export function matchCount(matches: SavedMatches | null): string {
	if (matches === null) return "";
	return `${formatCount(matches.count)}${matches.more ? "+" : ""}`;
}

/** More on an entry: what it asks, and what is wrong with it. */
export function savedHint({ question, problem }: SavedSearch): string {
	const asked = question.query === "" ? "Photos like those you chose" : question.query;
	return problem === null ? asked : `${asked}\n${problem}`;
}

/** "3 new since you last looked". */
export function freshInWords(fresh: number): string {
	return `${formatCount(fresh)} new since you last looked`;
}

/** A name for the words searched for: as they are, with a capital, and cut at a word. */
export function suggestedName(query: string): string {
	const words = query.replaceAll("\\", "").replace(/\s+/gu, " ").trim();
	const [first = "", ...rest] = [...words];
	const whole = [...(first.toUpperCase() + rest.join(""))];
	if (whole.length <= suggestedAtMost) return whole.join("");
	const cut = whole.slice(0, suggestedAtMost).join("");
	const lastSpace = cut.lastIndexOf(" ");
	return lastSpace > suggestedAtMost / 2 ? cut.slice(0, lastSpace) : cut;
}

/** A suggested name that no other saved search has: with a number where needed. */
export function freeName(query: string, taken: readonly Pick<SavedSearch, "name">[]): string {
	const name = suggestedName(query);
	const names = new Set(taken.map((saved) => saved.name.toLowerCase()));
	if (!names.has(name.toLowerCase())) return name;
	let number = 2;
	while (names.has(`${name} ${number}`.toLowerCase())) number += 1;
	return `${name} ${number}`;
}
