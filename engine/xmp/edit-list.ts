/**
 * @file Sets a list property of an XMP document by the smallest edit: items that stay are not touched, those that
 * go are cut out, new ones come behind the last with the same indentation.
 */

import { rdf } from "./namespaces.ts";
import { containerOf, descriptionsOf, itemsOf, placesOf, rdfOf, textOf } from "./rdf-properties.ts";
import { removal } from "./remove-property.ts";
import { applyEdits, escapeText, type TextEdit, whiteSpaceBefore } from "./text-edits.ts";
import { UnreadableXmp } from "./unreadable-xmp.ts";
import {
	boundTo,
	parseXmpText,
	prefixFor,
	type XmpDocument,
	type XmpElement,
} from "./xmp-document.ts";

/** A property and the prefix it gets where its namespace has none yet. */
export interface PropertyName {
	uri: string;
	local: string;
	usualPrefix: string;
}

/** A property written for the first time. `attributes` of an item with a space before each. */
export interface NewList {
	container: "Bag" | "Alt";
	items: readonly { attributes: string; value: string }[];
}

/** The edits that make the property hold exactly these values; none when it does. */
export function editList(
	document: XmpDocument,
	name: PropertyName,
	values: readonly string[],
): TextEdit[] {
	const places = placesOf(document, name.uri, name.local);
	const [first, ...others] = places;
	if (values.length === 0) return places.map((place) => removal(document, place));
	const fresh = () => insertion(document, name, { container: "Bag", items: itemsFor(values) });
	if (first === undefined) return [fresh()];
	const container = first.form === "element" ? containerOf(first.element) : null;
	if (first.form === "element" && container !== null) {
		return [
			...editItems(document, container, values),
			...others.map((place) => removal(document, place)),
		];
	}
	// A form that holds one value at most: written anew as a bag.
	if (first.form === "element") {
		if (first.element.children.length > 0) {
			throw new UnreadableXmp("Its keywords are written in a form that cannot be changed safely.");
		}
		const indent = lineBefore(document.text, first.element.start);
		const bag = { container: "Bag", items: itemsFor(values) } as const;
		const list = listText(document.text, first.element, bag, `${indent}${stepOf(document.text)}`);
		const { element } = first;
		const replaced: TextEdit = element.selfClosing
			? {
					start: element.start,
					end: element.end,
					text: `<${tagName(element)}>${list}${indent}</${tagName(element)}>`,
				}
			: { start: element.contentStart, end: element.contentEnd, text: `${list}${indent}` };
		return [replaced, ...others.map((place) => removal(document, place))];
	}
	return [fresh(), ...places.map((place) => removal(document, place))];
}

/** Cuts items out and adds new ones to a bag, sequence or choice. */
function editItems(
	document: XmpDocument,
	container: XmpElement,
	values: readonly string[],
): TextEdit[] {
	const { text } = document;
	const wanted = new Set(values);
	const seen = new Set<string>();
	const edits: TextEdit[] = [];
	const items = itemsOf(container);
	for (const item of items) {
		const value = textOf(item);
		if (wanted.has(value) && !seen.has(value)) seen.add(value);
		else edits.push(cut(text, item.start, item.end));
	}
	const added = values.filter((value) => !seen.has(value));
	if (added.length === 0) return edits;
	const prefix = container.prefix === "" ? "" : `${container.prefix}:`;
	const last = items.at(-1);
	const outer = lineBefore(text, container.start);
	const inner = last === undefined ? `${outer}${stepOf(text)}` : lineBefore(text, last.start);
	const list = [...new Set(added)]
		.map((value) => `${inner}<${prefix}li>${escapeText(value)}</${prefix}li>`)
		.join("");
	if (container.selfClosing) {
		const slash = text.lastIndexOf("/", container.end);
		const open = text.slice(container.start, slash).trimEnd();
		edits.push({
			start: container.start,
			end: container.end,
			text: `${open}>${list}${outer}</${tagName(container)}>`,
		});
	} else if (last !== undefined) {
		edits.push({ start: last.end, end: last.end, text: list });
	} else {
		edits.push({
			start: container.contentStart,
			end: container.contentStart,
			text:
				text.slice(container.contentStart, container.contentEnd).trim() === ""
					? list
					: list + outer,
		});
	}
	return edits;
}

