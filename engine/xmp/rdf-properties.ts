/**
 * @file Properties of the photo in an XMP document, in every form RDF allows them: elements with a bag, sequence
 * or choice, elements with text, attributes.
 */
import { rdf, xml } from "./namespaces.ts";
import { UnreadableXmp } from "./unreadable-xmp.ts";
import type { XmpAttribute, XmpDocument, XmpElement } from "./xmp-document.ts";

/** One place where a property stands. A well-kept document has one for each property. */
export type PropertyPlace =
	| { form: "attribute"; description: XmpElement; attribute: XmpAttribute }
	| { form: "element"; description: XmpElement; element: XmpElement };

/** The `rdf:RDF` element, below any wrapping. @throws UnreadableXmp where there is none. */
export function rdfOf({ root }: XmpDocument): XmpElement {
	const waiting = [root];
	for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
		if (at.uri === rdf && at.local === "RDF") return at;
		waiting.push(...at.children);
	}
	throw new UnreadableXmp("It is XML, but holds no XMP (no rdf:RDF).");
}

/** The descriptions that properties of the photo stand in. */
export function descriptionsOf(document: XmpDocument): XmpElement[] {
	return rdfOf(document).children.filter(
		({ uri, local }) => uri === rdf && local === "Description",
	);
}

/** Every place where a property stands, in the document's order. */
export function placesOf(document: XmpDocument, uri: string, local: string): PropertyPlace[] {
	const places: PropertyPlace[] = [];
	for (const description of descriptionsOf(document)) {
		for (const attribute of description.attributes) {
			if (attribute.uri === uri && attribute.local === local) {
				places.push({ form: "attribute", description, attribute });
			}
		}
		for (const element of description.children) {
			if (element.uri === uri && element.local === local) {
				places.push({ form: "element", description, element });
			}
		}
	}
	return places;
}

/** The one bag, sequence or choice in a property element; null where it holds something else. */
export function containerOf(element: XmpElement): XmpElement | null {
	const [only, second] = element.children;
	if (only === undefined || second !== undefined || only.uri !== rdf) return null;
	return ["Bag", "Seq", "Alt"].includes(only.local) ? only : null;
}

/** The items of a container. */
export function itemsOf(container: XmpElement): XmpElement[] {
	return container.children.filter(({ uri, local }) => uri === rdf && local === "li");
}

/** An item's or simple property's own words; with qualifiers they stand in `rdf:value`. */
export function textOf(element: XmpElement): string {
	const own = element.text.trim();
	if (own !== "") return own;
	const described = element.children.find(
		({ uri, local }) => uri === rdf && local === "Description",
	);
	const holder = described ?? element;
	const value = holder.children.find(({ uri, local }) => uri === rdf && local === "value");
	if (value !== undefined) return value.text.trim();
	const attribute = [...element.attributes, ...holder.attributes].find(
		({ uri, local }) => uri === rdf && local === "value",
	);
	return attribute?.value.trim() ?? "";
}

/** Every value of a property, in order; empty ones left out. */
export function valuesOf(document: XmpDocument, uri: string, local: string): string[] {
	return placesOf(document, uri, local)
		.flatMap((place) => {
			if (place.form === "attribute") return [place.attribute.value.trim()];
			const container = containerOf(place.element);
			return container === null ? [textOf(place.element)] : itemsOf(container).map(textOf);
		})
		.filter((value) => value !== "");
}

/** A single value; of a choice of languages the default one, else the first. */
export function singleValueOf(document: XmpDocument, uri: string, local: string): string | null {
	for (const place of placesOf(document, uri, local)) {
		if (place.form === "attribute") {
			if (place.attribute.value.trim() !== "") return place.attribute.value.trim();
			continue;
		}
		const container = containerOf(place.element);
		if (container === null) {
			const text = textOf(place.element);
			if (text !== "") return text;
			continue;
		}
		const items = itemsOf(container);
		const chosen = items.find((item) => languageOf(item) === "x-default") ?? items[0];
		const text = chosen === undefined ? "" : textOf(chosen);
		if (text !== "") return text;
	}
	return null;
}

function languageOf(element: XmpElement): string | undefined {
	return element.attributes.find(({ uri, local }) => uri === xml && local === "lang")?.value;
}
