/**
 * @file Keywords, title and caption out of IPTC's older Information Interchange Model (IIM 4.2), bare or inside
 * Photoshop's image resources. Hostile input: whatever does not fit is left out.
 */
import type { FileMetadata } from "../../contract/file-metadata.ts";
import { cleanKeywords, cleanLine, noFileMetadata } from "./clean-metadata.ts";

/** Larger blocks are not looked at. */
const maxBytes = 4 * 1024 * 1024;
const mostDataSets = 5000;
/** Photoshop's resource that holds IIM. */
const iptcResource = 0x0404;

/** IIM's record 1 data set 90 with this value says that text is UTF-8 (ISO 2022 escape). */
const utf8Mark = "\x1b%G";

/** Never throws. @param block as image libraries hand it over. */
export function readIptc(block: Uint8Array): FileMetadata {
	if (block.length > maxBytes) return noFileMetadata;
	const bytes = Buffer.from(block.buffer, block.byteOffset, block.byteLength);
	const keywords: Buffer[] = [];
	let title: Buffer | null = null;
	let headline: Buffer | null = null;
	let caption: Buffer | null = null;
	let utf8 = false;
	for (const { record, dataSet, value } of dataSets(iimOf(bytes))) {
		if (record === 1 && dataSet === 90) utf8 = value.toString("latin1") === utf8Mark;
		if (record !== 2) continue;
		if (dataSet === 25) keywords.push(value);
		else if (dataSet === 5) title ??= value;
		else if (dataSet === 105) headline ??= value;
		else if (dataSet === 120) caption ??= value;
	}
	const text = (value: Buffer) => decode(value, utf8);
	const shownTitle = title ?? headline;
	return {
		...noFileMetadata,
		title: shownTitle === null ? null : cleanLine(text(shownTitle), false),
		caption: caption === null ? null : cleanLine(text(caption), true),
		keywords: cleanKeywords(keywords.map(text)),
	};
}

/** Text is UTF-8 where it says so or happens to be; otherwise what Western programs wrote. */
function decode(value: Buffer, utf8: boolean): string {
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(value);
	} catch {
		return utf8 ? value.toString("utf8") : new TextDecoder("windows-1252").decode(value);
	}
}

/** The IIM part of Photoshop's resources; the block itself where it is bare. */
function iimOf(bytes: Buffer): Buffer {
	const signature = "Photoshop 3.0\0";
	let at = bytes.toString("latin1", 0, signature.length) === signature ? signature.length : 0;
	if (bytes.toString("latin1", at, at + 4) !== "8BIM") return bytes;
	while (at + 12 <= bytes.length && bytes.toString("latin1", at, at + 4) === "8BIM") {
		const id = bytes.readUInt16BE(at + 4);
		const nameBytes = 1 + (bytes[at + 6] ?? 0);
		const sizeAt = at + 6 + nameBytes + (nameBytes % 2);
		if (sizeAt + 4 > bytes.length) break;
		const size = bytes.readUInt32BE(sizeAt);
		const start = sizeAt + 4;
		if (id === iptcResource) return bytes.subarray(start, start + size);
		at = start + size + (size % 2);
	}
	return bytes.subarray(0, 0);
}

function* dataSets(bytes: Buffer): Generator<{ record: number; dataSet: number; value: Buffer }> {
	let at = 0;
	for (let count = 0; count < mostDataSets && at + 5 <= bytes.length; count++) {
		if (bytes[at] !== 0x1c) return;
		const record = bytes[at + 1] ?? 0;
		const dataSet = bytes[at + 2] ?? 0;
		let size = bytes.readUInt16BE(at + 3);
		at += 5;
		if (size >= 0x8000) {
			// Extended: the low bits say how many bytes the size itself has.
			const sizeBytes = size & 0x7fff;
			if (sizeBytes < 1 || sizeBytes > 4 || at + sizeBytes > bytes.length) return;
			size = bytes.readUIntBE(at, sizeBytes);
			at += sizeBytes;
		}
		if (at + size > bytes.length) return;
		yield { record, dataSet, value: bytes.subarray(at, at + size) };
		at += size;
	}
}
