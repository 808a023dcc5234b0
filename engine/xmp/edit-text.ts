/**
 * @file Sets a title or caption in an XMP document by the smallest edit: the words that are read change, other
 * languages stay.
 */
import { insertion, lineBefore, type PropertyName, tagName } from "./edit-list.ts";
import { xml } from "./namespaces.ts";
import { containerOf, itemsOf, placesOf } from "./rdf-properties.ts";
import { attributeStretch, removal } from "./remove-property.ts";
import { escapeAttribute, escapeText, type TextEdit } from "./text-edits.ts";
import { UnreadableXmp } from "./unreadable-xmp.ts";
import type { XmpDocument, XmpElement } from "./xmp-document.ts";

const defaultLanguage = ' xml:lang="x-default"';

/** True when setting it needs a description with an end tag. */
export function needsPlace(document: XmpDocument, { uri, local }: PropertyName): boolean {
	return placesOf(document, uri, local).length === 0;
}

/**
 * The edits that make the property say this; null takes it away in every language, for another one would be
 * shown in its place.
 * @throws UnreadableXmp where it stands in a form that cannot be changed safely.
 */
export function editText(
	document: XmpDocument,
	name: PropertyName,
	value: string | null,
): TextEdit[] {
	const [first, ...others] = placesOf(document, name.uri, name.local);
	if (value === null) {
		return [first, ...others].flatMap((place) =>
			place === undefined ? [] : [removal(document, place)],
		);
	}
	const rest = others.map((place) => removal(document, place));
	if (first === undefined) {
		const items = [{ attributes: defaultLanguage, value }];
		return [insertion(document, name, { container: "Alt", items })];
	}
	if (first.form === "attribute") {
		const { start, end, text } = attributeStretch(document, first);
		const quote = text.search(/["']/);
		const written = escapeAttribute(value).replaceAll("'", "&apos;").replaceAll("\n", "&#10;");
		return [{ start: start + quote + 1, end: end - 1, text: written }, ...rest];
	}
	const container = containerOf(first.element);
	if (container === null) return [...setWords(document, first.element, value), ...rest];
	const items = itemsOf(container);
	const spoken = items.find((item) => languageOf(item) === "x-default");
	const [firstItem] = items;
	const target = spoken ?? (container.local === "Alt" ? undefined : firstItem);
	if (target !== undefined) return [...setWords(document, target, value), ...rest];
	const prefix = container.prefix === "" ? "" : `${container.prefix}:`;
	const item = `<${prefix}li${defaultLanguage}>${escapeText(value)}</${prefix}li>`;
	if (container.selfClosing) return [opened(document, container, item), ...rest];
	const indent = firstItem === undefined ? "" : lineBefore(document.text, firstItem.start);
	const at = container.contentStart;
	return [{ start: at, end: at, text: `${indent}${item}` }, ...rest];
}

function setWords(document: XmpDocument, element: XmpElement, value: string): TextEdit[] {
	if (element.children.length > 0) {
		throw new UnreadableXmp(
			"Its title or caption is written in a form that cannot be changed safely.",
		);
	}
	const text = escapeText(value);
	if (element.selfClosing) return [opened(document, element, text)];
	return [{ start: element.contentStart, end: element.contentEnd, text }];
}

/** A self-closing element with content. */
function opened({ text }: XmpDocument, element: XmpElement, content: string): TextEdit {
	const { start, end } = element;
	const startTag = text.slice(start, end).replace(/\s*\/>$/, ">");
	return { start, end, text: `${startTag}${content}</${tagName(element)}>` };
}

function languageOf(element: XmpElement): string | undefined {
	return element.attributes.find(({ uri, local }) => uri === xml && local === "lang")?.value;
}
