/** @file An XMP document as a tree that knows where in the text everything stands. Hostile input. */
import { SaxesParser } from "saxes";
import { UnreadableXmp } from "./unreadable-xmp.ts";
import { decodeXmp, type XmpEncoding, type XmpText } from "./xmp-text.ts";

/** Real sidecars nest about ten deep and hold some thousand elements. */
const mostDepth = 64;
const mostElements = 200_000;
const mostAttributes = 2000;

export interface XmpAttribute {
	uri: string;
	local: string;
	/** As written, prefix included. */
	name: string;
	value: string;
}

/** Offsets are UTF-16 units into the document's text. */
export interface XmpElement {
	uri: string;
	local: string;
	prefix: string;
	attributes: readonly XmpAttribute[];
	children: XmpElement[];
	parent: XmpElement | null;
	/** Its own text and CDATA, without that of elements inside. */
	text: string;
	/** Prefixes bound by this start tag. */
	bindings: Readonly<Record<string, string>>;
	selfClosing: boolean;
	/** Of the "<" of the start tag. */
	start: number;
	/** Behind the ">" of the start tag. */
	contentStart: number;
	/** Of the "<" of the end tag; `contentStart` where self-closing. */
	contentEnd: number;
	/** Behind the whole element. */
	end: number;
}

export interface XmpDocument extends XmpText {
	root: XmpElement;
}

/**
 * @throws UnreadableXmp with the reason: not well-formed, a document type, entities, too deep, an encoding that
 * is not the one it claims.
 */
export function parseXmp(bytes: Uint8Array): XmpDocument {
	const { text, encoding } = decodeXmp(bytes);
	return parseXmpText(text, encoding);
}

/** @throws UnreadableXmp as `parseXmp`. */
export function parseXmpText(text: string, encoding: XmpEncoding): XmpDocument {
	const parser = new SaxesParser({ xmlns: true, position: true });
	let root: XmpElement | null = null;
	let open: XmpElement | null = null;
	let depth = 0;
	let elements = 0;
	let attributes = 0;
	let tagStart = 0;

	parser.on("xmldecl", (declaration) => checkEncoding(declaration.encoding, encoding));
	parser.on("doctype", () => {
		// Nothing in XMP needs one, and entities are how small files become large ones.
		throw new UnreadableXmp("It declares a document type, which no sidecar needs.");
	});
	parser.on("opentagstart", () => {
		tagStart = text.lastIndexOf("<", parser.position - 1);
		attributes = 0;
	});
	parser.on("attribute", () => {
		attributes += 1;
		if (attributes > mostAttributes) throw new UnreadableXmp("An element has too many attributes.");
	});
	parser.on("opentag", (tag) => {
		depth += 1;
		elements += 1;
		if (depth > mostDepth) throw new UnreadableXmp("Its elements are nested too deeply.");
		if (elements > mostElements) throw new UnreadableXmp("It has too many elements.");
		const element: XmpElement = {
			uri: tag.uri,
			local: tag.local,
			prefix: tag.prefix,
			attributes: Object.values(tag.attributes).filter((item) => !declaresNamespace(item)),
			children: [],
			parent: open,
			text: "",
			bindings: tag.ns,
			selfClosing: tag.isSelfClosing,
			start: tagStart,
			contentStart: parser.position,
			contentEnd: parser.position,
			end: parser.position,
		};
		if (open === null) root = element;
		else open.children.push(element);
		open = element;
	});
	parser.on("closetag", () => {
		depth -= 1;
		if (open === null) return;
		open.end = parser.position;
		if (!open.selfClosing) open.contentEnd = text.lastIndexOf("<", parser.position - 1);
		open = open.parent;
	});
	const addText = (more: string) => {
		if (open !== null) open.text += more;
	};
	parser.on("text", addText);
	parser.on("cdata", addText);
	try {
		parser.write(text).close();
	} catch (error) {
		if (error instanceof UnreadableXmp) throw error;
		throw new UnreadableXmp(`It is not well-formed XML (${reasonOf(error)}).`);
	}
	if (root === null) throw new UnreadableXmp("It holds no XML.");
	return { text, encoding, root };
}

function declaresNamespace({ name }: XmpAttribute): boolean {
	return name === "xmlns" || name.startsWith("xmlns:");
}

function checkEncoding(declared: string | undefined, actual: XmpEncoding): void {
	if (declared === undefined) return;
	const name = declared.toLowerCase();
	const fits = name === actual || (name === "utf-16" && actual !== "utf-8");
	// Every character of ASCII is the same in UTF-8, and nothing else would have been decoded differently.
	if (fits || (name === "us-ascii" && actual === "utf-8")) return;
	throw new UnreadableXmp(
		`It says that it is written in ${declared.slice(0, 40)}, but it is ${actual.toUpperCase()} or something that is not read.`,
	);
}

function reasonOf(error: unknown): string {
	const message = error instanceof Error ? error.message : String(error);
	return message.slice(0, 160).replaceAll(/\p{Cc}/gu, " ");
}

/** The namespace that a prefix stands for at an element; undefined when it is free there. */
export function boundTo(element: XmpElement, prefix: string): string | undefined {
	for (let at: XmpElement | null = element; at !== null; at = at.parent) {
		const uri = at.bindings[prefix];
		if (uri !== undefined) return uri;
	}
	return undefined;
}

/** A prefix that stands for the namespace at an element; null when none does. */
export function prefixFor(element: XmpElement, uri: string): string | null {
	for (let at: XmpElement | null = element; at !== null; at = at.parent) {
		for (const [prefix, bound] of Object.entries(at.bindings)) {
			if (bound === uri && prefix !== "" && boundTo(element, prefix) === uri) return prefix;
		}
	}
	return null;
}
