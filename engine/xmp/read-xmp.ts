/** @file Titles, captions, keywords, ratings and labels out of an XMP packet or sidecar. */
import type { FileMetadata } from "../../contract/file-metadata.ts";
import { cleanKeywords, cleanLine, cleanPaths, cleanText, readRating } from "./clean-metadata.ts";
import {
	darktable,
	digiKam,
	dublinCore,
	lightroom,
	microsoftPhoto,
	microsoftPhotoWithoutSlash,
	xmpBasic,
} from "./namespaces.ts";
import { rdfOf, singleValueOf, valuesOf } from "./rdf-properties.ts";
import { parseXmp, type XmpDocument } from "./xmp-document.ts";

/** digiKam's numbers for colours, from 1. */
const digiKamColours = [
	"Red",
	"Orange",
	"Yellow",
	"Green",
	"Blue",
	"Magenta",
	"Gray",
	"Black",
	"White",
];
/** darktable's, from 0. */
const darktableColours = ["Red", "Yellow", "Green", "Blue", "Purple"];

/** @throws UnreadableXmp with the reason. */
export function readXmp(bytes: Uint8Array): FileMetadata {
	return metadataOf(parseXmp(bytes));
}

/** A packet inside an image file may be padded with zeros at its end. @throws UnreadableXmp */
export function readEmbeddedXmp(bytes: Uint8Array): FileMetadata {
	let end = bytes.length;
	while (end > 0 && bytes[end - 1] === 0) end -= 1;
	return readXmp(bytes.subarray(0, end));
}

/** @throws UnreadableXmp when the document is XML and no XMP. */
export function metadataOf(document: XmpDocument): FileMetadata {
	rdfOf(document);
	return {
		title: cleanLine(singleValueOf(document, dublinCore, "title"), false),
		caption: cleanLine(singleValueOf(document, dublinCore, "description"), true),
		keywords: cleanKeywords(valuesOf(document, dublinCore, "subject")),
		hierarchies: cleanPaths(hierarchiesOf(document)),
		rating: readRating(singleValueOf(document, xmpBasic, "Rating")),
		label: labelOf(document),
	};
}

/**
 * Lightroom's paths have bars; digiKam and Windows write their own with slashes, digiKam Lightroom's besides.
 * darktable keeps its own bookkeeping under a path named after itself, which is no keyword of the person's.
 */
function hierarchiesOf(document: XmpDocument): string[][] {
	const bars = valuesOf(document, lightroom, "hierarchicalSubject").map((path) => path.split("|"));
	if (bars.length > 0) return bars.filter(([first]) => first !== "darktable");
	const last =
		[
			valuesOf(document, digiKam, "TagsList"),
			valuesOf(document, microsoftPhoto, "LastKeywordXMP"),
			valuesOf(document, microsoftPhotoWithoutSlash, "LastKeywordXMP"),
		].find((values) => values.length > 0) ?? [];
	return last.map((path) => path.split("/"));
}

function labelOf(document: XmpDocument): string | null {
	const written = singleValueOf(document, xmpBasic, "Label");
	if (written !== null) return cleanText(written, 100) || null;
	const digiKamNumber = Number(singleValueOf(document, digiKam, "ColorLabel") ?? 0);
	const first = valuesOf(document, darktable, "colorlabels")[0];
	return (
		digiKamColours[digiKamNumber - 1] ??
		(first === undefined ? null : (darktableColours[Number(first)] ?? null))
	);
}