/** A new property at the end of the first description, which `withOpenDescription` has seen to. */
export function insertion(document: XmpDocument, name: PropertyName, list: NewList): TextEdit {
	const { text } = document;
	const description = descriptionsOf(document)[0];
	if (description === undefined || description.selfClosing) {
		throw new UnreadableXmp("It has no place that something can be written into safely.");
	}
	const indent = lineBefore(text, description.start);
	const written = property(document, description, name, list, `${indent}${stepOf(text)}`);
	const gap = whiteSpaceBefore(text, description.contentEnd);
	const at = Math.max(description.contentStart, description.contentEnd - gap.length);
	return { start: at, end: at, text: gap === "" ? written + indent : written };
}

/** The document with a description that has an end tag, so that something can be put in. */
export function withOpenDescription(document: XmpDocument): XmpDocument {
	const { text, encoding } = document;
	const description = descriptionsOf(document)[0];
	const closed = (element: XmpElement, content: string): TextEdit => {
		const indent = lineBefore(text, element.start);
		const end = `${content}${indent}</${tagName(element)}>`;
		if (!element.selfClosing) {
			const at = element.contentEnd - whiteSpaceBefore(text, element.contentEnd).length;
			return { start: at, end: at, text: content };
		}
		const slash = text.lastIndexOf("/", element.end);
		const at = slash - whiteSpaceBefore(text, slash).length;
		return { start: at, end: element.end, text: `>${end}` };
	};
	if (description !== undefined) {
		if (!description.selfClosing) return document;
		return parseXmpText(applyEdits(text, [closed(description, "")]), encoding);
	}
	const rdfElement = rdfOf(document);
	const indent = `${lineBefore(text, rdfElement.start)}${stepOf(text)}`;
	const prefix = prefixFor(rdfElement, rdf) ?? "rdf";
	const added = `${indent}<${prefix}:Description ${prefix}:about="">${indent}</${prefix}:Description>`;
	return parseXmpText(applyEdits(text, [closed(rdfElement, added)]), encoding);
}

function property(
	document: XmpDocument,
	within: XmpElement,
	name: PropertyName,
	list: NewList,
	indent: string,
): string {
	const known = prefixFor(within, name.uri);
	const prefix = known ?? freePrefix(within, name.usualPrefix);
	// Declared where it is used: the start tags that are there stay as they are.
	const declaration = known === null ? ` xmlns:${prefix}="${name.uri}"` : "";
	const written = listText(document.text, within, list, `${indent}${stepOf(document.text)}`);
	return `${indent}<${prefix}:${name.local}${declaration}>${written}${indent}</${prefix}:${name.local}>`;
}

function itemsFor(values: readonly string[]): NewList["items"] {
	return [...new Set(values)].map((value) => ({ attributes: "", value }));
}

function listText(text: string, within: XmpElement, list: NewList, indent: string): string {
	const prefix = prefixFor(within, rdf) ?? "rdf";
	const inner = `${indent}${stepOf(text)}`;
	const items = list.items
		.map(
			({ attributes, value }) =>
				`${inner}<${prefix}:li${attributes}>${escapeText(value)}</${prefix}:li>`,
		)
		.join("");
	return `${indent}<${prefix}:${list.container}>${items}${indent}</${prefix}:${list.container}>`;
}

function freePrefix(within: XmpElement, usual: string): string {
	let prefix = usual;
	for (let count = 1; boundTo(within, prefix) !== undefined; count++) prefix = `${usual}${count}`;
	return prefix;
}

/** A stretch with the white space before it, so that no empty line is left. */
function cut(text: string, start: number, end: number): TextEdit {
	return { start: start - whiteSpaceBefore(text, start).length, end, text: "" };
}

export function tagName({ prefix, local }: XmpElement): string {
	return prefix === "" ? local : `${prefix}:${local}`;
}

/** A line break and the indentation of what stands at the offset; "" where it follows something on its line. */
export function lineBefore(text: string, offset: number): string {
	const gap = whiteSpaceBefore(text, offset);
	const line = gap.lastIndexOf("\n");
	if (line === -1) return "";
	const crlf = gap[line - 1] === "\r";
	return gap.slice(crlf ? line - 1 : line);
}

/** One level of the document's indentation. */
function stepOf(text: string): string {
	const found = /\n([ \t]+)<(?:[\w.-]+:)?RDF\b/.exec(text)?.[1];
	if (found !== undefined) return found;
	return /\n(\t| +)</.exec(text)?.[1] ?? (text.includes("\n") ? " " : "");
}
