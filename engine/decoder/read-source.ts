/** @file The bytes of a picture, within the size limit. Runs in a decoding process, which may block. */
import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import type { PictureSource } from "./decoder.ts";
import { notAPictureMessage, UnreadablePicture } from "./unreadable-picture.ts";

function checkFileSize(sizeBytes: number, maxFileBytes: number): void {
	if (sizeBytes <= maxFileBytes) return;
	const inMegabytes = (size: number): string => Math.round(size / 1e6).toLocaleString("en-GB");
	throw new UnreadablePicture(
		"too-large",
		`The file is ${inMegabytes(sizeBytes)} MB large; up to ${inMegabytes(maxFileBytes)} MB are read.`,
	);
}

/**
 * @param onSize told the size before reading starts.
 * @throws UnreadablePicture `too-large`, `unsupported-format` for what is no regular file; system errors.
 */
export function readSource(
	source: PictureSource,
	maxFileBytes: number,
	onSize: (sizeBytes: number) => void,
): Buffer {
	if ("bytes" in source) {
		checkFileSize(source.bytes.length, maxFileBytes);
		return Buffer.from(source.bytes.buffer, source.bytes.byteOffset, source.bytes.byteLength);
	}
	// Without O_NONBLOCK, opening a named pipe that nobody writes to would wait for ever.
	const file = openSync(source.filePath, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
	try {
		const status = fstatSync(file);
		if (!status.isFile()) throw new UnreadablePicture("unsupported-format", notAPictureMessage);
		checkFileSize(status.size, maxFileBytes);
		onSize(status.size);
		return readFileSync(file);
	} finally {
		closeSync(file);
	}
}
