/**
 * @file Chunks of a PNG file: reads them, and puts further ones in. A chunk is its length (4 bytes, big
 * endian), its type (4 letters), its data and a CRC-32 of type and data.
 * Format: https://www.w3.org/TR/png-3/ (sections 5 and 11.3.3).
 */
import { crc32, inflateSync } from "node:zlib";

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Text that unpacks to more is not ours. */
const unpackedTextMaxBytes = 4 * 1024 * 1024;

export interface PngChunk {
	/** Four ASCII letters, such as `iTXt`. */
	type: string;
	data: Uint8Array;
}

/** Every chunk in order; null for what is no sound PNG file. */
export function readChunks(bytes: Uint8Array): PngChunk[] | null {
	const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	if (!file.subarray(0, signature.length).equals(signature)) return null;
	const chunks: PngChunk[] = [];
	for (let at = signature.length; at < file.length; ) {
		if (at + 12 > file.length) return null;
		const length = file.readUInt32BE(at);
		const end = at + 12 + length;
		if (end > file.length) return null;
		if (crc32(file.subarray(at + 4, end - 4)) !== file.readUInt32BE(end - 4)) return null;
		const type = file.toString("latin1", at + 4, at + 8);
		chunks.push({ type, data: file.subarray(at + 8, end - 4) });
		if (type === "IEND") return chunks;
		at = end;
	}
	return null;
}

/** The file's bytes with `added` right behind the header. @throws TypeError for what is no PNG file. */
export function withChunks(bytes: Uint8Array, added: readonly PngChunk[]): Uint8Array {
	const chunks = readChunks(bytes);
	const [header, ...rest] = chunks ?? [];
	if (header === undefined) throw new TypeError("Not a PNG file.");
	return Buffer.concat([signature, ...[header, ...added, ...rest].map(chunkBytes)]);
}

function chunkBytes({ type, data }: PngChunk): Uint8Array {
	const bytes = Buffer.alloc(12 + data.length);
	bytes.writeUInt32BE(data.length, 0);
	bytes.write(type, 4, "latin1");
	bytes.set(data, 8);
	bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length);
	return bytes;
}

/** Text in any language: `iTXt`, not packed, so that other programs find it with ease. */
export function textChunk(keyword: string, text: string): PngChunk {
	// Keyword, zero, "not packed", method 0, language and translated keyword both empty.
	const head = Buffer.concat([Buffer.from(keyword, "latin1"), Buffer.from([0, 0, 0, 0, 0])]);
	return { type: "iTXt", data: Buffer.concat([head, Buffer.from(text, "utf8")]) };
}

/** The text with this keyword in `iTXt` or `tEXt`; null where there is none that can be read. */
export function textOf(chunks: readonly PngChunk[], keyword: string): string | null {
	for (const { type, data } of chunks) {
		const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
		const nameEnd = bytes.indexOf(0);
		if (nameEnd < 1 || bytes.toString("latin1", 0, nameEnd) !== keyword) continue;
		if (type === "tEXt") return bytes.toString("latin1", nameEnd + 1);
		if (type !== "iTXt") continue;
		const packed = bytes[nameEnd + 1] === 1;
		const languageEnd = bytes.indexOf(0, nameEnd + 3);
		const translatedEnd = languageEnd < 0 ? -1 : bytes.indexOf(0, languageEnd + 1);
		if (translatedEnd < 0) continue;
		const text = bytes.subarray(translatedEnd + 1);
		try {
			const plain = packed ? inflateSync(text, { maxOutputLength: unpackedTextMaxBytes }) : text;
			return plain.toString("utf8");
		} catch {
			return null;
		}
	}
	return null;
}
