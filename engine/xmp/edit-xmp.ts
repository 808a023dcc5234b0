/**
 * @file Writes tags, titles, captions and stars into a sidecar, leaving every other byte as it is.
 *
 * [Note: Editing in place] A document that is parsed and written again loses what its author cared about and the
 * parser did not: comments, quotes, order, indentation, unknown encodings of the same thing. So the text is kept,
 * the parser only says where things stand, and the edit is proved by reading the result again.
 */

import { cleanLine, cleanPaths } from "./clean-metadata.ts";
import { editList, type PropertyName, withOpenDescription } from "./edit-list.ts";
import { editRating } from "./edit-rating.ts";
import { editText, needsPlace } from "./edit-text.ts";
import {
	digiKam,
	dublinCore,
	lightroom,
	microsoftPhoto,
	microsoftPhotoWithoutSlash,
	xmpBasic,
} from "./namespaces.ts";
import { placesOf, singleValueOf, valuesOf } from "./rdf-properties.ts";
import { metadataOf } from "./read-xmp.ts";
import { pathKey, type TagPath, tagPathsOf } from "./tag-paths.ts";
import { applyEdits, type TextEdit } from "./text-edits.ts";
import { UnreadableXmp } from "./unreadable-xmp.ts";
import { parseXmp, parseXmpText, type XmpDocument } from "./xmp-document.ts";
import { encodeXmp } from "./xmp-text.ts";

/** Tags to come and to go; one that is both comes. What is not named stays, even what the library could not take in. */
export interface XmpChange {
	add?: readonly TagPath[];
	remove?: readonly TagPath[];
	/** Null takes it away; left out, it stays as it is. */
	rating?: number | null;
	title?: string | null;
	caption?: string | null;
}

const unsafeMessage = "Its form is one that tags cannot be written into safely.";

const subject: PropertyName = { uri: dublinCore, local: "subject", usualPrefix: "dc" };
const hierarchicalSubject: PropertyName = {
	uri: lightroom,
	local: "hierarchicalSubject",
	usualPrefix: "lr",
};

const texts = {
	title: { uri: dublinCore, local: "title", usualPrefix: "dc" },
	caption: { uri: dublinCore, local: "description", usualPrefix: "dc" },
} as const satisfies Record<string, PropertyName>;
const textFields = ["title", "caption"] as const;

/**
 * digiKam reads its own list before Lightroom's and Windows its own before any. Where one is there it is kept in
 * step, or the program that wrote it would never see the change; where there is none, none is added.
 */
const listsInStep: readonly PropertyName[] = [
	{ uri: digiKam, local: "TagsList", usualPrefix: "digiKam" },
	{ uri: microsoftPhoto, local: "LastKeywordXMP", usualPrefix: "MicrosoftPhoto" },
	{ uri: microsoftPhotoWithoutSlash, local: "LastKeywordXMP", usualPrefix: "MicrosoftPhoto" },
];

/**
 * The sidecar with the change made; the very same bytes when there is nothing to change.
 * @throws UnreadableXmp when the sidecar cannot be read, or not changed without risk.
 */
export function editXmp(bytes: Uint8Array, change: XmpChange): Uint8Array {
	let before = parseXmp(bytes);
	const found = tagPathsOf(metadataOf(before));
	const had = new Set(found.map(pathKey));
	const coming = cleanPaths(change.add ?? []);
	const remove = new Set(
		cleanPaths(change.remove ?? [])
			.map(pathKey)
			.filter((key) => had.has(key)),
	);
	for (const path of coming) remove.delete(pathKey(path));
	const add = coming.filter((path) => !had.has(pathKey(path)));
	const left = [...found.filter((path) => !remove.has(pathKey(path))), ...add];

	const edits: TextEdit[] = [];
	const touched = new Set<string>();
	const setList = (name: PropertyName, values: readonly string[]) => {
		const old = valuesOf(before, name.uri, name.local);
		if (old.length === values.length && old.every((value, at) => value === values[at])) return;
		edits.push(...editList(before, name, values));
		touched.add(name.uri + name.local);
	};
	const changesTags = remove.size > 0 || add.length > 0;
	const said = metadataOf(before);
	const meant: Meant = { tags: left };
	if (change.rating !== undefined) meant.rating = change.rating;
	for (const field of textFields) {
		const value = change[field];
		if (value !== undefined)
			meant[field] = value === null ? null : cleanLine(value, field === "caption");
	}
	const changedTexts = textFields.filter(
		(field) => meant[field] !== undefined && meant[field] !== said[field],
	);
	const needsOpen =
		(changesTags && left.length > 0 && needsDescription(before)) ||
		changedTexts.some((field) => meant[field] !== null && needsPlace(before, texts[field]));
	if (needsOpen) before = withOpenDescription(before);
	if (changesTags) {
		setList(subject, subjects(valuesOf(before, subject.uri, subject.local), remove, add, left));
		// A program that finds paths looks at nothing else, so they tell of every tag when one comes.
		const told = add.length > 0 ? left : [];
		const setPaths = (name: PropertyName, separator: "|" | "/") => {
			const own = valuesOf(before, name.uri, name.local);
			setList(name, paths(own, separator, remove, own.length > 0 ? told : left));
		};
		setPaths(hierarchicalSubject, "|");
		for (const name of listsInStep) {
			if (placesOf(before, name.uri, name.local).length > 0) setPaths(name, "/");
		}
	}
	if (change.rating !== undefined) {
		const rating = change.rating === null ? null : String(change.rating);
		if (singleValueOf(before, xmpBasic, "Rating") !== rating) {
			edits.push(...editRating(before, change.rating));
			touched.add(`${xmpBasic}Rating`);
		}
	}
	for (const field of changedTexts) {
		edits.push(...editText(before, texts[field], meant[field] ?? null));
		touched.add(texts[field].uri + texts[field].local);
	}
	if (edits.length === 0) return bytes;
	const text = applyEdits(before.text, edits);
	const after = parseResult(text, before);
	if (!isAsMeant(after, meant) || outline(before, touched) !== outline(after, touched)) {
		throw new UnreadableXmp(unsafeMessage);
	}
	return encodeXmp({ text, encoding: before.encoding });
}

