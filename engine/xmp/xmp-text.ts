/**
 * @file Bytes to text and back without losing one of them.
 *
 * Decoding is strict: what is no valid UTF-8 or UTF-16 is refused, never repaired, so that encoding the same
 * text gives the same bytes again, byte order mark included.
 */
import { UnreadableXmp } from "./unreadable-xmp.ts";

export type XmpEncoding = "utf-8" | "utf-16le" | "utf-16be";

/** A document's characters, with the byte order mark where there was one. */
export interface XmpText {
	text: string;
	encoding: XmpEncoding;
}

/** Real sidecars stay under 1 MB, with a darkroom's long history under 10. */
export const xmpMaxBytes = 16 * 1024 * 1024;

/** The encoding told by a byte order mark or by the first "<". */
function encodingOf(bytes: Uint8Array): XmpEncoding {
	const [first, second, third, fourth] = bytes;
	const wide =
		(first === 0xff && second === 0xfe && third === 0 && fourth === 0) ||
		(first === 0 && second === 0 && (third === 0xfe || third === 0));
	if (wide) throw new UnreadableXmp("It is written in UTF-32; only UTF-8 and UTF-16 are read.");
	if (first === 0xff && second === 0xfe) return "utf-16le";
	if (first === 0xfe && second === 0xff) return "utf-16be";
	if (first === 0x3c && second === 0) return "utf-16le";
	if (first === 0 && second === 0x3c) return "utf-16be";
	return "utf-8";
}

/** @throws UnreadableXmp when empty, too large, or in no encoding that is read. */
export function decodeXmp(bytes: Uint8Array): XmpText {
	if (bytes.length === 0) throw new UnreadableXmp("The file is empty.");
	if (bytes.length > xmpMaxBytes) {
		throw new UnreadableXmp(`It is larger than ${xmpMaxBytes / 1024 / 1024} MB.`);
	}
	const encoding = encodingOf(bytes);
	try {
		const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
		return { text: decoder.decode(bytes), encoding };
	} catch {
		throw new UnreadableXmp(
			encoding === "utf-8"
				? "Its text is not UTF-8."
				: "Its text begins as UTF-16 and does not go on so.",
		);
	}
}

/** The inverse of `decodeXmp`. */
export function encodeXmp({ text, encoding }: XmpText): Buffer {
	if (encoding === "utf-8") return Buffer.from(text, "utf8");
	const bytes = Buffer.from(text, "utf16le");
	return encoding === "utf-16be" ? bytes.swap16() : bytes;
}
