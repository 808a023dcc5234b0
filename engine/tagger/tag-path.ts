/** @file Paths of tags as people type them. */
import { Refusal } from "../../contract/errors.ts";
import {
	tagNameMaxCharacters,
	tagPathMaxCharacters,
	tagPathMaxParts,
} from "../../contract/limits.ts";

/**
 * The path with its parts trimmed and white space within them evened out; composed (NFC), so that one
 * name is stored one way.
 * @throws Refusal NAME_NOT_ALLOWED saying what is wrong.
 */
export function cleanTagPath(path: string): string {
	const refuse = (message: string) => {
		throw new Refusal("NAME_NOT_ALLOWED", message, { field: "path" });
	};
	const shown = path.toWellFormed().normalize("NFC");
	const parts = shown.split("/").map((part) => part.trim().replace(/\s+/gu, " "));
	if (parts.every((part) => part === "")) refuse("A tag needs a name.");
	if (parts.some((part) => part === ""))
		refuse("There is nothing between two strokes (/) of that tag, or at its end.");
	// Control and direction-changing characters make two names look like one.
	if (parts.some((part) => /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u.test(part)))
		refuse("That tag has characters in it that cannot be seen.");
	if (parts.some((part) => part.includes("|")))
		refuse("A tag cannot have a bar (|) in it: other programs read it as a step in the tree.");
	if (parts.length > tagPathMaxParts) refuse(`A tag can be at most ${tagPathMaxParts} steps deep.`);
	if (parts.some((part) => part.length > tagNameMaxCharacters))
		refuse(`Each part of a tag can have at most ${tagNameMaxCharacters} characters.`);
	const clean = parts.join("/");
	if (clean.length > tagPathMaxCharacters)
		refuse(`A tag can have at most ${tagPathMaxCharacters} characters.`);
	return clean;
}