/** True when a list stands nowhere yet where it is wanted, or where it cannot grow. */
function needsDescription(document: XmpDocument): boolean {
	const formOf = ({ uri, local }: PropertyName) => placesOf(document, uri, local)[0]?.form;
	return (
		[subject, hierarchicalSubject].some((name) => formOf(name) !== "element") ||
		listsInStep.some((name) => formOf(name) === "attribute")
	);
}

function parseResult(text: string, { encoding }: XmpDocument): XmpDocument {
	try {
		return parseXmpText(text, encoding);
	} catch (error) {
		if (error instanceof UnreadableXmp) throw new UnreadableXmp(unsafeMessage);
		throw error;
	}
}

/** Flat keywords: the last part of each path comes; what is part of no path any more goes. */
function subjects(
	own: readonly string[],
	remove: ReadonlySet<string>,
	add: readonly TagPath[],
	left: readonly TagPath[],
): string[] {
	const leftParts = new Set(left.flat());
	const gone = new Set(
		[...remove].flatMap((key) => key.split("|")).filter((part) => !leftParts.has(part)),
	);
	const values = own.filter((value) => !gone.has(cleanPaths([[value]])[0]?.[0] ?? value));
	for (const path of add) {
		const last = path.at(-1);
		if (last !== undefined && !values.includes(last)) values.push(last);
	}
	return values;
}

function paths(
	own: readonly string[],
	separator: "|" | "/",
	remove: ReadonlySet<string>,
	add: readonly TagPath[],
): string[] {
	const keyOf = (value: string) => pathKey(cleanPaths([value.split(separator)])[0] ?? []);
	const values = own.filter((value) => !remove.has(keyOf(value)));
	const known = new Set(values.map(keyOf));
	for (const path of add) if (!known.has(pathKey(path))) values.push(path.join(separator));
	return values;
}

/** What reading must give; what is left out is not asked about. */
interface Meant extends Pick<XmpChange, "rating" | "title" | "caption"> {
	tags: readonly TagPath[];
}

/** Reading must give what was meant. */
function isAsMeant(after: XmpDocument, meant: Meant): boolean {
	const metadata = metadataOf(after);
	const found = new Set(tagPathsOf(metadata).map(pathKey));
	const wanted = new Set(meant.tags.map(pathKey));
	if (found.size !== wanted.size || ![...wanted].every((key) => found.has(key))) return false;
	return (["rating", ...textFields] as const).every(
		(field) => meant[field] === undefined || metadata[field] === meant[field],
	);
}

/** Everything but the touched properties, without white space between elements. */
function outline({ root }: XmpDocument, touched: ReadonlySet<string>): string {
	const lines: string[] = [];
	const waiting = [root];
	for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
		if (touched.has(at.uri + at.local)) continue;
		const attributes = at.attributes.filter(({ uri, local }) => !touched.has(uri + local));
		const children = at.children.filter(({ uri, local }) => !touched.has(uri + local));
		const text = at.text.trim();
		// A description made for the tags says nothing else.
		const saysNothing =
			at.local === "Description" &&
			children.length === 0 &&
			text === "" &&
			attributes.every(({ local }) => local === "about");
		if (!saysNothing) {
			const values = attributes.map(({ uri, local, value }) => [uri, local, value]);
			lines.push(JSON.stringify([at.uri, at.local, values, text]));
		}
		waiting.push(...children);
	}
	return lines.join("\n");
}
