/** @file Sets the stars in an XMP document: in the attribute or element where they stand, else a new attribute. */
import { xmpBasic } from "./namespaces.ts";
import { descriptionsOf, placesOf } from "./rdf-properties.ts";
import { attributeStretch, removal } from "./remove-property.ts";
import { type TextEdit, whiteSpaceBefore } from "./text-edits.ts";
import { UnreadableXmp } from "./unreadable-xmp.ts";
import { boundTo, prefixFor, type XmpDocument } from "./xmp-document.ts";

/** None when the rating is already so. @throws UnreadableXmp where there is no description to put it in. */
export function editRating(document: XmpDocument, rating: number | null): TextEdit[] {
	const places = placesOf(document, xmpBasic, "Rating");
	const [first, ...others] = places;
	if (rating === null) return places.map((place) => removal(document, place));
	const rest = others.map((place) => removal(document, place));
	if (
		first?.form === "element" &&
		!first.element.selfClosing &&
		first.element.children.length === 0
	) {
		const { contentStart, contentEnd } = first.element;
		return [{ start: contentStart, end: contentEnd, text: String(rating) }, ...rest];
	}
	if (first?.form === "attribute") {
		const { start, end, text } = attributeStretch(document, first);
		const value = text.search(/["']/);
		return [{ start: start + value + 1, end: end - 1, text: String(rating) }, ...rest];
	}
	const description = descriptionsOf(document)[0];
	if (description === undefined) throw new UnreadableXmp("It describes no photo.");
	const known = prefixFor(description, xmpBasic);
	let prefix = known ?? "xmp";
	for (let count = 1; known === null && boundTo(description, prefix) !== undefined; count++) {
		prefix = `xmp${count}`;
	}
	const declaration = known === null ? ` xmlns:${prefix}="${xmpBasic}"` : "";
	const tagEnd = description.contentStart - (description.selfClosing ? 2 : 1);
	const at = tagEnd - whiteSpaceBefore(document.text, tagEnd).length;
	return [
		{ start: at, end: at, text: `${declaration} ${prefix}:Rating="${rating}"` },
		...places.map((place) => removal(document, place)),
	];
}
