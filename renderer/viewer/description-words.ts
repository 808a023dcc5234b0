/** @file What is said of a photo, and where it comes from, in words. */
import type { DescribedField, PhotoDescription } from "../../contract/description.ts";
import type { FileMetadata } from "../../contract/file-metadata.ts";
import { starsInWords } from "../state/descriptions.svelte.ts";

/** What one file says, as names and values; no lines where it says nothing. */
export function fileSays(
	place: string,
	metadata: FileMetadata | null,
): { place: string; lines: [name: string, value: string][] } {
	if (metadata === null) return { place, lines: [] };
	const { title, caption, rating, label, keywords, hierarchies } = metadata;
	// Every keyword once: nested ones are often written flat as well.
	const nested = hierarchies.filter((parts) => parts.length > 1);
	const parts = new Set(nested.flat());
	const all = [
		...nested.map((names) => names.join("/")),
		...keywords.filter((keyword) => !parts.has(keyword)),
	];
	const lines: [string, string | null][] = [
		["Title", title],
		["Caption", caption],
		["Stars", rating === null ? null : starsInWords(rating)],
		["Colour label", label],
		["Keywords", all.length === 0 ? null : all.join(", ")],
	];
	return {
		place,
		lines: lines.flatMap(([name, value]): [string, string][] =>
			value === null ? [] : [[name, value]],
		),
	};
}

/** Where what counts comes from: "Title and stars were set here." Empty where there is nothing. */
export function originOfField(said: PhotoDescription, ...fields: DescribedField[]): string {
	const here = fields.filter((field) => said.setHere.includes(field));
	if (here.length > 0) {
		const names = here.map((field) => (field === "rating" ? "stars" : field));
		const listed = new Intl.ListFormat("en-GB").format(names);
		const plural = names.length > 1 || names[0] === "stars";
		return `${listed.charAt(0).toUpperCase()}${listed.slice(1)} ${plural ? "were" : "was"} set here.`;
	}
	const [field] = fields;
	if (field === undefined || said[field] === null) return "";
	return (said.inSidecar?.[field] ?? null) === null ? "From the photo file." : "From the sidecar.";
}
