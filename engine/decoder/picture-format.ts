/** @file What a file is by its first bytes. Its name is never asked. */

/** Formats the decoder reads. */
export type PictureFormat =
	| "jpeg"
	| "png"
	| "webp"
	| "gif"
	| "tiff"
	| "avif"
	| "svg"
	| "bmp"
	| "heic";

/** The format's name in a sentence. */
export const formatTitles: Record<PictureFormat, string> = {
	jpeg: "JPEG",
	png: "PNG",
	webp: "WebP",
	gif: "GIF",
	tiff: "TIFF",
	avif: "AVIF",
	svg: "SVG",
	bmp: "BMP",
	heic: "HEIC",
};

/** Sizes of the header after the file header, as 16-bit little-endian text. */
const bitmapHeaderSizes = new Set(
	[12, 40, 52, 56, 64, 108, 124].map((size) => String.fromCharCode(size, 0)),
);

/** How far into a file an `<svg` root element is looked for, past comments and a document type. */
const svgSearchBytes = 4096;

const latin1 = (bytes: Uint8Array, start: number, end: number): string =>
	Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(
		"latin1",
		Math.min(start, bytes.length),
		Math.min(end, bytes.length),
	);

/** Brands of the `ftyp` box (ISO/IEC 23008-12): AV1 inside is AVIF, anything else is HEIF's HEVC. */
function heifFormat(bytes: Uint8Array): PictureFormat | null {
	if (latin1(bytes, 4, 8) !== "ftyp") return null;
	const boxEnd = Math.min(
		Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).readUInt32BE(0),
		256,
	);
	const brands = latin1(bytes, 8, boxEnd);
	const major = brands.slice(0, 4);
	if (major === "avif" || major === "avis") return "avif";
	if (/^(hei[cxms]|hev[cxms])$/.test(major)) return "heic";
	if (major !== "mif1" && major !== "msf1") return null;
	return brands.includes("avif") || brands.includes("avis") ? "avif" : "heic";
}

function isSvg(bytes: Uint8Array): boolean {
	const start = latin1(bytes, 0, svgSearchBytes).replace(/^\xef\xbb\xbf/, "");
	return /^\s*</.test(start) && /<(?:[\w-]+:)?svg[\s>]/.test(start);
}

/** @returns null when the bytes begin like nothing the decoder reads. */
export function sniffPictureFormat(bytes: Uint8Array): PictureFormat | null {
	const start = latin1(bytes, 0, 16);
	if (start.startsWith("\xff\xd8\xff")) return "jpeg";
	if (start.startsWith("\x89PNG\r\n\x1a\n")) return "png";
	if (start.startsWith("RIFF") && start.slice(8, 12) === "WEBP") return "webp";
	if (start.startsWith("GIF87a") || start.startsWith("GIF89a")) return "gif";
	if (/^(II[*+]\0|MM\0[*+])/.test(start)) return "tiff";
	// "BM" alone would make a bitmap of any text that begins so: the header size decides.
	if (start.startsWith("BM") && bitmapHeaderSizes.has(start.slice(14, 16))) return "bmp";
	return heifFormat(bytes) ?? (isSvg(bytes) ? "svg" : null);
}
