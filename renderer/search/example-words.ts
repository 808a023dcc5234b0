/** @file Examples and what they count, in words. */
import type { Composition } from "../../contract/example.ts";
import type { PhotoId } from "../../contract/ids.ts";
import { photosCounted } from "../shell/progress-words.ts";
import type { AskedExample } from "../state/asked-pictures.ts";

/** Names of what an example may be of; undefined while or where they are not known. */
export interface ExampleNames {
	photo(id: PhotoId): string | undefined;
	picture(key: number): string | undefined;
}

/** Such as "beach.jpg", "3 photos", "part of beach.jpg", "your picture". */
export function exampleName(example: AskedExample, names: ExampleNames): string {
	switch (example.kind) {
		case "photos": {
			const [id] = example.ids;
			if (id === undefined || example.ids.length > 1) return photosCounted(example.ids.length);
			return names.photo(id) ?? "this photo";
		}
		case "region":
			return `part of ${names.photo(example.id) ?? "this photo"}`;
		case "picture":
			return names.picture(example.key) || "your picture";
	}
}

/** How much an example counts. */
export function weightInWords(weight: number): string {
	const share = Math.abs(weight);
	if (share < 0.35) return "a little";
	return share < 0.65 ? "somewhat" : "a lot";
}

/** "Like beach.jpg" or "Less like beach.jpg". */
export function exampleLabel(example: AskedExample, names: ExampleNames): string {
	return `${example.weight < 0 ? "Less like" : "Like"} ${exampleName(example, names)}`;
}

/**
 * What the ranking is made of: "“at night” 60 %, beach.jpg 40 %, less like 2 photos". Empty for one
 * thing alone.
 *
 * @param examples the search was asked with, in the order it was asked
 */
export function compositionInWords(
	composition: Composition,
	examples: readonly AskedExample[],
	names: ExampleNames,
): string {
	if (composition.length < 2) return "";
	// A hundred per cent of what is asked for says nothing.
	const isOnly = composition.filter(({ share }) => share > 0).length === 1;
	const percent = (share: number) => (isOnly ? "" : ` ${Math.round(share * 100)} %`);
	const wantedFirst = composition.toSorted(
		(one, other) => Number(one.share < 0) - Number(other.share < 0),
	);
	return wantedFirst.map((part) => partInWords(part, examples, names, percent)).join(", ");
}

function partInWords(
	part: Composition[number],
	examples: readonly AskedExample[],
	names: ExampleNames,
	percent: (share: number) => string,
): string {
	switch (part.kind) {
		case "words":
			return `“${part.text}”${percent(part.share)}`;
		case "example": {
			const example = examples[part.at];
			const name = example === undefined ? "a picture" : exampleName(example, names);
			return part.share < 0 ? `less like ${name}` : `${name}${percent(part.share)}`;
		}
		case "liked":
			return `more like ${photosCounted(part.photos)}${percent(part.share)}`;
		case "disliked":
			return `less like ${photosCounted(part.photos)}`;
	}
}
