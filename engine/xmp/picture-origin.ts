/**
 * @file Whether a program drew a picture, by what its file says of itself.
 *
 * [Note: Drawn or photographed] A file counts as drawn when
 * - its XMP calls it made by a trained algorithm (`Iptc4xmpExt:DigitalSourceType`,
 *   https://cv.iptc.org/newscodes/digitalsourcetype/);
 * - its XMP calls it a composite with such parts, and it names no camera: phones write that into photos
 *   somebody retouched, and those stay photos;
 * - its PNG text is ours, or settings of drawing as well-known programs write them (Stable Diffusion web
 *   UI, ComfyUI, InvokeAI).
 * Anything else is photographed: a wrong "drawn" would hide a person's own photo from their searches.
 */
import { iptcExtension } from "./namespaces.ts";
import { singleValueOf } from "./rdf-properties.ts";
import { UnreadableXmp } from "./unreadable-xmp.ts";
import { parseXmp } from "./xmp-document.ts";

/** Keyword of the PNG text in which pictures drawn here say how. */
const drawnHereKeyword = "Afterimage";

const sourceProperty = "DigitalSourceType";
/** No program writes more settings; longer text is not parsed. */
const mostTextLength = 4 * 1024 * 1024;

/** What a file says of itself; never throws. */
export function isDrawn(file: {
	xmp?: Uint8Array | undefined;
	texts?: readonly { keyword: string; text: string }[] | undefined;
	/** It names a camera that took it. */
	hasCamera: boolean;
}): boolean {
	if (file.texts?.some(isDrawingText) === true) return true;
	switch (sourceOf(file.xmp)) {
		case "trainedAlgorithmicMedia":
			return true;
		case "compositeWithTrainedAlgorithmicMedia":
			return !file.hasCamera;
		default:
			return false;
	}
}

/** The last part of the source type's address; null where there is none that can be read. */
function sourceOf(xmp: Uint8Array | undefined): string | null {
	if (xmp === undefined) return null;
	const bytes = Buffer.from(xmp.buffer, xmp.byteOffset, xmp.byteLength);
	// Most packets are spared a second reading.
	if (!bytes.includes(sourceProperty)) return null;
	try {
		const end = bytes.indexOf(0);
		const document = parseXmp(end < 0 ? bytes : bytes.subarray(0, end));
		return singleValueOf(document, iptcExtension, sourceProperty)?.trim().split("/").at(-1) ?? null;
	} catch (error) {
		if (error instanceof UnreadableXmp) return null;
		throw error;
	}
}

function isDrawingText({ keyword, text }: { keyword: string; text: string }): boolean {
	if (text.length > mostTextLength) return false;
	switch (keyword) {
		case drawnHereKeyword: {
			const record = objectIn(text);
			return record !== null && "settings" in record && "packages" in record;
		}
		case "parameters":
			return /\bSteps: \d+, Sampler: /.test(text) && /\bSeed: \d+/.test(text);
		case "prompt":
			return Object.values(objectIn(text) ?? {}).some(
				(node) => typeof node === "object" && node !== null && "class_type" in node,
			);
		case "invokeai_metadata":
			return objectIn(text) !== null;
		default:
			return false;
	}
}

function objectIn(text: string): object | null {
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === "object" && value !== null ? value : null;
	} catch {
		return null;
	}
}
