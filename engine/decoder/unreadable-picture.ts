/** @file Every way a file fails to become a picture, with the sentence a person reads. */
import type { FailureReason } from "../../contract/photo.ts";
import type { DecodeFailure } from "./decoder.ts";
import { formatTitles, type PictureFormat } from "./picture-format.ts";
import { endsEarly } from "./truncation.ts";

/** Thrown inside a decoding process for a file that cannot be read; becomes a `failed` outcome. */
export class UnreadablePicture extends Error {
	readonly reason: FailureReason;

	constructor(reason: FailureReason, message: string) {
		super(message);
		this.name = "UnreadablePicture";
		this.reason = reason;
	}
}

export const outOfMemoryMessage = "Reading the picture needed more memory than is allowed.";
export const crashedMessage = "The picture made its decoder stop unexpectedly.";
export const truncatedMessage =
	"The file ends before the picture does. It was probably cut off while being copied.";
export const notAPictureMessage = "The file is not a picture in a format that can be read.";

const groupThousands = (value: number): string => value.toLocaleString("en-GB");

/** @throws UnreadablePicture `too-many-pixels` when the header promises more than is decoded. */
export function checkPixelCount(width: number, height: number, maxPixels: number): void {
	if (width * height <= maxPixels) return;
	const limit = groupThousands(Math.floor(maxPixels / 1e6));
	throw new UnreadablePicture(
		"too-many-pixels",
		`The picture is ${groupThousands(width)} × ${groupThousands(height)} pixels; up to ${limit} megapixels are read.`,
	);
}

/** A system error while opening or reading the file. */
function systemFailure(code: string): UnreadablePicture {
	switch (code) {
		case "ENOENT":
		case "ENOTDIR":
		case "ENODEV":
		case "ENXIO":
			return new UnreadablePicture("vanished", "The file is no longer there.");
		// What a drive or a server says while it drops out: nothing is known of the file, so it is tried again.
		case "EIO":
		case "EREMOTEIO":
		case "ESTALE":
		case "ETIMEDOUT":
		case "EHOSTDOWN":
		case "EHOSTUNREACH":
		case "ENETDOWN":
		case "ENETUNREACH":
		case "ENOTCONN":
		case "ECONNRESET":
		case "EBUSY":
			return new UnreadablePicture("vanished", "The file cannot be reached just now.");
		case "EACCES":
		case "EPERM":
			return new UnreadablePicture(
				"permission-denied",
				"This account is not allowed to read the file.",
			);
		case "ENOMEM":
			return new UnreadablePicture("out-of-memory", outOfMemoryMessage);
		default:
			return new UnreadablePicture("unknown", `The system could not read the file (${code}).`);
	}
}

/** What a decoder library's complaint means, given the file it complained about. */
export function decodingFailure(
	error: unknown,
	format: PictureFormat,
	bytes: Uint8Array,
): UnreadablePicture {
	if (error instanceof UnreadablePicture) return error;
	const complaint = error instanceof Error ? error.message : String(error);
	const title = formatTitles[format];
	if (/out of memory|bad_alloc|unable to allocate|failed to allocate/i.test(complaint)) {
		return new UnreadablePicture("out-of-memory", outOfMemoryMessage);
	}
	if (/pixel limit/i.test(complaint)) {
		return new UnreadablePicture(
			"too-many-pixels",
			"The picture has more pixels than the decoder reads.",
		);
	}
	if (
		endsEarly(format, bytes) ||
		/premature end|unexpected end|read error on|no frames/i.test(complaint)
	) {
		return new UnreadablePicture("truncated", truncatedMessage);
	}
	if (/not been built in|unsupported (codec|compression)|not supported/i.test(complaint)) {
		return new UnreadablePicture(
			"unsupported-format",
			`This kind of ${title} picture cannot be read.`,
		);
	}
	return new UnreadablePicture("corrupt", `The ${title} data in the file is damaged.`);
}

/** Any error as an outcome; a defect of ours becomes `unknown` without its details. */
export function toDecodeFailure(error: unknown): DecodeFailure {
	if (error instanceof UnreadablePicture) {
		return { kind: "failed", reason: error.reason, message: error.message };
	}
	if (error instanceof Error && "syscall" in error && "code" in error) {
		return toDecodeFailure(systemFailure(String(error.code)));
	}
	return { kind: "failed", reason: "unknown", message: "The picture could not be read." };
}
