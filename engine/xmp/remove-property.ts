/** @file Takes a property of an XMP document away, wherever it stands. */
import type { PropertyPlace } from "./rdf-properties.ts";
import { type TextEdit, whiteSpaceBefore } from "./text-edits.ts";
import { UnreadableXmp } from "./unreadable-xmp.ts";
import type { XmpDocument } from "./xmp-document.ts";

/** The attribute with the white space before it. */
export function attributeStretch(
	{ text }: XmpDocument,
	{ description, attribute }: Extract<PropertyPlace, { form: "attribute" }>,
): TextEdit {
	const { start, contentStart } = description;
	// Well-formed, so quotes pair up, and a value with the attribute's name inside is skipped as a whole.
	const attributes = /\s+([^\s=]+)\s*=\s*("[^"]*"|'[^']*')/g;
	for (const found of text.slice(start, contentStart).matchAll(attributes)) {
		if (found[1] !== attribute.name) continue;
		const at = start + found.index;
		return { start: at, end: at + found[0].length, text: found[0] };
	}
	throw new UnreadableXmp(`Its attribute ${attribute.name} is not where it was read.`);
}

/** Takes a property away, with what indents it. */
export function removal(document: XmpDocument, place: PropertyPlace): TextEdit {
	if (place.form === "attribute") return { ...attributeStretch(document, place), text: "" };
	const { start, end } = place.element;
	return { start: start - whiteSpaceBefore(document.text, start).length, end, text: "" };
}
